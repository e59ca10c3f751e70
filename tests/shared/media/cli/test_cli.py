"""The command line does what it says, says how far it is, and says why not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared.media.cli import main
from tests.cloud import ROOT
from tests.shared.media.clips import numbered, read_numbers


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 s of numbered frames."""
    return numbered(tmp_path_factory.mktemp("films") / "film.mp4", 1)


def test_an_operation_is_run_as_a_command(film: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    command = [sys.executable, "-m", "shared.media", "run", "trim", film, "--set", "start=0.5", "-o", output]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "100 %  trim" in done.stderr
    assert read_numbers(output) == list(range(15, 30))


def test_parameters_are_json_or_plain_text(film: Path, tmp_path: Path) -> None:
    settings = ["--set", "start=0.9", "--set", "preset=ultrafast"]
    assert main(["run", "trim", str(film), *settings, "-o", str(tmp_path / "out.mp4")]) == 0


@pytest.mark.usefixtures("tidied")
def test_what_is_wrong_is_said_with_its_place(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = str(tmp_path / "out.mp4")
    assert main(["run", "trim", str(film), "--set", "start=9", "-o", output]) == 1
    assert capsys.readouterr().err.count("/params/start") == 1, "once"
    assert main(["run", "trim", str(film), "-o", str(tmp_path / "out")]) == 1
    assert "a file without a suffix" in capsys.readouterr().err
    assert main(["run", "trim", "missing.mp4", "-o", output]) == 1
    assert "/inputs/0" in capsys.readouterr().err
    assert main(["run", "tirm", str(film), "-o", output]) == 1
    assert "Did you mean trim" in capsys.readouterr().err
    assert main(["run", "trim", str(film), "--set", "start", "-o", output]) == 2
    assert "NAME=VALUE" in capsys.readouterr().err
    assert main(["run", "trim", str(film), "--set", "start=" + "[" * 100_000, "-o", output]) == 1
    assert "/params/start" in capsys.readouterr().err
    assert main(["run", "trim", str(film), "-o", str(tmp_path / "\udcff.mp4")]) == 1
    assert "/\\udcff.mp4: this name is not text in UTF-8. Rename it" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (None, 2, "no such file or directory. Name a file"),
        (b"\xff\xfe\x00", 2, "it is not text in UTF-8. Name a file"),
        (b"\xef\xbb\xbf{}", 1, "/steps: Field required."),
        (b'{"steps": ', 1, "The batch is no JSON"),
        (b"[" * 100_000, 1, "too many brackets"),
        (b'{"steps": ' + b"1" * 10_000 + b"}", 1, "too many digits"),
    ],
    ids=["missing", "binary", "byte order mark", "cut off", "nested", "long number"],
)
def test_a_file_that_is_no_batch_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, status: int, said: str
) -> None:
    file = tmp_path / "batch.json"
    if content is not None:
        file.write_bytes(content)
    assert main(["batch", str(file)]) == status
    told = capsys.readouterr().err
    assert said in told
    assert "Errno" not in told


def test_a_batch_is_run_from_a_file(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        {"operation": "trim", "inputs": [str(film)], "params": {"duration": 0.5}},
        {"operation": "reverse", "inputs": ["OUTPUT_PREVIOUS"], "output": str(tmp_path / "out.mp4")},
    ]
    file = tmp_path / "batch.json"
    file.write_text(json.dumps({"steps": steps}))
    assert main(["batch", str(file)]) == 0
    assert "2 step(s)" in capsys.readouterr().out
    assert read_numbers(tmp_path / "out.mp4") == list(range(14, -1, -1))


def test_operations_are_listed_for_people_and_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert "crossfade_transition" in capsys.readouterr().out
    assert main(["list", "trim", "--json"]) == 0
    [trim] = json.loads(capsys.readouterr().out)
    assert trim["params"]["properties"]["start"]["unit"] == "seconds"
