"""Aligning what somebody wrote to what was heard: their words, the recording's times."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.transcripts import Transcript, Word, read_transcript, write_transcript
from shared.transcripts.aligning import align
from shared.transcripts.aligning.matching import matches
from tests.shared.transcripts.formats.test_round_trips import assert_well_formed
from tests.shared.transcripts.texts import long_transcript, said, transcript, transcripts

HEARD = transcript(
    said("so we met in new york last year", 3.0, pace=0.3),
    said("and it was raining cats and dogs all day", 10.0, pace=0.5),
)


def times(told: Transcript) -> list[tuple[str, float, float]]:
    return [(word.word, word.start, word.end) for word in told.words]


def test_captions_that_come_too_early_get_the_times_of_what_is_heard() -> None:
    written = read_transcript(
        "1\n00:00:01,000 --> 00:00:03,000\nSo we met in New York last year,\n\n"
        "2\n00:00:08,000 --> 00:00:12,000\nand it was raining cats and dogs all day.\n"
    )
    aligned = align(written, HEARD)
    assert aligned.matched == 1.0
    assert aligned.moved == pytest.approx(2, abs=0.5)
    assert aligned.transcript.text == written.text
    assert [(start, end) for _, start, end in times(aligned.transcript)] == [(w.start, w.end) for w in HEARD.words]


def test_words_that_were_heard_as_others_are_said_when_those_are() -> None:
    written = read_transcript("So we met in Newark last year, and it was raining cats and dogs all day.")
    aligned = {word: (start, end) for word, start, end in times(align(written, HEARD).transcript)}
    [new, york] = [word for word in HEARD.words if word.word in ("new", "york")]
    assert aligned["Newark"] == (new.start, york.end)
    assert aligned["last"] == (york.end + 0.03, pytest.approx(york.end + 0.3))


def test_words_that_were_heard_in_another_form_are_the_same() -> None:
    written = read_transcript("My fellow Americans, we meet in New York.")
    heard = transcript(said("my yellow american umm we meet in newyork", 3))
    aligned = {word: start for word, start, _ in times(align(written, heard).transcript)}
    assert (aligned["fellow"], aligned["Americans,"], aligned["we"]) == (3.4, 3.8, 4.6)


def test_words_that_were_not_heard_move_as_far_as_their_neighbours() -> None:
    written = transcript(said("so we met in new york last year", 1.0, pace=0.3), said("yes indeed", 5.0))
    aligned = align(written, HEARD).transcript
    assert times(aligned)[-2][1] == pytest.approx(7.0, abs=0.01)
    assert aligned.segments[1].text == "yes indeed"


def test_no_word_is_put_into_the_silence() -> None:
    written = read_transcript("we met in nowhere and everywhere that was raining cats", duration=20)
    for word, start, end in times(align(written, HEARD).transcript):
        inside = [heard for heard in HEARD.words if heard.start - 0.01 <= start <= heard.end + 0.01]
        assert inside, (word, start, end)


def test_a_word_of_another_sentence_is_no_match() -> None:
    written = transcript(said("we met in new york", 3.3, pace=0.3))
    heard = transcript(said("we met", 3.3, pace=0.3), said("in new york", 60, pace=0.3))
    far = align(transcript(said("we met", 3.3, pace=0.3), said("york", 4.5, pace=0.3)), heard).transcript
    assert times(far)[-1][1] < 60
    assert align(written, heard).transcript.text == "we met in new york"


def test_another_recording_is_told_by_how_little_matches() -> None:
    assert align(transcript(said("nothing of that sort")), HEARD).matched < 0.2


@given(transcripts(), transcripts())
@settings(deadline=None, max_examples=50)
def test_every_word_stays_whatever_was_heard(written: Transcript, heard: Transcript) -> None:
    aligned = align(written, heard).transcript
    assert sorted(word.word for word in aligned.words) == sorted(word.word for word in written.words)
    assert_well_formed(aligned)


@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.lists(st.sampled_from("abcdef"), max_size=40))
@settings(deadline=None, max_examples=50)
def test_matches_rise_and_are_equal(first: list[str], second: list[str]) -> None:
    pairs = matches(first, second)
    assert all(first[one] == second[other] for one, other in pairs)
    assert pairs == sorted(pairs)
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)


def test_matching_far_apart_finds_what_matching_everything_finds() -> None:
    told = [word.word for word in long_transcript(1000).words]
    other = [f"other{place}" if place % 7 == 0 else word for place, word in enumerate(told) if place % 11]
    expected = sum(block.size for block in SequenceMatcher(None, told, other, autojunk=False).get_matching_blocks())
    assert len(matches(told, other)) >= expected


def test_an_hour_is_aligned_though_a_third_of_it_was_misheard() -> None:
    heard = long_transcript(10_000)
    misheard = heard.model_copy(
        update={
            "segments": tuple(
                segment.model_copy(update={"words": tuple(_misheard(n, word) for n, word in enumerate(segment.words))})
                for segment in heard.segments
            )
        }
    )
    written = read_transcript(write_transcript(heard, "txt"), "txt")
    aligned = align(written, misheard)
    assert aligned.matched > 0.6
    errors = sorted(
        abs(one.start - other.start) for one, other in zip(aligned.transcript.words, heard.words, strict=True)
    )
    assert errors[len(errors) // 2] == 0
    assert errors[int(len(errors) * 0.95)] < 0.1


def _misheard(place: int, word: Word) -> Word:
    return word.model_copy(update={"word": f"x{word.word}"}) if place % 3 == 0 else word
