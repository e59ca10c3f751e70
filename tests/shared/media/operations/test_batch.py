"""A batch hands on what each step makes, keeps what is named, and leaves nothing else behind."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from shared.media import partials
from shared.media.operations import InvalidOperation
from shared.media.operations.batch import read_batch, run_batch
from tests.shared.media.clips import read_numbers


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where scratch files go."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def batch(*steps: dict[str, Any], **more: Any) -> str:
    return json.dumps({"steps": steps, **more})


def step(operation: str, *inputs: object, **more: Any) -> dict[str, Any]:
    return {"operation": operation, "inputs": [str(path) for path in inputs], **more}


def test_each_step_reads_what_was_made_before(film: Path, tmp_path: Path, scratch: Path) -> None:
    text = batch(
        step("trim", film, params={"start": 0.5, "duration": 0.5}, name="middle"),
        step("reverse", "OUTPUT_PREVIOUS", output=str(tmp_path / "kept.mp4")),
        step("concatenate_simple", "OUTPUT:middle", "OUTPUT_PREVIOUS"),
        output=str(tmp_path / "whole.mp4"),
    )
    told: list[tuple[int, float]] = []
    outcomes = run_batch(read_batch(text), lambda number, fraction: told.append((number, fraction)))
    assert read_numbers(tmp_path / "whole.mp4") == [*range(15, 30), *range(29, 14, -1)]
    assert read_numbers(tmp_path / "kept.mp4") == list(range(29, 14, -1))
    assert len(outcomes) == 3
    assert told == sorted(told)
    assert list(scratch.iterdir()) == []


def test_a_step_that_fails_is_named_and_nothing_is_left(film: Path, tmp_path: Path, scratch: Path) -> None:
    text = batch(
        step("trim", film, params={"duration": 0.5}),
        step("trim", "OUTPUT_PREVIOUS", params={"start": 1}),
        output=str(tmp_path / "out.mp4"),
    )
    with pytest.raises(InvalidOperation, match="Step 1") as caught:
        run_batch(read_batch(text))
    assert [error.pointer for error in caught.value.errors] == ["/steps/1/params/start"]
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("{", ""),
        ("[]", ""),
        (batch(), "/steps"),
        (batch(step("trim", "a.mp4")), "/output"),
        (batch(step("trim", "OUTPUT_PREVIOUS"), output="x.mp4"), "/steps/0/inputs/0"),
        (batch(step("trim", "a.mp4"), step("trim", "OUTPUT:b"), output="x.mp4"), "/steps/1/inputs/0"),
        (batch(step("trimm", "a.mp4"), output="x.mp4"), "/steps/0/operation"),
        (batch(step("trim", "a.mp4", params={"start": -1}), output="x.mp4"), "/steps/0/params/start"),
        (batch(step("trim", "a.mp4", "b.mp4"), output="x.mp4"), "/steps/0/inputs"),
        (batch(step("trim", "a.mp4", input="b"), output="x.mp4"), "/steps/0/input"),
        (batch(step("trim", "a\0.mp4"), output="x.mp4"), "/steps/0/inputs/0"),
        (batch(step("trim", "a.mp4", output="x.mp4"), output="y.mp4"), "/output"),
        (batch(step("trim", "a.mp4", output="x.mp4"), step("trim", "b.mp4", output="./x.mp4")), "/steps/1/output"),
    ],
)
def test_what_is_wrong_is_seen_before_anything_runs(text: str, pointer: str) -> None:
    with pytest.raises(InvalidOperation) as caught:
        read_batch(text)
    assert pointer in [error.pointer for error in caught.value.errors]
    assert "instance of" not in caught.value.detail, "which only those who wrote it know"


def test_files_and_folders_that_are_not_there_are_told_before_anything_runs(film: Path, tmp_path: Path) -> None:
    text = batch(
        step("trim", film, output=str(tmp_path / "first.mp4")),
        step(
            "concatenate_simple", tmp_path / "first.mp4", tmp_path / "gone.mp4", output=str(tmp_path / "no" / "a.mp4")
        ),
        step("trim", tmp_path / ("long" * 80), output=str(tmp_path / "scratch")),
    )
    with pytest.raises(InvalidOperation) as caught:
        run_batch(read_batch(text))
    assert [(error.pointer, error.code) for error in caught.value.errors] == [
        ("/steps/1/inputs/1", "missing_file"),
        ("/steps/2/inputs/0", "missing_file"),
        ("/steps/1/output", "missing_folder"),
        ("/steps/2/output", "is_a_folder"),
    ]
    assert not (tmp_path / "first.mp4").exists()


def test_nobody_else_can_look_into_scratch_files(scratch: Path) -> None:
    with partials.scratch() as folder:
        assert folder.parent == scratch
        assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_batch_has_left_is_gone_with_the_next(film: Path, tmp_path: Path, scratch: Path) -> None:
    left = scratch / ".kompo-0123456789ab.partial"
    left.mkdir()
    (left / "0.mp4").write_bytes(b"half")
    run_batch(read_batch(batch(step("trim", film, params={"duration": 0.1}), output=str(tmp_path / "out.mp4"))))
    assert list(scratch.iterdir()) == []
