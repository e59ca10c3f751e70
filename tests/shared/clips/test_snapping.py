"""Clips begin and end between words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.clips.snapping import LEAD, SEARCH, TAIL, WordEdges
from shared.transcripts import Word

_times = st.floats(0, 60, allow_nan=False)
_words = st.lists(
    st.tuples(_times, st.floats(0, 3, allow_nan=False)).map(
        lambda each: Word(word="a", start=each[0], end=each[0] + each[1])
    ),
    min_size=1,
    max_size=40,
).filter(lambda words: any(word.end > word.start for word in words))


def _said(*times: tuple[float, float]) -> list[Word]:
    return [Word(word="word", start=start, end=end) for start, end in times]


def _cuts(words: list[Word], at: float) -> bool:
    return any(word.start < at < word.end for word in words)


@given(_words, _times, _times, st.lists(_times, max_size=5))
@settings(max_examples=30)
def test_no_word_is_cut_whoever_speaks_when(words: list[Word], start: float, end: float, scenes: list[float]) -> None:
    edges = WordEdges(words, duration=70, scenes=scenes)
    first, last = edges.snap(start, end)
    segment = edges.segment(first, last)
    assert not _cuts(words, segment.start)
    assert not _cuts(words, segment.end)


@given(_words, _times, _times)
@settings(max_examples=30)
def test_there_is_at_most_a_breath_before_the_first_word_and_after_the_last(
    words: list[Word], start: float, end: float
) -> None:
    edges = WordEdges(words, duration=70)
    first, last = edges.snap(start, end)
    segment = edges.segment(first, last)
    inside = [word for word in words if segment.start <= word.start and word.end <= segment.end]
    assert min(word.start for word in inside) - segment.start <= LEAD + 0.001
    assert segment.end - max(word.end for word in inside) <= TAIL + 0.001


@given(_words, st.data())
@settings(max_examples=30)
def test_stretches_that_share_no_word_share_no_second(words: list[Word], data: st.DataObject) -> None:
    edges = WordEdges(words, duration=70)
    gaps = st.integers(0, len(edges.gaps) - 1)
    first, middle, last = sorted(data.draw(st.tuples(gaps, gaps, gaps)))
    if first < middle < last:
        assert edges.segment(first, middle).end <= edges.segment(middle, last).start


def test_the_nearest_edge_is_taken_but_rather_that_of_a_sentence() -> None:
    words = _said((1.0, 1.4), (1.6, 2.0), (3.0, 3.4), (3.5, 4.0), (6.0, 6.4), (6.5, 7.0))
    edges = WordEdges(words, duration=10)
    assert edges.snap(1.7, 4.2) == (1, 4)
    assert edges.snap(1.7, 4.2, starts={2}) == (2, 4)
    assert edges.segment(2, 4).start == 3.0 - LEAD
    assert edges.segment(2, 4).end == 4.0 + TAIL


def test_no_edge_is_looked_for_further_away_than_a_second_and_a_half() -> None:
    words = _said((0.0, 1.0), (5.0, 6.0), (9.0, 10.0))
    edges = WordEdges(words)
    first, _ = edges.snap(5.0 + SEARCH - 0.01, 10.0, starts={0})
    assert edges.gaps[first].closes == 5.0


def test_somebody_who_does_not_pause_is_heard_out() -> None:
    words = _said((0.0, 4.0), (3.0, 8.0), (9.0, 10.0))
    edges = WordEdges(words)
    assert edges.segment(*edges.snap(3.9, 5.0)).start == 0.0
    assert edges.segment(*edges.snap(0.0, 4.5)).end >= 8.0


def test_the_picture_of_the_scene_before_is_not_seen_for_a_moment() -> None:
    words = _said((1.0, 2.0), (4.0, 5.0), (8.0, 9.0))
    edges = WordEdges(words, duration=12, scenes=[3.8, 5.2])
    segment = edges.segment(1, 2)
    assert (segment.start, segment.end) == (3.8, 5.2)
