"""A film is split into chunks that cover it, begin where groups of pictures begin, and are alike."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.media.chunking import plan_chunks

RATE = Fraction(30)
CUTS = st.lists(st.fractions(0, 400, max_denominator=1000), max_size=200, unique=True).map(sorted)


@given(st.integers(1, 10_000), st.integers(1, 300), st.integers(1, 80), CUTS)
def test_chunks_cover_every_frame_once_and_begin_groups_of_pictures(
    frames: int, gop: int, count: int, cuts: list[Fraction]
) -> None:
    chunks = sorted(plan_chunks(frames, gop, RATE, count, cuts), key=lambda chunk: chunk.index)
    assert [number for chunk in chunks for number in chunk.range] == list(range(frames))
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert all(chunk.start % gop == 0 for chunk in chunks)
    assert len(chunks) <= count


@given(st.integers(1, 10_000), st.integers(1, 300), st.integers(1, 80), CUTS)
def test_the_largest_come_first(frames: int, gop: int, count: int, cuts: list[Fraction]) -> None:
    weights = [chunk.weight for chunk in plan_chunks(frames, gop, RATE, count, cuts)]
    assert all(one >= other for one, other in pairwise(weights))


@given(st.integers(600, 10_000), st.integers(2, 20), CUTS)
def test_no_chunk_is_much_longer_than_the_others(frames: int, count: int, cuts: list[Fraction]) -> None:
    chunks = plan_chunks(frames, 1, RATE, count, cuts)
    assert len(chunks) == count
    assert max(chunk.frames for chunk in chunks) <= frames / count * 1.25 + 1


def test_a_border_goes_to_a_scene_cut_that_is_close() -> None:
    [_, second] = sorted(plan_chunks(600, 10, RATE, 2, [Fraction(91, 10)]), key=lambda chunk: chunk.start)
    assert second.start == 280
    [_, second] = sorted(plan_chunks(600, 10, RATE, 2, [Fraction(2)]), key=lambda chunk: chunk.start)
    assert second.start == 300


def test_work_grows_with_the_frames_that_are_decoded_only_to_be_passed_over() -> None:
    seldom = plan_chunks(600, 10, RATE, 2, [])
    often = plan_chunks(600, 10, RATE, 2, [Fraction(second) for second in range(20)])
    assert sum(chunk.weight for chunk in often) == 600 < sum(chunk.weight for chunk in seldom)
