"""Plain text, with what times and names it has."""

import pytest

from shared.transcripts import MalformedTranscript, read_transcript, write_transcript
from tests.shared.transcripts.texts import said, transcript

TIMED = {
    "in brackets": "[00:00:05] Ada: Hello there.\n[00:00:09] Grace: Hi.",
    "on lines of their own": "0:05\nAda: Hello there.\n0:09\nGrace: Hi.",
    "behind the name": "Ada  0:05\nHello there.\n\nGrace  0:09\nHi.",
    "before a dash": "00:05 - Ada: Hello there.\n\n00:09 - Grace: Hi.",
}


@pytest.mark.parametrize("text", TIMED.values(), ids=TIMED)
def test_times_and_names_are_understood(text: str) -> None:
    told = read_transcript(text, filename="talk.txt")
    assert [(segment.start, segment.speaker, segment.text) for segment in told.segments] == [
        (5, "Ada", "Hello there."),
        (9, "Grace", "Hi."),
    ]
    assert told.segments[0].words[-1].end < 9, "the speaker is not slower than people are"


def test_without_times_it_is_spread_over_the_recording() -> None:
    told = read_transcript("One two three four.\n\nFive six seven eight.", duration=100)
    assert [(segment.start, segment.end) for segment in told.segments] == [
        (0, pytest.approx(50, abs=10)),
        (pytest.approx(50, abs=10), 100),
    ]
    assert told.duration == 100


def test_without_a_recording_it_goes_at_the_pace_of_speech() -> None:
    told = read_transcript(" ".join(["word"] * 150))
    assert told.segments[-1].end == pytest.approx(60, abs=1)


def test_a_single_sentence_with_a_colon_is_nobodys() -> None:
    told = read_transcript("And so, my fellow Americans: ask not what your country can do for you.")
    assert (told.speakers, next(told.words).word) == ((), "And")


def test_a_colon_in_one_sentence_makes_no_speaker() -> None:
    told = read_transcript("We need three things.\nFirst: time.\nAnd money.")
    assert told.speakers == ()
    assert told.text == "We need three things.\nFirst: time.\nAnd money."


def test_it_is_written_by_turns() -> None:
    told = transcript(said("Hello.", speaker="Ada"), said("You?", 1, speaker="Ada"), said("Fine.", 65, speaker="Grace"))
    assert write_transcript(told, "txt") == "Ada: Hello. You?\n\nGrace: Fine.\n"
    assert write_transcript(told, "txt", times=True) == "[00:00:00] Ada: Hello. You?\n\n[00:01:05] Grace: Fine.\n"


def test_a_text_that_begins_with_a_time_or_a_name_in_brackets_is_no_json() -> None:
    assert [word.start for word in read_transcript("[00:00:05] Hello").words] == [5.0]
    assert read_transcript("[Ann]: Hello there.\n[Bob]: Hi.").origin is not None


@pytest.mark.parametrize(
    "text", ["[Script Info]\nTitle: x", '<?xml version="1.0"?><tt>Hi</tt>', "<html>Not found</html>"]
)
def test_what_is_known_to_be_no_transcript_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(MalformedTranscript, match="Export it as SRT or WebVTT"):
        read_transcript(text)


def test_more_than_a_transcript_holds_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.transcripts.formats.timing.MOST_SEGMENTS", 3)
    with pytest.raises(MalformedTranscript, match="4 sentences, and a transcript 3 at most: part the file"):
        read_transcript("One.\n\n" * 4, duration=100)
