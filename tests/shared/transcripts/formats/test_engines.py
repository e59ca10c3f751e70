"""What other programs write as JSON: every word ends up with a time."""

import json
from typing import Any

import pytest

from shared.transcripts import MalformedTranscript, Transcript, read_transcript


def read(document: Any) -> Transcript:
    return read_transcript(json.dumps(document))


def timed(told: Transcript) -> list[tuple[str, float, float]]:
    return [(word.word, word.start, word.end) for word in told.words]


WHISPER = {
    "text": " Hello, world.",
    "language": "en",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 0.0,
            "end": 1.5,
            "text": " Hello, world.",
            "avg_logprob": -0.2,
            "words": [
                {"word": " Hello,", "start": 0.1, "end": 0.5, "probability": 0.9},
                {"word": " world.", "start": 0.6, "end": 1.2, "probability": 0.8},
            ],
        }
    ],
}


def test_whispers_own() -> None:
    told = read(WHISPER)
    assert timed(told) == [("Hello,", 0.1, 0.5), ("world.", 0.6, 1.2)]
    assert [word.probability for word in told.words] == [0.9, 0.8]
    assert (told.language, told.text) == ("en", "Hello, world.")


def test_whisperx_gives_digits_no_times_and_they_get_some() -> None:
    words = [
        {"word": "In", "start": 1.0, "end": 1.2, "score": 0.8, "speaker": "SPEAKER_00"},
        {"word": "1969"},
        {"word": "men", "start": 2.2, "end": 2.5, "score": float("nan"), "speaker": "SPEAKER_01"},
        {"word": "99."},
    ]
    segment = {"start": 1.0, "end": 3.0, "text": "In 1969 men 99.", "words": words, "speaker": "SPEAKER_00"}
    told = read_transcript(json.dumps({"segments": [segment], "word_segments": words}))
    assert timed(told) == [("In", 1.0, 1.2), ("1969", 1.2, 2.2), ("men", 2.2, 2.5), ("99.", 2.5, 3.0)]
    assert [word.speaker for word in told.words] == ["SPEAKER_00", "SPEAKER_00", "SPEAKER_01", "SPEAKER_00"]
    assert [word.probability for word in told.words] == [0.8, None, None, None]


def test_a_word_without_a_time_between_two_that_touch_gets_some_of_the_one_before() -> None:
    words = [{"word": "a", "start": 1.0, "end": 2.0}, {"word": "7"}, {"word": "b", "start": 2.0, "end": 3.0}]
    told = read([{"start": 1, "end": 3, "text": "a 7 b", "words": words}])
    first, second, third = told.words
    assert first.start == 1.0
    assert first.end <= second.start < second.end <= third.start == 2.0


def test_openai_has_words_beside_the_segments_without_their_punctuation() -> None:
    told = read(
        {
            "task": "transcribe",
            "language": "english",
            "duration": 4.0,
            "text": "Hello, world. It's 5.",
            "segments": [
                {"id": 0, "start": 0.0, "end": 2.0, "text": " Hello, world."},
                {"id": 1, "start": 2.0, "end": 4.0, "text": " It's 5."},
            ],
            "words": [
                {"word": "Hello", "start": 0.2, "end": 0.5},
                {"word": "world", "start": 0.8, "end": 1.4},
                {"word": "It's", "start": 2.1, "end": 2.5},
                {"word": "5", "start": 2.6, "end": 3.0},
            ],
        }
    )
    assert timed(told) == [("Hello,", 0.2, 0.5), ("world.", 0.8, 1.4), ("It's", 2.1, 2.5), ("5.", 2.6, 3.0)]
    assert (told.language, told.duration) == ("en", 4.0)


def test_openai_with_times_of_words_alone_has_the_punctuation_of_its_text() -> None:
    words = [{"word": "Hello", "start": 0.2, "end": 0.5}, {"word": "world", "start": 0.8, "end": 1.4}]
    told = read({"language": "english", "duration": 4.0, "text": "Hello, world.", "words": words})
    assert timed(told) == [("Hello,", 0.2, 0.5), ("world.", 0.8, 1.4)]
    elsewhere = {"text": "Hello", "words": [{"text": "Hello", "start": 200, "end": 500}]}
    with pytest.raises(MalformedTranscript, match="/segments"):
        read(elsewhere)


