"""Weights are read only when every file of them is what its manifest says."""

import json
from pathlib import Path

import pytest

from shared.transcripts.weights import BrokenWeights, read_weights, seal, weights_there


@pytest.fixture
def model(models: Path) -> Path:
    """A model of two files, sealed."""
    folder = models / "speech" / "small"
    (folder / "more").mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    (folder / "more" / "vocabulary.txt").write_text("words")
    seal("small", folder, "ours")
    return folder


def test_a_model_that_is_whole_is_read(model: Path) -> None:
    assert weights_there("speech") == ["small"]
    assert read_weights("speech", "small").folder == model


@pytest.mark.parametrize("file", ["model.bin", "more/vocabulary.txt"])
def test_a_file_that_was_changed_or_is_missing_is_named(model: Path, file: str) -> None:
    (model / file).write_bytes(b"Weights")
    with pytest.raises(BrokenWeights, match=file):
        read_weights("speech", "small")
    (model / file).unlink()
    with pytest.raises(BrokenWeights, match=f"lacks its file {file}"):
        read_weights("speech", "small")


def test_a_manifest_cannot_name_files_elsewhere(model: Path) -> None:
    manifest = json.loads((model / "model.json").read_text())
    (model / "model.json").write_text(json.dumps({**manifest, "files": {"../../secret": "0" * 64}}))
    with pytest.raises(BrokenWeights, match="outside"):
        read_weights("speech", "small")


def test_a_model_that_is_not_there_or_says_nothing_is_broken(model: Path) -> None:
    with pytest.raises(BrokenWeights, match="not on this machine"):
        read_weights("speech", "large")
    (model / "model.json").write_text("{}")
    with pytest.raises(BrokenWeights, match="nothing usable"):
        read_weights("speech", "small")
