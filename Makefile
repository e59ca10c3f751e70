# make demo | test | up | check | bench: each sets up what it needs first.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Processes that share the tests out, file by file. On two cores a third is at work while others wait for servers.
WORKERS ?= 3

export PYTHONUNBUFFERED := 1
# Every function, server and job is a process of its own: compiled again in each, Kompo would take a second longer to start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test up check bench clean

setup: $(STAMP)

$(STAMP): requirements.txt requirements-jobs.txt requirements-clips.txt requirements-local.txt requirements-reports.txt requirements-api.txt requirements-dev.txt constraints.txt
	@test -x $(BIN)/python || $$(command -v $(PYTHON) || command -v python3) -m venv $(VENV)
	@echo "Installing Python packages into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt -c constraints.txt
	@$(BIN)/python -m compileall -qq -j 0 -x /tests/ $(VENV)/lib || true # pip would do it on one processor. Failures are passed over.
	@touch $@

demo: setup
	@$(BIN)/python -m infra.local exec --data "$${DEMO_DATA:-.data/demo}" -- env VIDEO="$(VIDEO)" $(BIN)/python -m demo

test: setup
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

up: setup
	@$(BIN)/python -m infra.local up

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .data demo-out