def test_whisper_cpp_has_milliseconds_and_pieces_of_words() -> None:
    told = read(
        {
            "result": {"language": "en"},
            "transcription": [
                {
                    "timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"},
                    "offsets": {"from": 0, "to": 2000},
                    "text": " Unbelievable, no?",
                    "tokens": [
                        {"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "p": 0.9},
                        {"text": " Un", "offsets": {"from": 100, "to": 300}, "p": 0.9},
                        {"text": "believable", "offsets": {"from": 300, "to": 900}, "p": 0.8},
                        {"text": ",", "offsets": {"from": 900, "to": 950}, "p": 0.8},
                        {"text": " no", "offsets": {"from": 1200, "to": 1500}, "p": 0.7},
                        {"text": "?", "offsets": {"from": 1500, "to": 1600}, "p": 0.7},
                    ],
                }
            ],
        }
    )
    assert timed(told) == [("Unbelievable,", 0.1, 0.95), ("no?", 1.2, 1.6)]


def test_words_that_an_engine_left_out_are_in_the_text_and_get_times() -> None:
    words = [{"word": "one", "start": 0.0, "end": 0.5}, {"word": "three", "start": 1.5, "end": 2.0}]
    told = read([{"start": 0, "end": 2, "text": "One, two, three!", "words": words}])
    assert timed(told) == [("One,", 0.0, 0.5), ("two,", 0.5, 1.5), ("three!", 1.5, 2.0)]


def test_segments_without_words_are_cues() -> None:
    told = read({"segments": [{"start": 1, "end": 2, "text": "One two", "words": None}]})
    assert [word.word for word in told.words] == ["One", "two"]
    assert [told.segments[0].words[0].start, told.segments[0].words[-1].end] == [1, 2]


def test_chinese_is_read_by_characters_and_written_without_spaces() -> None:
    told = read({"segments": [{"start": 0, "end": 2, "text": "你好，世界。"}]})
    assert [word.word for word in told.words] == ["你", "好，", "世", "界。"]
    assert told.text == "你好，世界。"


class TestJson3:
    def test_words_have_the_files_offsets_and_a_line_break_is_no_cue(self) -> None:
        told = read(
            {
                "wireMagic": "pb3",
                "events": [
                    {"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1},
                    {
                        "tStartMs": 160,
                        "dDurationMs": 4839,
                        "segs": [
                            {"utf8": "hello", "acAsrConf": 0},
                            {"utf8": " and", "tOffsetMs": 320, "acAsrConf": 0},
                            {"utf8": " welcome", "tOffsetMs": 559},
                        ],
                    },
                    {"tStartMs": 2389, "dDurationMs": 2610, "aAppend": 1, "segs": [{"utf8": "\n"}]},
                    {
                        "tStartMs": 2399,
                        "dDurationMs": 4000,
                        "segs": [{"utf8": "to"}, {"utf8": " you", "tOffsetMs": 240}],
                    },
                ],
            }
        )
        assert told.origin is not None and told.origin.name == "json3"
        assert told.text == "hello and welcome\nto you"
        assert [word.start for word in told.words] == [0.16, 0.48, 0.719, 2.399, 2.639]
        assert told.segments[0].end <= 2.399
        assert all(word.end - word.start < 1.5 for word in told.words), "a line stays longer than its last word"

    def test_captions_that_a_person_wrote_are_cues(self) -> None:
        told = read({"events": [{"tStartMs": 1000, "dDurationMs": 2000, "segs": [{"utf8": "Hello\nthere"}]}]})
        assert (told.text, told.segments[0].start, told.segments[0].end) == ("Hello there", 1, 3)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"segments": [{"start": 0, "end": 1, "text": "Hi"}, {"start": 3, "end": 2, "text": "Bye"}]}, "/segments/1"),
        ({"segments": [{"text": "Hi"}]}, "/segments/0"),
        ({"segments": [{"start": "soon", "end": 1, "text": "Hi"}]}, "/segments/0/start"),
        ({"segments": [{"start": 0, "end": 1, "words": [{"start": 0}]}]}, "/segments/0/words/0/word"),
        ({"events": [{"tStartMs": "x"}]}, "/events/0/tStartMs"),
        ({"removedByVad": 0, "segments": [{"start": 0}]}, "/segments/0/end"),
        ({}, "/segments"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(document: Any, place: str) -> None:
    with pytest.raises(MalformedTranscript, match="At ") as refused:
        read(document)
    assert refused.value.place == place


def test_an_event_of_json3_without_segments_says_nothing() -> None:
    events = [{"tStartMs": 0, "segs": None}, {"tStartMs": 500, "dDurationMs": 400, "segs": [{"utf8": "one"}]}]
    told = read_transcript(json.dumps({"events": events}))
    assert [(word.word, word.start) for word in told.words] == [("one", 0.5)]
