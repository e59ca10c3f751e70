"""Every word has a time, digits too, whatever the engine tells."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.transcripts.engines import Heard
from shared.transcripts.recognition.splitting import Piece
from shared.transcripts.recognition.timing import TimedWord, settled, timed
from shared.transcripts.recognition.voice import Span

PIECE = Piece((Span(10.0, 14.0), Span(20.0, 22.0)))
seconds = st.one_of(st.none(), st.floats(-1, 10))
heard = st.lists(
    st.builds(
        Heard, st.sampled_from((" one", "-two", " 24", " $5", "本", " " + "a" * 450, " ")), seconds, seconds, st.none()
    )
)


def test_digits_without_times_share_what_their_neighbours_leave() -> None:
    words = [
        Heard(" in", 0.0, 0.5, 0.9),
        Heard(" 19", None, None, 0.8),
        Heard(" 8400", None, None, 0.8),
        Heard(" men", 2.0, 2.5, 0.9),
    ]
    assert [(word.start, word.end) for word in timed(PIECE, words)] == [(10, 10.5), (10.5, 11), (11, 12), (12, 12.5)]


def test_words_are_where_they_are_said_though_silence_was_left_out() -> None:
    words = timed(PIECE, [Heard(" before", 3.0, 3.9, 1.0), Heard(" after", 4.1, 4.6, 1.0)])
    assert [(word.start, word.end) for word in words] == [(13, 13.9), (20.1, 20.6)]


def test_a_word_that_runs_over_what_was_left_out_ends_where_its_sound_does() -> None:
    (word,) = timed(PIECE, [Heard(" over", 3.2, 4.3, 1.0)])
    assert (word.start, word.end) == (13.2, 14.0)


def test_words_that_are_heaped_up_at_one_moment_are_laid_out_around_it() -> None:
    words = timed(PIECE, [Heard(" a", 1.0, 1.0, 1.0), Heard(" b", 6.0, 6.0, 1.0), Heard(" c", 6.0, 6.0, 1.0)])
    assert [(word.start, word.end) for word in words] == [(11, 11.02), (21.96, 21.98), (21.98, 22)]


def test_a_word_that_was_cut_at_a_mark_is_one() -> None:
    """As Whisper does; written apart it would be `ill -disposed` in subtitles."""
    told = [("an", 0.5), (" ill", 0.9), ("-disposed", 0.6), (" man", 0.9), ("日", 0.9), ("本", 0.9), ("。", 0.3)]
    words = timed(PIECE, [Heard(text, n / 2, n / 2 + 0.4, sure) for n, (text, sure) in enumerate(told)])
    assert [word.text for word in words] == ["an", " ill-disposed", " man", "日", "本。"]
    assert (words[1].start, words[1].end, words[1].probability) == (10.5, 11.4, 0.6)


def test_a_voice_begins_and_falls_silent_where_it_is_seen_to() -> None:
    """The spans have 0.2 s on both sides, of which the voice has 50 ms before it is seen; the last has the end of the sound."""
    told = [("so", 9.85, 10.4), ("it", 10.4, 10.6), ("goes", 10.6, 11.5), ("on", 14.9, 15.5), ("end", 15.6, 15.9)]
    words = settled([TimedWord(f" {word}", *times, 0.9) for word, *times in told], [Span(9.8, 12), Span(15, 16)], 16)
    times = [(word.start, word.end) for word in words]
    assert times == [(9.95, 10.4), (10.4, 10.6), (10.6, 11.8), (15.15, 15.5), (15.6, 15.9)]


def test_a_word_that_was_not_heard_leaves_the_others_where_they_are() -> None:
    words = [TimedWord(" and", 11.0, 11.2, 0.9), TimedWord(" so", 11.2, 11.4, 0.9)]
    assert settled(words, [Span(9.8, 13)], 20) == words


@given(heard)
def test_no_word_is_without_a_time_or_lost_and_they_are_in_order(words: list[Heard]) -> None:
    placed = timed(PIECE, words)
    assert "".join(word.text for word in placed).replace(" ", "") == "".join(w.text for w in words).replace(" ", "")
    for told in (placed, settled(placed, PIECE.spans, 30)):
        assert all(10 <= word.start < word.end <= 22 for word in told)
        assert all(one.end <= other.start for one, other in pairwise(told))
    assert all(len(word.text.strip()) <= 200 for word in placed)
