"""Edits: what each does to the words, and that all others stay as they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.transcripts import Transcript
from shared.transcripts.editing import (
    Edit,
    InsertWords,
    JoinSegments,
    Query,
    RenameSpeaker,
    Replace,
    SetLanguage,
    SetSpeaker,
    SetTimes,
    SetWords,
    SplitSegment,
    StrikeWords,
    apply_edits,
    find,
)
from tests.shared.transcripts.formats.test_round_trips import assert_well_formed
from tests.shared.transcripts.texts import long_transcript, said, transcript, transcripts

TALK = transcript(said("We met in new york last year.", speaker="Ada"), said("In New York? Yes.", 5, speaker="Grace"))


def edited(told: Transcript, *edits: Edit) -> Transcript:
    after = apply_edits(told, edits).transcript
    assert_well_formed(after)
    return after


def times(told: Transcript) -> dict[str, tuple[float, float]]:
    return {word.word: (word.start, word.end) for word in told.words}


class TestWriting:
    def test_words_written_anew_keep_the_times_of_those_that_stay(self) -> None:
        after = edited(TALK, SetWords(first=2, last=4, text="in the old New York"))
        assert after.segments[0].text == "We met in the old New York last year."
        before, now = times(TALK), times(transcript(after.segments[0]))
        assert (now["New"], now["York"], now["last"]) == (before["new"], before["york"], before["last"])
        assert before["in"][0] == now["in"][0] < now["the"][0] < now["old"][0] < now["New"][0]
        assert after.segments[1] == TALK.segments[1]

    def test_words_across_segments_become_the_firsts(self) -> None:
        after = edited(TALK, SetWords(first=6, last=8, text="year, in York"))
        assert [(each.speaker, each.text) for each in after.segments] == [
            ("Ada", "We met in new york last year, in York"),
            ("Grace", "York? Yes."),
        ]

    def test_a_segment_without_words_is_gone(self) -> None:
        after = edited(TALK, StrikeWords(first=7, last=10))
        assert after.segments == TALK.segments[:1]

    def test_what_was_not_heard_is_written_into_the_silence(self) -> None:
        after = edited(TALK, InsertWords(before=11, text="I remember."))
        assert after.segments[1].text == "In New York? Yes. I remember."
        assert after.segments[1].words[-2].start >= times(TALK)["Yes."][1]

    @pytest.mark.parametrize("place", [0, 1, 7])
    def test_without_a_silence_the_neighbour_gives_of_its_own(self, place: int) -> None:
        tight = transcript(said("one two three", speaker="Ada"))
        tight = edited(tight, SetTimes(word=0, start=0, end=0.4), SetTimes(word=1, start=0.4, end=0.8))
        after = edited(tight, InsertWords(before=min(place, 3), text="and so"))
        inserted = [word for word in after.words if word.word in ("and", "so")]
        assert all(word.end - word.start > 0.03 for word in inserted)
        assert after.segments[0].words[-1].end >= tight.segments[0].end

    def test_an_empty_transcript_can_be_written_into(self) -> None:
        assert edited(Transcript(), InsertWords(before=0, text="Hello there")).text == "Hello there"

    def test_a_word_is_moved_between_its_neighbours_and_not_past_them(self) -> None:
        after = edited(TALK, SetTimes(word=1, start=0.37, end=0.8))
        assert times(after)["met"] == (0.37, 0.8)
        with pytest.raises(InvalidInput, match=r"starts at 0\.800 s"):
            apply_edits(TALK, [SetTimes(word=1, start=0.4, end=0.9)])


class TestSegments:
    def test_split_and_joined_it_is_as_before(self) -> None:
        parted = edited(TALK, SplitSegment(before=2))
        assert [each.text for each in parted.segments][:2] == ["We met", "in new york last year."]
        assert edited(parted, JoinSegments(segment=0)) == TALK

    def test_two_who_speak_at_once_are_joined_in_the_order_of_their_words(self) -> None:
        both = transcript(said("one two three", speaker="Ada"), said("yes no", 0.2, speaker="Grace"))
        [joined] = edited(both, JoinSegments(segment=0)).segments
        assert joined.text == " ".join(word.word for word in joined.words) == "one yes two no three"
        assert [word.speaker for word in joined.words] == ["Ada", "Grace", "Ada", "Grace", "Ada"]

    def test_splitting_where_a_segment_begins_changes_nothing(self) -> None:
        assert apply_edits(TALK, [SplitSegment(before=7)]).changes == (0,)


class TestSpeakers:
    def test_a_speaker_is_renamed_everywhere(self) -> None:
        after = edited(TALK, RenameSpeaker(speaker="Ada", to="Ada Lovelace"))
        assert after.speakers == ("Ada Lovelace", "Grace")
        assert {word.speaker for word in after.segments[0].words} == {"Ada Lovelace"}

    def test_renamed_to_somebody_else_the_two_are_one(self) -> None:
        assert edited(TALK, RenameSpeaker(speaker="Grace", to="Ada")).speakers == ("Ada",)

    def test_some_words_are_given_to_somebody_and_the_segment_is_split(self) -> None:
        after = edited(TALK, SetSpeaker(first=5, last=8, speaker="Linus"))
        assert [(each.speaker, each.text) for each in after.segments] == [
            ("Ada", "We met in new york"),
            ("Linus", "last year."),
            ("Linus", "In New"),
            ("Grace", "York? Yes."),
        ]


class TestReplacing:
    def test_found_across_words_and_replaced_with_the_others_untouched(self) -> None:
        result = apply_edits(TALK, [Replace(find="new  YORK", replacement="Boston")])
        assert result.changes == (2,)
        assert result.transcript.text == "We met in Boston last year.\nIn Boston? Yes."
        before, after = times(TALK), times(result.transcript)
        assert after["Boston"][0] == before["new"][0]
        assert after["Boston?"][1] == before["York?"][1]
        assert after["last"] == before["last"]

    def test_case_whole_words_and_speakers_narrow_it(self) -> None:
        def text(**narrowed: bool | str) -> str:
            return edited(TALK, Replace(find="ye", replacement="*", **narrowed)).text  # type: ignore[arg-type]

        assert text() == "We met in new york last *ar.\nIn New York? *s."
        assert text(match_case=True) == "We met in new york last *ar.\nIn New York? Yes."
        assert text(whole_words=True) == TALK.text
        assert text(speaker="Grace") == "We met in new york last year.\nIn New York? *s."

    def test_several_matches_in_a_word_are_all_replaced(self) -> None:
        told = transcript(said("banana bandana"))
        result = apply_edits(told, [Replace(find="an", replacement="AN")])
        assert (result.transcript.text, result.changes) == ("bANANa bANdANa", (4,))

    def test_replaced_by_nothing_the_words_are_gone(self) -> None:
        assert edited(TALK, Replace(find="in new york", replacement="")).text == "We met last year.\n? Yes."

    def test_marks_that_mean_something_to_a_regular_expression_are_only_themselves(self) -> None:
        told = transcript(said("what? (really) \\d+"))
        assert edited(told, Replace(find="(really) \\d+", replacement="\\1")).text == "what? \\1"

    @pytest.mark.parametrize(
        ("written", "find", "whole"),
        [
            ("the cafe\u0301 here", "caf\u00e9", True),
            ("the caf\u00e9 here", "CAFE\u0301", True),
            ("in the Straße", "STRASSE", True),
            ("in İstanbul", "istanbul", True),
            ("the ﬁnest", "fine", False),
            ("\u1112\u1161\u11ab\u1100\u1173\u11af here", "\ud55c\uae00", True),
        ],
    )
    def test_found_however_it_is_encoded_and_whatever_its_case(self, written: str, find: str, whole: bool) -> None:
        after = edited(transcript(said(written)), Replace(find=find, replacement="X", whole_words=whole))
        assert "X" in after.text

    @pytest.mark.parametrize(("written", "find"), [("the cafe\u0301", "cafe"), ("ﬁne", "f"), ("\ud55c", "\u1112")])
    def test_half_a_character_is_not_found(self, written: str, find: str) -> None:
        assert edited(transcript(said(written)), Replace(find=find, replacement="X")).text == written

    def test_in_a_joined_segment_everybody_is_still_found(self) -> None:
        joined = edited(TALK, JoinSegments(segment=0))
        assert [each.speaker for each in find(joined, Query(find="new york"))] == ["Ada", "Grace"]
        after = edited(joined, Replace(find="new york", replacement="Rome", speaker="Grace"))
        assert after.text == "We met in new york last year. In Rome? Yes."

    def test_what_becomes_too_long_for_a_segment_becomes_several(self) -> None:
        long = "word " * 1900
        for edit in (
            Replace(find="york", replacement=long),
            SetWords(first=0, last=1, text=long),
            InsertWords(before=3, text=long),
        ):
            after = edited(TALK, edit)
            assert after.text.split().count("word") in (1900, 3800)
        twice = edited(TALK, InsertWords(before=3, text=long), JoinSegments(segment=0), JoinSegments(segment=0))
        assert sum(1 for _ in twice.words) == 1900 + sum(1 for _ in TALK.words)

    def test_replacing_again_and_again_does_not_fill_the_memory(self) -> None:
        with pytest.raises(InvalidInput) as refusal:
            apply_edits(transcript(said("a a a a")), [Replace(find="a", replacement="a" * 200)] * 500)
        assert refusal.value.errors[0].code == "too-long"

    def test_finding_tells_where_and_when_and_what_is_around(self) -> None:
        first, second = find(TALK, Query(find="new york"))
        assert (first.first, first.last, first.text) == (3, 4, "new york")
        assert (first.before, first.after, first.speaker) == ("We met in ", " last year.", "Ada")
        assert (first.start, first.end) == (times(TALK)["new"][0], times(TALK)["york"][1])
        assert (second.first, second.last, second.text, second.speaker) == (8, 9, "New York", "Grace")


class TestRefused:
    @pytest.mark.parametrize(
        ("edit", "pointer", "code"),
        [
            (SetWords(first=3, last=11, text="x"), "/edits/1/last", "no-such-word"),
            (InsertWords(before=12, text="x"), "/edits/1/before", "no-such-word"),
            (InsertWords(before=1, text=" "), "/edits/1/text", "no-words"),
            (JoinSegments(segment=1), "/edits/1/segment", "no-such-segment"),
            (RenameSpeaker(speaker="Alan", to="Ada"), "/edits/1/speaker", "no-such-speaker"),
            (SetTimes(word=1, start=0.1, end=0.2), "/edits/1/start", "overlaps"),
            (SetTimes(word=1, start=0.5, end=0.4), "/edits/1/end", "ends-before-start"),
        ],
    )
    def test_an_edit_that_does_not_fit_is_pointed_at(self, edit: Edit, pointer: str, code: str) -> None:
        with pytest.raises(InvalidInput, match="None of the edits was made") as refused:
            apply_edits(TALK, [SetLanguage(language="de"), edit])
        assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]


@st.composite
def edits_of(draw: st.DrawFn) -> tuple[Transcript, list[Edit]]:
    """A transcript, and edits each of which may fit or not."""
    place, text = st.integers(0, 30), st.sampled_from(["", "a", "one two", "…", "x y z q"])
    some = st.one_of(
        st.tuples(place, place, text).map(lambda t: SetWords(first=min(t[:2]), last=max(t[:2]), text=t[2])),
        st.tuples(place, text).map(lambda t: InsertWords(before=t[0], text=t[1] or "b")),
        st.tuples(place, place).map(lambda t: SetSpeaker(first=min(t), last=max(t), speaker="Ada")),
        place.map(lambda at: SplitSegment(before=at)),
        place.map(lambda at: JoinSegments(segment=at % 4)),
        text.map(lambda t: Replace(find="a", replacement=t)),
        st.just(RenameSpeaker(speaker="José Núñez", to="Ada")),
    )
    return draw(transcripts()), draw(st.lists(some, max_size=6))


@given(edits_of())
@settings(deadline=None, max_examples=60)
def test_whatever_is_edited_stays_in_order_and_every_word_has_a_time(told: tuple[Transcript, list[Edit]]) -> None:
    now = told[0]
    for edit in told[1]:
        try:
            now = apply_edits(now, [edit]).transcript
        except InvalidInput:
            continue
        assert_well_formed(now)
        assert all(segment.words for segment in now.segments)


def test_hundreds_of_edits_are_made_in_one_go() -> None:
    told = long_transcript(10_000)
    edits = [SetWords(first=at, last=at, text=f"new{at}") for at in range(0, 10_000, 50)]
    assert sum(word.word.startswith("new") for word in apply_edits(told, edits).transcript.words) == 200
