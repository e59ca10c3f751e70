"""`python -m infra.local.rules check` and `explain`, as a person types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.rules.cli import check, explain, main
from tests.infra.local.rules.language import rules_with

NOTES = rules_with("""
    match /notes/{id} {
      allow get: if isOpen(resource.data) || request.auth.uid == resource.data.owner;
      allow list: if resource.data.open && request.query.limit <= 10;
      allow create, update: if request.resource.data.at == request.time && role() == 'editor';
      allow delete: if request.auth.token.admin == true && resource.data.at < timestamp.date(2026, 1, 1);
      function isOpen(note) { return note.open; }
      function role() { return get(/databases/$(database)/documents/users/$(request.auth.uid)).data.role; }
    }""")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A file of rules."""
    file = tmp_path / "notes.rules"
    file.write_text(NOTES)
    return file


def test_the_rules_of_this_repository_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert check([]) == 0
    assert capsys.readouterr().out.endswith("firestore.rules: valid\n")


def test_check_shows_every_problem_with_its_line(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes.write_text(NOTES.replace("note.open", "not.open").replace("<= 10", "<= nosuch"))
    assert check([str(notes)]) == 1
    shown = capsys.readouterr().out
    assert f"{notes}:7:67: There is no variable nosuch here." in shown
    assert "There is no variable not here. Did you mean note?" in shown
    marked = shown.splitlines()
    assert marked[2].index("^") == marked[1].index("nosuch")


def test_check_shows_the_piece_of_a_long_line_that_matters(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes.write_text(" ".join([*NOTES.replace("note.open", "not.open").splitlines(), "//", "x" * 10_000]))
    assert check([str(notes)]) == 1
    _, shown, mark = capsys.readouterr().out.splitlines()
    assert len(shown) < 200
    assert shown[mark.index("^") :].startswith("not.open")


def test_check_refuses_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check([str(tmp_path / "none.rules")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_explain_names_the_clause_that_decided_and_the_value_of_each_part(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--rules", str(notes), "--as", "me", "get", "notes/1", "--data", '{"open": false, "owner": "me"}']
    assert explain(command) == 0
    shown = capsys.readouterr().out
    assert "ALLOWED  get notes/1 as me" in shown
    assert "by notes.rules:6:7" in shown
    values = {tuple(line.split()[1:-1]): line.split()[-1] for line in shown.splitlines() if line.strip()[:1].isdigit()}
    assert values["isOpen(resource.data)",] == "false"
    assert values["request.auth.uid", "==", "resource.data.owner"] == "true"
    assert values["resource.data.owner",] == '"me"'


def test_explain_tells_errors_and_answers_with_its_exit_code(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(["--rules", str(notes), "get", "notes/1", "--data", "{}"]) == 1
    shown = capsys.readouterr().out
    assert "DENIED  get notes/1 as nobody (signed out)" in shown
    assert "error: Property open is undefined on object." in shown
    assert explain(["--rules", str(notes), "get", "others/1"]) == 1
    assert "No allow statement is for this method and path." in capsys.readouterr().out


def test_explain_shows_what_a_query_leaves_unknown(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--rules", str(notes), "--as", "me", "list", "notes", "--query"]
    assert explain([*command, '{"where": [["open", "==", true]], "limit": 5}']) == 0
    capsys.readouterr()
    assert explain([*command, '{"limit": 5}']) == 1
    assert "unknown" in capsys.readouterr().out
    either = '{"where": [{"or": [["open", "==", true], ["n", ">", 1]]}], "limit": 5, "orderBy": ["-n"], "group": true}'
    assert explain([*command, either]) == 1


def test_explain_takes_times_claims_and_other_documents(notes: Path) -> None:
    base = ["--rules", str(notes), "--as", "me"]
    editor = ["--documents", '{"users/me": {"role": "editor"}}']
    assert explain([*base, *editor, "create", "notes/1", "--data", '{"at": "$now"}']) == 0
    assert (
        explain([*base, *editor, "create", "notes/1", "--data", '{"at": {"$timestamp": "2026-01-31T12:00:00Z"}}']) == 1
    )
    assert explain([*base, "create", "notes/1", "--data", '{"at": "$now"}']) == 1
    before = ["--before", '{"at": {"$timestamp": "2025-12-31T23:59:59Z"}}']
    assert explain([*base, "--claims", '{"admin": true}', "delete", "notes/1", *before]) == 0
    assert explain([*base, "delete", "notes/1", *before]) == 1


def test_explain_answers_in_json_for_programs(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explain(["--json", "--rules", str(notes), "--as", "me", "get", "notes/1", "--data", '{"open": true}'])
    answer = json.loads(capsys.readouterr().out)
    assert answer["allowed"] is True
    assert answer["decidedBy"] == "notes.rules:6:7"
    inner = [each for each in answer["clauses"][0]["expressions"] if each["source"] == "note.open"]
    assert inner == [{"at": "notes.rules:10:38", "depth": 2, "source": "note.open", "value": "true"}]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["get", "notes"], "names a collection"),
        (["create", "notes/1"], "create needs --data"),
        (["update", "notes/1", "--data", "{}"], "update needs --before"),
        (["list", "notes/1"], "list needs the path of a collection"),
        (["list", "notes", "--query", '{"were": []}'], "A query has no were"),
        (["list", "notes", "--query", '{"where": [["a", "=", 1]]}'], "A filter is"),
        (["list", "notes", "--query", '{"where": [["a", "in", 1]]}'], "in takes a list of values, not 1."),
        (["list", "notes", "--query", '{"where": "a"}'], "where is a list of filters"),
        (["list", "notes", "--query", '{"orderBy": "a"}'], "orderBy a list of fields"),
        (["list", "notes", "--query", '{"limit": "9"}'], "limit and offset are integers."),
        (["get", "notes//1"], "notes//1 has an empty segment."),
        (["get", "notes/1", "--data", '{"a": {"$timestamp": "yesterday"}}'], "cannot be read"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(
    notes: Path, arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(["--rules", str(notes), *arguments]) == 2
    assert complaint in capsys.readouterr().err


def test_the_module_runs_as_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.local.rules", "explain", "--as", "a", "get", "users/b"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "request.auth.uid == uid" in done.stdout
    assert main([]) == 2
