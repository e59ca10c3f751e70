"""SRT and WebVTT as they are found in the wild."""

import pytest

from shared.transcripts import MalformedTranscript, Transcript, decode_text, read_transcript

ZOOM = """WEBVTT

1
00:00:03.180 --> 00:00:06.540
Ada Lovelace: Good morning, everyone.

2
00:00:06.540 --> 00:00:08.000
Grace Hopper: Morning: let's begin.

3
00:00:08.000 --> 00:00:09.500
(inaudible)
"""

ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.389 align:start position:0%
{space}
hello<00:00:00.480><c> and</c><00:00:00.719><c> welcome</c>

00:00:02.389 --> 00:00:02.399 align:start position:0%
hello and welcome
{space}

00:00:02.399 --> 00:00:05.000 align:start position:0%
hello and welcome
to<00:00:02.639><c> the</c><00:00:02.800><c> show</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
to the show
{space}
""".replace("{space}", " ")


def cues(told: Transcript) -> list[tuple[float, float, str]]:
    return [(segment.start, segment.end, segment.text) for segment in told.segments]


def starts(told: Transcript) -> dict[str, float]:
    return {word.word: word.start for word in told.words}


class TestSrt:
    def test_marks_of_style_are_left_out_and_what_was_typed_is_not(self) -> None:
        told = read_transcript(
            '1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color="#fff"><i>If a < b</i></font> & c > d\n'
        )
        assert cues(told) == [(1, 2, "If a < b & c > d")]

    @pytest.mark.parametrize(
        "text",
        [
            "00:00:01,000 --> 00:00:02,000\nHi there\n\n00:00:03,000 --> 00:00:04,000\nBye",
            "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\nHi there\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n",
            "1\n0:00:01.0 --> 0:00:02.0 X1:0 X2:9\nHi there\n2\n00:00:03.000 --> 00:00:04.000\nBye\n\n\n",
            "\n\n7\n00:00:01,000-->00:00:02,000\nHi\nthere\n\n\n\n9\n00:00:03,000-->00:00:04,000\n\nBye",
        ],
        ids=["no numbers", "Windows", "dots, no blank line, coordinates", "blank lines everywhere"],
    )
    def test_it_is_read_however_it_was_written(self, text: str) -> None:
        text = text.replace("-->", " --> ")
        assert cues(read_transcript(text, "srt")) == [(1, 2, "Hi there"), (3, 4, "Bye")]

    def test_a_text_with_a_blank_line_or_a_number_in_it_is_whole(self) -> None:
        told = read_transcript(
            "1\n00:00:01,000 --> 00:00:02,000\nThe year\n\n1984\n\n2\n00:00:03,000 --> 00:00:04,000\n42\n"
        )
        assert [text for _, _, text in cues(told)] == ["The year 1984", "42"]

    def test_what_youtube_studio_saves_as_sbv_is_read(self) -> None:
        told = read_transcript(
            "0:00:01.000,0:00:02.000\nHi[br]there\n\n0:00:03.000,0:00:04.000\nBye\n", filename="talk.sbv"
        )
        assert cues(told) == [(1, 2, "Hi there"), (3, 4, "Bye")]

    def test_signs_that_a_converter_of_webvtt_has_left_are_what_they_mean(self) -> None:
        told = read_transcript("1\n00:00:01,000 --> 00:00:02,000\nTom &amp; Ann don&#39;t &copy &amp;lt; R&D;\n")
        assert told.text == "Tom & Ann don't &copy &lt; R&D;"

    def test_a_line_break_that_a_converter_of_ass_has_left_parts_words_and_a_path_of_windows_does_not(self) -> None:
        told = read_transcript("1\n00:00:01,000 --> 00:00:02,000\n{\\an8}Hi\\Nthere, in C:\\News\n")
        assert told.text == "Hi there, in C:\\News"

    def test_a_blank_inside_a_time_is_a_slip(self) -> None:
        told = read_transcript("1\n00:00:01 ,000 --> 00:00: 02, 500 X1:0 X2:9\nHi\n")
        assert cues(told) == [(1, 2.5, "Hi")]

    def test_a_time_that_was_rounded_up_is_a_minute_and_one_before_the_film_its_beginning(self) -> None:
        told = read_transcript("1\n-00:00:01,500 --> 00:00:02,000\nHi\n\n2\n00:00:59,500 --> 00:00:60,000\nBye\n")
        assert cues(told) == [(0, 2, "Hi"), (59.5, 60, "Bye")]

    def test_one_cue_that_ends_before_it_starts_is_said_when_it_starts_and_before_the_next(self) -> None:
        stamps = ("00:01.000 --> 00:02.000", "00:03.000 --> 00:01.000", "00:03.500 --> 00:05.000")
        body = "\n\n".join(f"{stamp}\n{text}" for stamp, text in zip(stamps, ("One", "Two", "Three"), strict=True))
        for header in ("", "WEBVTT\n\n"):
            assert cues(read_transcript(header + body)) == [(1, 2, "One"), (3, 3.4, "Two"), (3.5, 5, "Three")]

    def test_cues_that_overlap_are_said_one_after_the_other(self) -> None:
        told = read_transcript("1\n00:00:01,000 --> 00:00:04,000\nOne two\n\n2\n00:00:02,000 --> 00:00:05,000\nThree\n")
        assert cues(told) == [(1, 2, "One two"), (2, 5, "Three")]

    def test_what_is_shown_above_and_below_at_once_is_said_once_each(self) -> None:
        told = read_transcript(
            "1\n00:00:01,000 --> 00:00:03,000\nBelow\n\n2\n00:00:01,000 --> 00:00:02,000\n{\\an8}Above\n\n"
            "3\n00:00:01,000 --> 00:00:03,000\nBelow\n"
        )
        assert cues(told) == [(1, 3, "Below Above")]

    def test_words_share_the_time_by_their_letters_with_a_pause_after_a_sentence(self) -> None:
        told = read_transcript("1\n00:00:00,000 --> 00:00:04,000\nNo. Extraordinarily so\n")
        no, long, so = told.words
        assert (no.start, so.end) == (0, 4)
        assert no.end - no.start < (long.end - long.start) / 3
        assert long.start - no.end > so.start - long.end


class TestMalformed:
    @pytest.mark.parametrize(
        ("text", "format_name", "line", "says"),
        [
            ("1\n00:00:01,000 -> 00:00:02,000\nHi", "srt", 2, "no range of time"),
            ("1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:99,000 --> 00:01:40,000\nBye", "srt", 6, "00:00:99,000"),
            ("1\n00:00:05,000 --> 00:00:02,000\nHi", "srt", 2, "before it starts"),
            ("Some text\n\n1\n00:00:01,000 --> 00:00:02,000\nHi", "srt", 1, "number or time"),
            ("1\nno time here\n", "srt", 1, "number or time"),
            ("00:01.000 --> 00:02.000\nHi", "vtt", 1, "WEBVTT"),
            ("WEBVTT\n\nHi there\n", "vtt", 3, "without a time"),
            ("WEBVTT\n\n00:01.000 --> soon\nHi\n", "vtt", 3, "'soon'"),
            ("[00:00:01] Hi\n[00:99] Bye", "txt", 2, "below 60"),
            ("Hi\n[00:00:01] Bye", "txt", 1, "without a time"),
            ('{"segments": [\n{"start": 1,}\n]}', "json", 2, "not JSON"),
        ],
    )
    def test_the_error_says_the_line_and_what_to_do(self, text: str, format_name: str, line: int, says: str) -> None:
        with pytest.raises(MalformedTranscript, match=f"^Line {line}: ") as refused:
            read_transcript(text, format_name)
        assert refused.value.line == line
        assert says in refused.value.detail
        assert refused.value.errors[0].pointer == "/text"

    def test_a_format_that_there_is_not_and_an_empty_file_are_told_apart(self) -> None:
        with pytest.raises(MalformedTranscript, match=r"no format 'doc'.*srt"):
            read_transcript("Hi", "doc")
        with pytest.raises(MalformedTranscript, match="nothing in it"):
            read_transcript("\ufeff \n\n")

    def test_words_of_a_cue_that_is_there_for_no_time_have_time_until_the_next_one(self) -> None:
        told = read_transcript("00:01,000 --> 00:01,000\nHow are you\n\n00:02,000 --> 00:02,000\nFine thanks\n")
        assert [(segment.start, segment.end) for segment in told.segments] == [(1, 2), (2, 2.8)]
        assert all(word.end - word.start > 0.1 for word in told.words)


class TestWebVtt:
    def test_notes_styles_ids_and_settings_are_no_text(self) -> None:
        told = read_transcript(
            "WEBVTT - A talk\n\nNOTE for\nnobody\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:02.000 line:0 align:start\n"
            "<c.loud>Hi</c> &amp; <b>bye</b>&lrm;\n\nNOTE the end\n"
        )
        assert cues(told) == [(1, 2, "Hi & bye\u200e")]

    def test_voices_are_speakers_one_after_the_other_in_a_cue(self) -> None:
        told = read_transcript("WEBVTT\n\n00:00.000 --> 00:04.000\n<v.first Ada>Hello you</v>\n<v Grace>Hello too\n")
        assert [(segment.speaker, segment.text) for segment in told.segments] == [
            ("Ada", "Hello you"),
            ("Grace", "Hello too"),
        ]
        assert told.segments[0].end <= told.segments[1].start
        assert told.segments[1].end == 4

    def test_times_of_words_are_the_files(self) -> None:
        told = read_transcript("WEBVTT\n\n00:01.000 --> 00:04.000\nOne <00:02.000>two<00:02.400> <00:03.000>three\n")
        assert [(word.word, word.start, word.end) for word in told.words] == [
            ("One", 1, 2),
            ("two", 2, 2.4),
            ("three", 3, 4),
        ]

    def test_a_stamp_inside_a_word_is_a_syllable(self) -> None:
        told = read_transcript("WEBVTT\n\n00:01.000 --> 00:02.000\nkara<00:01.500>oke <00:01.700>night\n")
        assert [word.word for word in told.words] == ["karaoke", "night"]

    def test_a_stamp_outside_its_cue_says_nothing(self) -> None:
        told = read_transcript("WEBVTT\n\n00:01.000 --> 00:02.000\none <00:09.000>two <00:00.500>three\n")
        assert [word.word for word in told.words] == ["one", "two", "three"]
        assert all(1 <= word.start <= word.end <= 2 for word in told.words)

    def test_a_blank_line_inside_a_text_ends_no_cue(self) -> None:
        told = read_transcript("WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\nthere\n\n00:02.000 --> 00:03.000\nBye\n")
        assert [text for _, _, text in cues(told)] == ["Hi there", "Bye"]

    def test_lines_that_youtube_rolls_are_said_once_at_the_times_of_their_words(self) -> None:
        told = read_transcript(ROLLING)
        assert told.language == "en"
        assert told.text == "hello and welcome\nto the show"
        assert starts(told) == {"hello": 0.16, "and": 0.48, "welcome": 0.719, "to": 2.399, "the": 2.639, "show": 2.8}
        assert max(word.end for word in told.segments[0].words) < 2.389, "the line stays longer than its last word"

    @pytest.mark.parametrize("header", ["", "WEBVTT\n\n"])
    def test_lines_that_roll_are_said_once_where_a_converter_has_dropped_the_times_of_words(self, header: str) -> None:
        rolled = ["00:00.160", "hello and welcome", "00:02.389", "hello and welcome\n ", "00:02.399",
                  "hello and welcome\nto the show", "00:04.390", "to the show\n ", "00:04.400", "to the show\nto the show",
                  "00:06.000", "", "00:06.500"]  # fmt: skip
        shown = zip(rolled[::2], rolled[1::2], rolled[2::2], strict=False)
        told = read_transcript(header + "".join(f"{start} --> {end}\n{text}\n\n" for start, text, end in shown))
        assert [(start, text) for start, _, text in cues(told)] == [
            (0.16, "hello and welcome"),
            (2.399, "to the show"),
            (4.4, "to the show"),
        ]

    def test_a_refrain_in_a_file_that_does_not_roll_is_said_twice(self) -> None:
        told = read_transcript("WEBVTT\n\n00:01.000 --> 00:02.000\nLa la\n\n00:02.000 --> 00:03.000\nLa la\nland\n")
        assert [text for _, _, text in cues(told)] == ["La la", "La la land"]

    @pytest.mark.parametrize("header", ["", "WEBVTT\n\n"])
    def test_captions_that_grow_word_by_word_and_roll_are_said_once_each_word_when_it_is_first_seen(
        self, header: str
    ) -> None:
        seen = ["good", "good eve", "Good evening,", "Good evening,\nwe", "Good evening,\nwe begin", "we begin\nwith",
                "we begin\nwith the", "we begin\nwith the news", "thanks", "thanks Bob"]  # fmt: skip
        cues_of = (f"00:00:{at:02}.000 --> 00:00:{at + 1:02}.000\n{text}\n" for at, text in enumerate(seen, 1))
        told = read_transcript(header + "\n".join(cues_of))
        assert [(start, text) for start, _, text in cues(told)] == [
            (1, "Good evening, we begin"),
            (6, "with the news"),
            (9, "thanks Bob"),
        ]
        assert starts(told) == {"Good": 1, "evening,": 2, "we": 4, "begin": 5, "with": 6, "the": 7, "news": 8, "thanks": 9,
                                "Bob": 10}  # fmt: skip

    def test_captions_that_grow_from_the_same_moment_keep_their_speaker(self) -> None:
        seen = ["so", "so today", "so today we", "so today we talk"]
        cues_of = (f"00:01.000 --> 00:{at:02}.000\n<v Ada>{text}</v>\n" for at, text in enumerate(seen, 2))
        told = read_transcript("WEBVTT\n\n" + "\n".join(cues_of))
        assert [(segment.speaker, segment.text) for segment in told.segments] == [("Ada", "so today we talk")]
        assert starts(told) == {"so": 1, "today": 2, "we": 3, "talk": 4}

    def test_a_map_moves_cues_and_the_words_in_them_to_the_clock_of_the_stream(self) -> None:
        told = read_transcript(
            "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:02.000,MPEGTS:900000\n\n00:03.000 --> 00:05.000\none <00:04.000>two\n"
        )
        assert starts(told) == {"one": 11, "two": 12}
        assert told.segments[0].end == 13

    def test_segments_of_a_stream_in_one_file_each_have_their_map_and_what_both_show_is_said_once(self) -> None:
        told = read_transcript(
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\nOne\n\n"
            "00:02.000 --> 00:04.000\nTwo\n\n"
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:180000,LOCAL:00:00:00.000\n\n00:00.000 --> 00:02.000\nTwo\n\n"
            "00:03.000 --> 00:04.000\nThree\n"
        )
        assert cues(told) == [(1, 2, "One"), (2, 4, "Two"), (5, 6, "Three")]

    def test_what_is_shown_before_the_stream_begins_is_at_its_beginning(self) -> None:
        told = read_transcript(
            "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:10.000,MPEGTS:0\n\n00:01.000 --> 00:02.000\nOne\n\n"
            "00:12.000 --> 00:13.000\nTwo\n"
        )
        assert [(word.word, word.start) for word in told.words if word.word == "Two"] == [("Two", 2)]
        assert all(0 <= word.start <= word.end for word in told.words)

    def test_a_map_that_cannot_be_read_is_refused_with_its_line(self) -> None:
        with pytest.raises(MalformedTranscript, match="Line 2: The timestamp map"):
            read_transcript("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:soon\n\n00:01.000 --> 00:02.000\nOne\n")


class TestZoom:
    def test_names_are_speakers_and_a_colon_in_a_sentence_is_not(self) -> None:
        told = read_transcript(ZOOM)
        assert told.origin is not None and told.origin.name == "zoom_vtt"
        assert [(segment.speaker, segment.text) for segment in told.segments] == [
            ("Ada Lovelace", "Good morning, everyone."),
            ("Grace Hopper", "Morning: let's begin."),
            (None, "(inaudible)"),
        ]

    def test_a_name_may_have_a_title_and_initials(self) -> None:
        said = ("Dr. Ann Lee: Hello: you.", "J. R. Meyer: Yes.", "Bob: No.")
        cues = (f"{number}\n00:0{number}.000 --> 00:0{number + 1}.000\n{text}\n" for number, text in enumerate(said, 1))
        told = read_transcript("WEBVTT\n\n" + "\n".join(cues))
        assert [segment.speaker for segment in told.segments] == ["Dr. Ann Lee", "J. R. Meyer", "Bob"]

    def test_other_files_keep_what_looks_like_a_name(self) -> None:
        told = read_transcript("WEBVTT\n\n00:01.000 --> 00:02.000\nNote: it is late.\n")
        assert (told.segments[0].speaker, told.text) == (None, "Note: it is late.")


class TestTurns:
    def test_marks_of_turns_are_no_text_and_the_names_behind_them_are_speakers_until_the_next(self) -> None:
        told = read_transcript(
            "1\n00:00:01,000 --> 00:00:02,000\n>> JOHN SMITH: Hello.\n\n"
            "2\n00:00:02,000 --> 00:00:04,000\nGood evening.\n>> MARY: Hi.\n\n"
            "3\n00:00:04,000 --> 00:00:06,000\nWell. >>> Now the news.\n\n4\n00:00:06,000 --> 00:00:07,000\n>> How?\n"
        )
        assert [(segment.speaker, segment.text) for segment in told.segments] == [
            ("JOHN SMITH", "Hello."),
            ("JOHN SMITH", "Good evening."),
            ("MARY", "Hi."),
            ("MARY", "Well."),
            (None, "Now the news."),
            (None, "How?"),
        ]
        assert (told.segments[1].start, told.segments[2].end) == (2, 4)

    def test_a_mark_between_words_with_times_leaves_these_theirs(self) -> None:
        told = read_transcript(
            "WEBVTT\n\n00:01.000 --> 00:05.000\n&gt;&gt; one<00:02.000> two.<00:03.000> &gt;&gt;<00:04.000> three\n"
        )
        assert [segment.text for segment in told.segments] == ["one two.", "three"]
        assert (starts(told)["two."], starts(told)["three"]) == (2, 4)

    def test_names_before_most_cues_that_come_again_are_speakers(self) -> None:
        said = [
            "ANN: Hello.",
            "BOB: Hi, Ann.",
            "ANN: How are you?",
            "ANN: Well?",
            "BOB: Fine.",
            "That is: well.",
            "BOB: So.",
        ]
        text = "\n".join(f"00:00:0{at},000 --> 00:00:0{at + 1},000\n{each}\n" for at, each in enumerate(said, 1))
        told = read_transcript(text.replace("That is: well", "That is well"))
        assert [segment.speaker for segment in told.segments] == ["ANN", "BOB", "ANN", "ANN", "BOB", None, "BOB"]
        assert told.segments[1].text == "Hi, Ann."
        listed = [f"{name}: one of them" for name in ("First", "Second", "Third")]
        text = "\n".join(f"00:00:0{at},000 --> 00:00:0{at + 1},000\n{each}\n" for at, each in enumerate(listed, 1))
        assert not read_transcript(text).speakers, "no name comes again"

    def test_a_file_without_turns_keeps_its_signs(self) -> None:
        text = "x >> 2 and y >> 3"
        assert read_transcript(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n").text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_file_is_decoded_by_what_it_is(encoding: str) -> None:
    text = "1\r\n00:00:01,000 --> 00:00:02,000\r\nDéjà vu – “oui”\r\n"
    assert decode_text(text.encode(encoding)).removeprefix("\ufeff") == text


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(MalformedTranscript, match="Line 2"):
        decode_text(b"one\ntwo \x81\x8d\n")
