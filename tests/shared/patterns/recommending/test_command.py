"""`python -m shared.patterns evaluate FILE` tells how well every model does, and on what."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.patterns.__main__ import main
from tests.cloud import ROOT

BASELINES = {"popularity", "markov", "ngram", "neighbours"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ten sequences."""
    path = tmp_path / "ten.txt"
    path.write_text("trim resize to_mp3\n" * 8 + "\n" + "trim  resize\tto_mp3\nreverse trim resize\n")
    return path


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert main(["evaluate", *map(str, arguments), "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_it_needs_no_cloud_and_prints_a_table(file: Path) -> None:
    command = [sys.executable, "-m", "shared.patterns", "evaluate", str(file)]
    printed = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=True).stdout
    assert "8 sequences of 3 different items learned; 2 held out (last lines)" in printed
    assert "hit@1" in printed
    assert "<- chosen" in printed


def test_every_model_predicts_each_next_item_of_the_last_fifth(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = evaluated(capsys, file)
    assert (report["learned"], report["heldOut"], report["predictions"], report["sampled"]) == (8, 2, 4, False)
    models = {model["name"]: model for model in report["models"]}
    assert models.keys() >= BASELINES
    # trim -> resize, resize -> to_mp3, and behind reverse, which was never seen: trim, resize.
    assert models["markov"]["hit10"] == 1
    assert report["chosen"] in models


def test_the_chosen_one_is_at_least_as_good_as_the_best_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(3)
    path = tmp_path / "habits.txt"
    habits = [[f"op{dice.randrange(30)}" for _ in range(dice.randint(3, 6))] for _ in range(25)]
    path.write_text("\n".join(" ".join(dice.choice(habits)) for _ in range(400)))
    report = evaluated(capsys, path, "--seed", "5")
    worth = {model["name"]: model["hit10"] + model["mrr10"] for model in report["models"]}
    assert worth[report["chosen"]] >= max(worth[name] for name in BASELINES)
    again = evaluated(capsys, path, "--seed", "5")
    assert [(m["name"], m["hit1"], m["mrr10"]) for m in again["models"]] == [
        (m["name"], m["hit1"], m["mrr10"]) for m in report["models"]
    ]


def test_another_file_can_be_held_out_and_predictions_sampled(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("trim resize to_mp3\n" * 100)
    report = evaluated(capsys, file, "--test", other, "--predictions", "20")
    assert (report["learned"], report["heldOut"]) == (10, 100)
    assert (report["predictions"], report["possiblePredictions"], report["sampled"]) == (20, 200, True)
    assert {model["name"]: model["hit1"] for model in report["models"]}["markov"] == 1


@pytest.mark.parametrize("text", ["", "trim\n", "trim resize\n", "trim\ntrim\n"])
def test_too_little_to_evaluate_on_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    path = tmp_path / "little.txt"
    path.write_text(text)
    assert main(["evaluate", str(path)]) == 2
    assert "Too little to evaluate on" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path / "none")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_without_a_command_the_commands_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "mine" in capsys.readouterr().err
    assert main(["--help"]) == 0
    assert "evaluate" in capsys.readouterr().out
