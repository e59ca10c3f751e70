"""Metrics, of plans whose figures are known."""

import pytest

from shared.media.faces import FaceBox, FaceTrack
from shared.media.reframing import PlannedShot, PlannedView, PlannedWaypoint
from shared.media.reframing.metrics import measure

SHOWN = (1920, 1080)


def moving(*path: tuple[float, float], end: float, subjects: tuple[int, ...] = ()) -> PlannedShot:
    """A view of a third of the picture that goes through these (seconds, left edge)."""
    ways = tuple(PlannedWaypoint(at=at, x=x, y=0) for at, x in path)
    view = PlannedView(width=1 / 3, height=1, path=ways)
    return PlannedShot(start=path[0][0], end=end, layout="fill", views=(view,), subjects=subjects)


def test_travel_is_in_pixels_of_a_picture_of_1080_lines_whatever_the_source_has() -> None:
    shot = moving((0, 0.0), (5, 0.25), end=10)
    for shown in (SHOWN, (640, 360), (3840, 2160)):
        found = measure([shot], [], shown)
        assert found.travel_per_second == pytest.approx(48, abs=0.5)
        assert found.top_speed == pytest.approx(96, abs=0.5)
        assert found.reversals_per_second == 0


def test_turning_round_is_counted_and_resting_between_is_no_excuse() -> None:
    shot = moving((0, 0.1), (2, 0.3), (4, 0.3), (6, 0.1), (8, 0.3), end=10)
    assert measure([shot], [], SHOWN).reversals_per_second == pytest.approx(0.2)


def test_a_face_counts_as_in_the_frame_only_as_a_whole() -> None:
    boxes = [FaceBox(at / 5, x, 0.4, 0.1, 0.1, 1) for at, x in enumerate([0.05] * 6 + [0.3] * 2)]
    face = FaceTrack(3, tuple(boxes))
    shot = moving((0, 0.0), end=10, subjects=(3,))
    assert measure([shot], [face], SHOWN).subject_in_frame == 0.75
    assert measure([shot.model_copy(update={"subjects": ()})], [face], SHOWN).subject_in_frame == 1


def test_jumps_are_shots_more_than_scenes() -> None:
    shots = [moving((at, 0.1), end=at + 2) for at in (0, 2, 4)]
    assert measure(shots, [], SHOWN, scenes=2).jumps == 1
