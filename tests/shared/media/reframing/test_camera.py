"""The camera, fed with places that are known: what it does, and what it never does."""

from itertools import pairwise
from math import sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media.reframing.camera import (
    DEAD_ZONE,
    MOST_REVERSALS,
    TOP_SPEED,
    Leg,
    Seen,
    follow,
    place_at,
)

VIEW = 0.316
"""Of the picture's width: 9:16 of 16:9."""
NEED = 0.08


def seen(*places: float, step: float = 0.2) -> list[Seen]:
    """A subject at these places, `step` seconds apart."""
    return [Seen(number * step, place, NEED) for number, place in enumerate(places)]


def only(legs: list[Leg]) -> Leg:
    (leg,) = legs
    return leg


def farthest(leg: Leg, places: list[Seen]) -> float:
    """How far the subject ever is from the middle of the view."""
    return max(abs(place_at(leg.steps, each.at) - each.place) for each in places)


def test_someone_who_sways_is_not_followed() -> None:
    places = seen(*(0.5 + 0.06 * sin(number / 3) for number in range(100)))
    leg = only(follow(places, 0, VIEW))
    assert leg.camera == "stationary" and len(leg.steps) == 1
    assert leg.steps[0].place == pytest.approx(0.5, abs=0.01)


def test_someone_at_the_edge_does_not_take_the_view_out_of_the_picture() -> None:
    assert only(follow(seen(*[0.02] * 10), 0, VIEW)).steps[0].place == pytest.approx(VIEW / 2)


def test_an_even_walk_is_an_even_pan() -> None:
    places = seen(*(0.2 + 0.01 * number for number in range(61)))
    leg = only(follow(places, 0, VIEW))
    assert leg.camera == "pan"
    assert [(step.at, step.place) for step in leg.steps] == [
        (0, pytest.approx(0.2, abs=0.01)),
        (12, pytest.approx(0.8, abs=0.01)),
    ]


def test_a_walk_from_one_place_to_another_rests_before_and_after() -> None:
    places = seen(*[0.25] * 20, *(0.25 + 0.02 * number for number in range(25)), *[0.75] * 30)
    leg = only(follow(places, 0, VIEW))
    assert leg.camera == "track"
    assert place_at(leg.steps, 0) == place_at(leg.steps, 3.5)
    assert place_at(leg.steps, 11) == place_at(leg.steps, 14)
    assert farthest(leg, places) <= DEAD_ZONE * VIEW / 2 + 0.02


def test_a_false_find_for_a_moment_moves_nothing() -> None:
    leg = only(follow(seen(*[0.3] * 20, 0.9, 0.9, *[0.3] * 20), 0, VIEW))
    assert leg.camera == "stationary" and leg.steps[0].place == pytest.approx(0.3, abs=0.01)


def test_a_subject_that_is_suddenly_far_away_and_stays_is_cut_to() -> None:
    legs = follow(seen(*[0.2] * 20, *[0.8] * 20), 0, VIEW)
    assert [(leg.camera, leg.steps[0].place) for leg in legs] == [
        ("stationary", pytest.approx(0.2)),
        ("stationary", pytest.approx(0.8)),
    ]
    assert legs[1].start == pytest.approx(4.0, abs=0.21)


def test_a_subject_that_goes_to_and_fro_does_not_make_the_camera_do_so() -> None:
    places = seen(*(0.5 + 0.075 * sin(number / 2) for number in range(150)))
    leg = only(follow(places, 0, VIEW))
    ways = [after.place - before.place for before, after in pairwise(leg.steps) if after.place != before.place]
    turns = sum(1 for before, after in pairwise(ways) if before * after < 0)
    assert turns <= MOST_REVERSALS * 30


def test_nobody_is_so_fast_that_the_camera_hurries() -> None:
    places = seen(*[0.2] * 15, *(0.2 + 0.15 * number for number in range(5)), *[0.8] * 15)
    leg = only(follow(places, 0, VIEW))
    speeds = [abs(after.place - before.place) / (after.at - before.at) for before, after in pairwise(leg.steps)]
    assert max(speeds) <= TOP_SPEED * VIEW * 1.02
    assert place_at(leg.steps, 6.8) == pytest.approx(0.8, abs=0.05)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.sampled_from([0.2, VIEW, 0.5625, 0.9]),
    st.sampled_from([0.04, 0.2, 0.5]),
)
def test_whatever_is_seen_the_view_stays_in_the_picture_and_time_goes_on(
    places: list[float], view: float, step: float
) -> None:
    legs = follow(seen(*places, step=step), 0, view)
    assert legs[0].start == 0
    assert all(after.start > before.start for before, after in pairwise(legs))
    for leg in legs:
        assert all(after.at > before.at for before, after in pairwise(leg.steps))
        assert all(view / 2 - 1e-9 <= each.place <= 1 - view / 2 + 1e-9 for each in leg.steps)
