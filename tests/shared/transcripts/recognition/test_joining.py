"""Long recordings are split and joined without losing or doubling a word."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.transcripts.recognition.joining import join
from shared.transcripts.recognition.splitting import OVERLAP, Piece, split
from shared.transcripts.recognition.timing import TimedWord
from shared.transcripts.recognition.voice import FRAME, Span

LONGEST = 20.0
spoken = st.lists(
    st.tuples(
        st.floats(0.08, 0.6).map(lambda length: round(length, 2)),
        st.sampled_from((0.0, 0.0, 0.0, 0.05, 0.3)),
        st.sampled_from(("the", "a", "no", "seven", "24")),
    ),
    min_size=5,
    max_size=400,
)
"""How long each word is, the silence after it, and the word: the same ones again and again."""


def said(words: list[tuple[float, float, str]]) -> list[TimedWord]:
    at, timeline = 0.0, []
    for length, silence, word in words:
        timeline.append(TimedWord(f" {word}", round(at, 2), round(at + length, 2), 1.0))
        at += length + silence
    return timeline


def curve_of(words: list[TimedWord]) -> list[float]:
    """Speech wherever a word is."""
    curve = [0.0] * (int(words[-1].end / FRAME) + 1)
    for word in words:
        for frame in range(int(word.start / FRAME), min(len(curve), int(word.end / FRAME) + 1)):
            curve[frame] = 0.9
    return curve


def hear(piece: Piece, words: list[TimedWord], garbled: bool) -> list[TimedWord]:
    """As a perfect engine does: whole words as they are; of one that is cut, something, or nothing."""
    heard = []
    for word in words:
        start, end = max(word.start, piece.start), min(word.end, piece.end)
        if start == word.start and end == word.end:
            heard.append(word)
        elif garbled and end - start > 0.02:
            heard.append(TimedWord(" uh", start, end, 0.2))
    return heard


@settings(max_examples=60, deadline=None)
@given(spoken, st.booleans())
def test_every_word_is_there_once_wherever_the_recording_was_cut(
    words: list[tuple[float, float, str]], garbled: bool
) -> None:
    timeline = said(words)
    end = timeline[-1].end
    pieces = split([Span(0.0, end)], curve_of(timeline), LONGEST)
    assert join((piece, hear(piece, timeline, garbled)) for piece in pieces) == timeline


def test_pieces_that_have_nothing_in_common_are_joined_in_the_middle_of_what_both_have_heard() -> None:
    one = [TimedWord(" a", 8.0, 8.4, 0.5), TimedWord(" b", 8.6, 9.0, 0.5), TimedWord(" c", 9.2, 9.9, 0.5)]
    other = [TimedWord(" x", 8.5, 8.9, 0.5), TimedWord(" y", 9.3, 9.8, 0.5), TimedWord(" z", 10.0, 10.4, 0.5)]
    pieces = [Piece((Span(0, 10),)), Piece((Span(8.5, 20),), overlaps=True)]
    assert "".join(word.text for word in join(zip(pieces, (one, other), strict=True))) == " a b y z"


def test_of_one_sound_that_was_heard_as_two_words_the_surer_one_stays() -> None:
    one = [TimedWord(" night", 8.9, 9.3, 0.9)]
    other = [TimedWord(" knight", 9.2, 9.31, 0.3), TimedWord(" fell", 9.5, 9.9, 0.8)]
    pieces = [Piece((Span(0, 10),)), Piece((Span(8.5, 20),), overlaps=True)]
    assert "".join(word.text for word in join(zip(pieces, (one, other), strict=True))) == " night fell"


def test_a_word_ends_where_the_first_of_the_next_piece_begins() -> None:
    one = [TimedWord(" so", 8.0, 8.4, 0.5), TimedWord(" long", 8.6, 9.4, 0.5)]
    other = [TimedWord(" then", 9.3, 9.8, 0.5)]
    pieces = [Piece((Span(0, 10),)), Piece((Span(8.5, 20),), overlaps=True)]
    found = join(zip(pieces, (one, other), strict=True))
    assert [(word.text, word.start, word.end) for word in found[1:]] == [(" long", 8.6, 9.3), (" then", 9.3, 9.8)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.2, 90), st.floats(0.01, 3)), min_size=1, max_size=8), st.data())
def test_pieces_have_all_speech_and_are_no_longer_than_an_engine_can_hear(
    lengths: list[tuple[float, float]], data: st.DataObject
) -> None:
    at, spans = 0.0, []
    for length, silence in lengths:
        spans.append(Span(at, at + length))
        at += length + silence
    frames = int(at / FRAME) + 1
    dips = set(data.draw(st.lists(st.integers(0, frames), max_size=20)))
    curve = [0.1 if any(frame + n in dips for n in range(6)) else 0.9 for frame in range(frames)]
    pieces = split(spans, curve, LONGEST)
    assert all(piece.seconds <= LONGEST + 1e-6 for piece in pieces)
    heard = sorted((span.start, span.end) for piece in pieces for span in piece.spans)
    overlap = sum(max(0.0, one[1] - other[0]) for one, other in pairwise(heard))
    whole = sum(end - start for start, end in heard)
    assert abs(whole - overlap - sum(span.seconds for span in spans)) < 1e-6
    assert all(one[1] - other[0] <= OVERLAP + 1e-6 for one, other in pairwise(heard))
    assert all(piece.overlaps == (before.end > piece.start + 1e-9) for before, piece in pairwise(pieces)), (
        "an overlap is said, and only where there is one"
    )
