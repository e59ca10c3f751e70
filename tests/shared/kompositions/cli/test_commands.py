"""The command line as people and scripts use it: files, standard input, exit codes, text and JSON."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.kompositions.cli import main
from shared.kompositions.importing import import_komposition
from tests.shared.kompositions.documents import document, segment
from tests.shared.kompositions.importing.samples import METADATA, RECORDING, STORED, STRETCHED, TREE

BROKEN = """{
  "type": "Komposition",
  "bpm": 120,
  "segments": [
    {"id": "a", "sourceid": "gone", "start": 0, "end": 4}
  ],
  "sources": [{"id": "v"}]
}"""


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(name: str, *documents: Any) -> str:
        path = tmp_path / name
        path.write_text("\n".join(d if isinstance(d, str) else json.dumps(d) for d in documents))
        return str(path)

    return written


def test_check_says_where_what_and_what_to_do(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write("broken.json", BROKEN)]) == 1
    told = capsys.readouterr().out
    assert "A: 1 error" in told
    assert "error 5:29 /segments/0/sourceid [unknown_source]" in told
    assert "There is no source 'gone'." in told
    assert "Fix: Add it to sources or correct the id." in told


def test_check_is_content_with_what_is_well(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write("fine.json", METADATA)]) == 0
    assert "C: all is well" in capsys.readouterr().out


def test_check_takes_several_files_of_several_documents(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    files = [write("both.json", STORED, RECORDING), write("broken.json", BROKEN)]
    assert main(["check", "--json", *files]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(Path(entry["file"]).name, entry["document"], entry["variant"], entry["ok"]) for entry in told] == [
        ("both.json", 1, "A", True),
        ("both.json", 2, "A", True),
        ("broken.json", 1, "A", False),
    ]
    (finding,) = told[2]["findings"]
    assert (finding["pointer"], finding["line"], finding["column"]) == ("/segments/0/sourceid", 5, 29)
    assert finding.keys() >= {"code", "severity", "detail", "fix", "safe", "applied"}


def test_fix_repairs_and_tells(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = write("disorder.json", document(segment("b", "video", 4, 8), segment("a", "video", 0, 4)))
    assert main(["check", file]) == 1
    assert "--fix does it." in capsys.readouterr().out
    assert main(["check", "--fix", file]) == 0
    assert "warning (repaired)" in capsys.readouterr().out


def test_convert_writes_the_canonical_form(write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write("stretched.json", STRETCHED)
    assert main(["convert", file]) == 0
    text = capsys.readouterr().out
    assert import_komposition(text).komposition == import_komposition(STRETCHED).komposition
    output = tmp_path / "canonical.json"
    assert main(["convert", file, "-o", str(output)]) == 0
    assert output.read_text() == text
    assert main(["convert", str(output)]) == 0
    assert capsys.readouterr().out == text


def test_convert_of_several_is_one_list_or_one_after_the_other(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = write("both.json", STORED, RECORDING)
    assert main(["convert", "--json", file]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [entry["title"] for entry in told] == ["Fjord mix", "Fjord"]
    assert main(["convert", file]) == 0
    assert capsys.readouterr().out.count('"schemaVersion"') == 2


def test_convert_leaves_out_what_has_errors(write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out.json"
    assert main(["convert", write("broken.json", BROKEN), "-o", str(output)]) == 1
    assert "unknown_source" in capsys.readouterr().err
    assert not output.exists()


def test_explain_shows_why_and_when(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", write("stretched.json", STRETCHED)]) == 0
    told = capsys.readouterr().out
    assert "its type is Komposition, Video or Audio" in told
    assert "Night drive: 16.000 s, 384 frames at 24 fps" in told
    (row,) = [line for line in told.splitlines() if "Scene 1" in line]
    assert row.split() == (
        [
            "video",
            "Scene",
            "1",
            "drive",
            "0.000",
            "-",
            "8.000",
            "0",
            "-",
            "192",
            "5.000",
            "+",
            "10.000",
            "1.250x",
            "stretch",
        ]
    )


def test_explain_shows_effects_over_several_things(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", write("tree.json", TREE)]) == 0
    told = [line.strip() for line in capsys.readouterr().out.splitlines()]
    komposition = import_komposition(TREE).komposition
    assert komposition is not None
    assert len([line for line in told if line.startswith("effect ")]) == len(komposition.effects) > 0


def test_explain_as_json(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--json", write("stretched.json", STRETCHED)]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["variant"], told["frames"], told["seconds"]) == ("A+", 384, 16.0)
    assert {"variant", "weight", "reason"} == told["evidence"][0].keys()
    assert [part["startFrame"] for part in told["parts"]] == [0, 192, None]
    assert told["parts"][0]["speed"] == 1.25


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nowhere.json"]) == 2
    assert "nowhere.json cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["check"], ["bake", "x.json"], ["check", "--loud", "x.json"]])
def test_called_wrongly(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Input:
        buffer = io.BytesIO(BROKEN.encode("utf-16"))

    monkeypatch.setattr(sys, "stdin", Input)
    assert main(["check", "-"]) == 1
    assert "standard input: A: 1 error" in capsys.readouterr().out


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "shared.kompositions", "check", "-"]
    done = subprocess.run(command, input=b'{"segments": [', capture_output=True, check=False)
    assert done.returncode == 1
    assert b"line 1, column 15" in done.stdout
    assert done.stderr == b""
