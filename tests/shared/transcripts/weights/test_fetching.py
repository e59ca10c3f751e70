"""Weights are fetched when somebody asks for them, whole and as they were told, or not at all."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from shared.transcripts.weights import MODELS, read_weights, weights_there
from tests.cloud import ROOT
from tests.shared.transcripts.weights.hub import REVISION, hub

FILES = {"config.json": b"{}", "model.bin": b"weights" * 1000, "tokenizer.json": b"[]", "README.md": b"not needed"}


def fetch(url: str, models: Path) -> "subprocess.CompletedProcess[str]":
    """As a person does."""
    environment = {**os.environ, "HF_ENDPOINT": url, "HF_HOME": str(models / "home"), "KOMPO_MODELS": str(models)}
    command = [sys.executable, "-m", "shared.transcripts", "fetch", "tiny"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_model_is_fetched_with_what_it_needs_and_sealed(models: Path) -> None:
    told = {"model.bin": hashlib.sha256(FILES["model.bin"]).hexdigest()}
    with hub(MODELS["tiny"], FILES, told) as url:
        done = fetch(url, models)
    assert (done.returncode, done.stdout.startswith("tiny is in")) == (0, True), done.stderr
    weights = read_weights("speech", "tiny")
    assert REVISION in (weights.folder / "model.json").read_text()
    found = sorted(path.name for path in weights.folder.iterdir())
    assert found == ["config.json", "model.bin", "model.json", "tokenizer.json"]


def test_what_arrives_otherwise_than_it_was_told_is_not_used_and_comes_whole_the_next_time(models: Path) -> None:
    with hub(MODELS["tiny"], FILES, {"model.bin": "0" * 64}) as url:
        done = fetch(url, models)
    assert done.returncode == 1
    assert "model.bin" in done.stderr
    assert not (models / "speech" / "tiny").exists()
    with hub(MODELS["tiny"], FILES, {}) as url:
        assert fetch(url, models).returncode == 0
    assert read_weights("speech", "tiny").name == "tiny"


def test_a_fetch_that_breaks_off_leaves_no_model(models: Path) -> None:
    with hub(MODELS["tiny"], FILES, {}, breaks_off="model.bin") as url:
        done = fetch(url, models)
    assert done.returncode == 1
    assert "cannot be fetched now" in done.stderr
    assert "Traceback" not in done.stderr
    assert weights_there("speech") == []


def test_a_hub_that_does_not_answer_is_said_to_be_away(models: Path) -> None:
    done = fetch("http://127.0.0.1:9", models)
    assert done.returncode == 1
    assert "cannot be fetched now" in done.stderr
    assert "Traceback" not in done.stderr
