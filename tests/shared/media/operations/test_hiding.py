"""face_blur without boxes: faces are found, and hidden from the first frame to the last, whatever the film does."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from shared.media import probe
from shared.media.faces import FaceBox, FaceTrack, find_faces
from shared.media.graph import SourceMedia
from shared.media.operations import hiding, run_operation
from shared.media.operations.clips import Clip, whole_clip
from shared.media.operations.hiding import Hidden, boxes_of, lanes_of
from shared.media.reframing.watching import Watched
from tests.shared.media.clips import frames
from tests.shared.media.faces.footage import with_face


@pytest.fixture(scope="module")
def walk(folder: Path) -> Path:
    """0.7 s of someone who goes from left to right, 640x360."""
    return with_face(folder / "hidden-walk.mp4", "20+100*t", seconds=0.7)


@pytest.fixture
def clip(walk: Path) -> Clip:
    """A minute of it."""
    return replace(whole_clip(SourceMedia(walk, probe(walk))), frames=1800)


@pytest.mark.parametrize("style", ["blur", "pixelate"])
def test_a_face_that_walks_is_hidden_all_the_time_and_the_rest_is_seen(
    walk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    monkeypatch.setattr(hiding, "_PIECE", 11)
    output = tmp_path / "hidden.mp4"
    [note] = run_operation("face_blur", [walk], {"style": style, "preset": "ultrafast", "crf": 8}, output).notes
    assert "hidden: 1," in note
    assert find_faces(output) == ()
    for number, (before, after) in enumerate(zip(frames(walk), frames(output), strict=True)):
        changed = np.abs(before.astype(int) - after).max(axis=2) > 40
        face = int(20 + 100 * number / 30 + 0.43 * 240), int(20 + 0.22 * 240)
        assert changed[face[1] - 20 : face[1] + 20, face[0] - 20 : face[0] + 20].mean() > 0.2, number
        assert not changed[:, : face[0] - 110].any() and not changed[120:].any(), number


def test_that_nobody_was_found_is_told(silent: Path, tmp_path: Path) -> None:
    [note] = run_operation("face_blur", [silent], {"preset": "ultrafast"}, tmp_path / "out.mp4").notes
    assert "No face was found" in note


def test_a_face_is_hidden_up_to_cuts_and_a_little_before_and_after_it_was_seen(clip: Clip) -> None:
    seen = FaceTrack(
        0, tuple(FaceBox(2.2 + number / 5, 0.05 + 0.1 * number, 0.4, 0.1, 0.2, 1.0) for number in range(5))
    )
    boxes = list(boxes_of(seen, Watched(0.0, 9.0, (2.0, 3.2), (seen,), ()), clip, 0.1))
    assert (boxes[0].first, boxes[-1].last) == (60, 96), "from cut to cut"
    assert all(one.last >= other.first for one, other in pairwise(boxes)), "without a gap"
    for box in seen.boxes:
        shown = [each for each in boxes if each.first <= float(box.at * Fraction(30)) < each.last]
        assert any(each.rect[0] < box.x and each.rect[2] > min(0.99, box.x + box.width) for each in shown)


def test_there_are_as_many_lanes_as_faces_at_once() -> None:
    scenes = [[Hidden(100 * number, 100 * number + 90, (0, 0, 1, 1))] for number in range(500)]
    assert len(lanes_of(scenes)) == 1
    assert len(lanes_of([*scenes, [Hidden(0, 10_000, (0, 0, 1, 1))]])) == 2
