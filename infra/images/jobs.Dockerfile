# The image of the Cloud Run jobs; built from the root of the repository:
#   docker build -f infra/images/jobs.Dockerfile -t IMAGE .
# FFmpeg comes with the Python packages. Weights of models may be brought along instead of lying in the models bucket: COPY them to
# a folder and name that in KOMPO_MODELS.

FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements.txt requirements-jobs.txt requirements-clips.txt requirements-reports.txt constraints.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check \
    -r requirements-clips.txt -r requirements-reports.txt -c constraints.txt

FROM python:3.11-slim
RUN useradd --create-home --uid 1000 kompo
COPY --from=packages /venv /venv
WORKDIR /app
COPY shared shared
COPY jobs jobs
RUN /venv/bin/python -m compileall -q shared jobs
USER kompo
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1
# SIGTERM must reach Python itself, so that a cancelled job can leave its state in order.
ENTRYPOINT ["python", "-m", "jobs"]
