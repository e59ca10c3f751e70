"""`mine FILE`: a sequence a line in, patterns out, and a clear word on what cannot be read."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.patterns.mining.command import main


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sequences.txt"
    path.write_text("trim resize to_mp3\ntrim leica_look resize\n\n  trim\tresize  to_mp3\n")
    return path


def mined(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_prints_patterns_with_their_figures_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mined(capsys, str(file), "--min-support", "2", "--closed") == [
        {"items": ["trim", "resize"], "support": 3, "occurrences": 3},
        {"items": ["trim", "resize", "to_mp3"], "support": 2, "occurrences": 2},
    ]
    assert mined(capsys, str(file), "--min-support", "4") == []


@pytest.mark.parametrize("support", ["3", "0.75", "75%"])
def test_support_is_a_count_a_share_or_percent(file: Path, capsys: pytest.CaptureFixture[str], support: str) -> None:
    found = mined(capsys, str(file), "--min-support", support)
    assert [each["items"] for each in found] == [["trim", "resize"], ["resize"], ["trim"]]


def test_gaps_lengths_and_the_best_only(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = mined(capsys, str(file), "--min-support", "2", "--max-gap", "0", "--max-length", "2", "--top-k", "3")
    assert [(each["items"], each["support"]) for each in found] == [
        (["resize"], 3),
        (["trim"], 3),
        (["resize", "to_mp3"], 2),
    ]
    spread = mined(capsys, str(file), "--min-support", "1", "--min-gap", "1", "--max-length", "2", "--closed")
    assert ["trim", "resize"] in [each["items"] for each in spread]


def test_without_json_it_is_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(file), "--min-support", "3"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["3", "3", "trim", "resize"]


def test_it_reads_the_standard_input() -> None:
    command = [sys.executable, "-m", "shared.patterns", "mine", "-", "--min-support", "2", "--json"]
    done = subprocess.run(command, input="a b\nb a b\n", capture_output=True, text=True, check=True)
    assert [each["items"] for each in json.loads(done.stdout)] == [["a", "b"], ["a"], ["b"]]


@pytest.mark.parametrize(
    ("content", "support", "said"),
    [
        (b"a b\n\xff\xfe c\n", "1", "line 2: byte 1 is not UTF-8"),
        (b"a b\nPK\x00\x01\n", "1", "line 2: it holds a zero byte"),
        (b"a\n", "many", "--min-support many is no number"),
        (b"a\n", "150%", "min_support: a share is more than 0"),
        (b"a\n", "0", "min_support: a number of sequences is at least 1"),
        (None, "1", "cannot be read: No such file"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, support: str, said: str
) -> None:
    path = tmp_path / "file.txt"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path), "--min-support", support]) == 2
    assert said in capsys.readouterr().err
