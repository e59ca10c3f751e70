"""The set of clips: nothing twice, and as many as there should be."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.analysis import analyze_text, get_embedder
from shared.clips.choosing import FLOOR, choose, least_clips, overlaps
from shared.clips.material import Material, read_material
from shared.clips.ranking import Moment
from tests.shared.clips.talks import talk


def _material() -> Material:
    transcript = talk()
    return read_material(transcript, analyze_text(transcript), None, get_embedder(), longest=30.0)


MATERIAL = _material()
_GAPS = st.integers(0, len(MATERIAL.edges.gaps) - 1)
_SPANS = st.tuples(_GAPS, _GAPS).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: (min(ends), max(ends)))
_MOMENTS = st.lists(st.builds(lambda span, worth: Moment((span,), worth), _SPANS, st.floats(0.01, 1)), max_size=9)


@given(_MOMENTS)
@settings(deadline=None, max_examples=30)
def test_no_word_is_shown_twice(moments: list[Moment]) -> None:
    chosen = choose(MATERIAL, moments, (3, 10))
    assert not any(overlaps(one.spans, other.spans) for one, other in combinations(chosen, 2))


@given(_MOMENTS)
@settings(deadline=None, max_examples=30)
def test_there_are_fewer_than_the_floor_only_if_no_more_go_together(moments: list[Moment]) -> None:
    chosen = choose(MATERIAL, moments, (3, 10))
    together = max(
        (
            count
            for count in range(FLOOR + 1)
            for some in combinations(moments, count)
            if not any(overlaps(one.spans, other.spans) for one, other in combinations(some, 2))
        ),
        default=0,
    )
    assert len(chosen) >= together


def test_one_long_moment_does_not_keep_out_the_four_that_fit_in_its_place() -> None:
    last = len(MATERIAL.edges.gaps) - 1
    whole = Moment(((0, last),), 0.99)
    quarters = [Moment(((last * n // 4, last * (n + 1) // 4),), 0.2) for n in range(4)]
    assert set(choose(MATERIAL, [whole, *quarters], (3, 10))) == set(quarters)


def test_beyond_the_floor_only_what_is_nearly_as_good_is_taken() -> None:
    units = MATERIAL.units
    worths = (0.9, 0.8, 0.5, 0.4, 0.6, 0.3, 0.2)
    moments = [
        Moment(((unit.first_gap, unit.last_gap),), worth) for unit, worth in zip(units[::5], worths, strict=False)
    ]
    assert [moment.worth for moment in choose(MATERIAL, moments, (3, 10))] == [0.9, 0.8, 0.6, 0.5]


def test_who_asks_for_two_gets_two() -> None:
    assert least_clips((2, 2)) == 2
    assert least_clips((3, 10)) == FLOOR
    assert least_clips((6, 10)) == 6
