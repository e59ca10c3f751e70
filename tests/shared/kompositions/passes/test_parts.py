"""Parts: they make up the film, begin where nothing is torn apart, and stay the same where nothing is changed."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions import Komposition, parse_komposition, plan_timeline
from shared.kompositions.passes.parts import LONGEST, SHORTEST, plan_parts
from tests.shared.kompositions.documents import beats, document, segment, transition

LENGTHS = st.lists(st.floats(0.5, 40).map(lambda length: round(length, 1)), min_size=1, max_size=25)


def made(lengths: list[float], names: list[str] | None = None, **more: Any) -> Komposition:
    """Segments of these lengths in seconds, one after the other."""
    ends = [round(sum(lengths[: n + 1]), 1) for n in range(len(lengths))]
    starts = [0.0, *ends[:-1]]
    called = names or [f"s{n}" for n in range(len(lengths))]
    slots = zip(called, starts, ends, strict=True)
    return parse_komposition(document(*(segment(name, "video", a, b) for name, a, b in slots), **more))


def parts_of(komposition: Komposition) -> list[range]:
    return plan_parts(komposition, plan_timeline(komposition))


@settings(max_examples=30, deadline=None)
@given(LENGTHS)
def test_parts_follow_each_other_from_the_first_frame_to_the_last(lengths: list[float]) -> None:
    komposition = made(lengths)
    parts = parts_of(komposition)
    assert parts[0].start == 0
    assert parts[-1].stop == plan_timeline(komposition).total_frames
    assert all(one.stop == other.start for one, other in pairwise(parts))
    assert all(len(part) >= SHORTEST * 30 for part in parts[:-1])
    assert all(len(part) <= LONGEST * 30 for part in parts)


@settings(max_examples=30, deadline=None)
@given(LENGTHS, st.integers(0, 24), st.floats(0.5, 10).map(lambda length: round(length, 1)))
def test_an_edit_leaves_the_parts_after_it_soon_the_same(lengths: list[float], place: int, length: float) -> None:
    place = min(place, len(lengths) - 1)
    edited = [*lengths[:place], length, *lengths[place + 1 :]]
    before, after = (_from_the_end(parts_of(made(each))) for each in (lengths, edited))
    rest = sum(lengths[place + 1 :]) * 30
    same = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        same = one[1]
    assert same >= rest - 6 * LONGEST * 30


def _from_the_end(parts: list[range]) -> list[tuple[int, int]]:
    end = parts[-1].stop
    return [(end - part.stop, end - part.start) for part in reversed(parts)]


def test_no_transition_lies_across_a_border() -> None:
    names = [str(n) for n in range(12)]
    crossed = tuple(transition("crossfade", one, other, 1) for one, other in pairwise(names))
    komposition = made([5.0] * 12, names, transitions=crossed)
    [slots] = plan_timeline(komposition).tracks
    borders = {part.start for part in parts_of(komposition)}
    assert len(borders) > 3
    for slot in slots:
        assert not any(slot.start_frame < border < slot.start_frame + slot.overlap for border in borders)


def test_no_effect_over_segments_lies_across_a_border_and_none_on_a_segment_is_cut_in_two() -> None:
    inputs = [{"kind": "segment", "id": f"s{n}"} for n in (1, 2, 3)]
    effect = {"id": "look", "type": "leica_look", "inputs": inputs}
    komposition = made([6.0] * 6, effects=[effect])
    assert not any(6 * 30 < part.start < 24 * 30 for part in parts_of(komposition))
    long = document(segment("a", "video", 0, 60, effects=[{"type": "leica_look"}]), segment("b", "video", 60, 90))
    parts = parts_of(parse_komposition(long))
    assert parts[0] == range(1800)
    assert len(parts) == 3


def test_a_render_range_is_divided_like_the_film() -> None:
    whole = parts_of(made([5.0] * 20))
    ranged = parts_of(made([5.0] * 20, render={"start": beats(32.5), "end": beats(91)}))
    assert (ranged[0].start, ranged[-1].stop) == (975, 2730)
    assert len(set(whole) & set(ranged)) >= 3
