"""Edits: how much of a clip was cut anew."""

import pytest

from shared.clips.feedback.edits import share_changed
from shared.kompositions import Komposition, parse_komposition

Shots = list[tuple[float, float]]


def film(*shots: tuple[float, float], bpm: float = 120, asset: str = "talk") -> Komposition:
    """A film of shots of a recording: from and to, seconds of it."""
    segments, at = [], 0.0
    for number, (start, end) in enumerate(shots):
        segments.append(
            {
                "id": f"s{number}",
                "sourceId": "r",
                "start": {"seconds": at},
                "end": {"seconds": at + end - start},
                "sourceStart": {"seconds": start},
            }
        )
        at += end - start
    return parse_komposition(
        {
            "schemaVersion": "2.0",
            "bpm": bpm,
            "sources": [{"id": "r", "kind": "video", "assetId": asset}],
            "tracks": {"video": [{"segments": segments}]},
        }
    )


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ([(10, 20)], [(10, 20)], 0.0),
        ([(10, 20)], [(15, 25)], 2 / 3),
        ([(10, 20)], [(10, 15)], 0.5),
        ([(10, 20)], [(10, 14), (16, 20)], 0.2),
        ([(10, 14), (16, 20)], [(16, 20), (10, 14)], 0.0),
        ([(10, 20)], [(50, 60)], 1.0),
        ([(10, 20)], [(10, 20), (12, 14)], 0.0),
    ],
)
def test_what_only_one_of_two_cuts_shows_of_all_that_either_shows(before: Shots, after: Shots, share: float) -> None:
    assert share_changed(film(*before), film(*after)) == pytest.approx(share)
    assert share_changed(film(*after), film(*before)) == pytest.approx(share)


def test_the_same_seconds_of_another_recording_are_other_footage() -> None:
    assert share_changed(film((10, 20)), film((10, 20), asset="other")) == 1.0


def test_a_shot_that_is_slowed_down_shows_what_it_showed() -> None:
    slow = film((10, 20)).model_dump(mode="json", by_alias=True)
    slow["tracks"]["video"][0]["segments"][0] |= {"end": {"seconds": 20.0}, "sourceDuration": {"seconds": 10.0}}
    assert share_changed(film((10, 20)), parse_komposition(slow)) == 0.0
