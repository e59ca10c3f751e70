"""Weights are read only when every file of them is what its manifest says."""

import json
from pathlib import Path

import pytest

from shared.transcripts.command import main
from shared.transcripts.weights import BrokenWeights, read_weights, seal, weights_there
from shared.transcripts.weights.placing import replace


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


def test_what_cannot_be_read_is_said_with_its_place(model: Path) -> None:
    """A link to itself cannot be read by anybody, whoever runs the tests."""
    (model / "model.bin").unlink()
    (model / "model.bin").symlink_to("model.bin")
    with pytest.raises(BrokenWeights, match=rf"cannot be read: {model}/model\.bin"):
        read_weights("speech", "small")
    (model / "model.json").unlink()
    (model / "model.json").symlink_to("model.json")
    with pytest.raises(BrokenWeights, match=rf"cannot be read: {model}/model\.json"):
        read_weights("speech", "small")


@pytest.mark.parametrize("size", [0, 3])
def test_half_a_file_is_not_taken_for_a_whole_one(model: Path, size: int) -> None:
    with (model / "model.bin").open("r+b") as file:
        file.truncate(size)
    with pytest.raises(BrokenWeights, match=rf"in {model} is not what it should be.*fetch small"):
        read_weights("speech", "small")


def test_a_model_that_is_still_arriving_is_not_there(model: Path) -> None:
    model.rename(model.with_name(".small.arriving"))
    assert weights_there("speech") == []


def test_a_model_takes_the_place_of_another_whole(model: Path) -> None:
    newer = model.with_name(".small.arriving")
    newer.mkdir()
    (newer / "model.bin").write_bytes(b"newer")
    seal("small", newer)
    replace(newer, model)
    assert (read_weights("speech", "small").folder / "model.bin").read_bytes() == b"newer"
    assert [path.name for path in model.parent.iterdir()] == ["small"]


def test_where_nothing_can_be_kept_that_is_said_before_anything_is_fetched(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models.write_text("a file where a folder should be")
    assert main(["fetch", "tiny"]) == 1
    assert f"cannot be kept in {models}" in capsys.readouterr().err


def test_a_model_that_is_whole_is_not_fetched_again(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = models / "speech" / "tiny"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    seal("tiny", folder)
    assert main(["fetch", "tiny"]) == 0
    assert str(folder) in capsys.readouterr().out
