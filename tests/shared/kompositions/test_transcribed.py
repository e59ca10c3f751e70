"""Captions of stored transcripts: every word is in them, however long the transcript and its sentences."""

from typing import Any

import pytest
from hypothesis import given, settings

from shared.core.ids import new_id
from shared.kompositions import InvalidKomposition, KompositionService, captions_of, request_render, with_transcripts
from shared.kompositions.model import Transcript as Captions
from shared.kompositions.parsing import parse_komposition
from shared.transcripts import Segment, Transcript, Word, save_transcript
from tests.cloud import RunningCloud
from tests.shared.kompositions.store.contents import content, keep_asset
from tests.shared.transcripts.texts import said, transcript, transcripts


def captioned(*tracks: dict[str, Any]) -> dict[str, Any]:
    """A komposition with these caption tracks."""
    told = content()
    told["tracks"]["caption"] = list(tracks)
    return told


@given(transcripts())
@settings(deadline=None, max_examples=40)
def test_captions_say_what_the_transcript_says(told: Transcript) -> None:
    captions = captions_of(told)
    assert Captions.model_validate_json(captions.model_dump_json()) == captions, "a komposition takes it"
    words = [(each.word, each.start, each.end, each.speaker) for cue in captions.segments for each in cue.words]
    assert words == [(each.word, each.start, each.end, each.speaker) for each in told.words]


def test_a_sentence_without_end_becomes_several_cues() -> None:
    words = tuple(Word(word="x" * 150, start=at, end=at + 1) for at in range(1000))
    text = " ".join(word.word for word in words)[:10_000]
    captions = captions_of(transcript(Segment(start=0, end=1000, text=text, words=words)))
    assert sum(len(cue.words) for cue in captions.segments) == 1000
    assert all(len(cue.text) <= 2000 for cue in captions.segments)
    assert all(one.end <= other.start for one, other in zip(captions.segments, captions.segments[1:], strict=False))


class TestStored:
    @pytest.fixture
    def uid(self, cloud: RunningCloud) -> str:
        """A user with a transcript in two versions."""
        uid = new_id()
        for text in ("first", "second"):
            save_transcript(uid, None, transcript(said(text)), transcript_id="t")
        return uid

    @pytest.mark.parametrize(("versions", "text"), [({"t": 1}, "first"), ({}, "second")])
    def test_the_version_that_was_asked_for_is_shown(self, uid: str, versions: dict[str, int], text: str) -> None:
        filled = with_transcripts(uid, parse_komposition(captioned({"transcriptId": "t"})), versions)
        [track] = filled.tracks.caption
        assert track.transcript is not None
        assert track.transcript.segments[0].text == text

    def test_somebody_elses_is_not_there(self, uid: str) -> None:
        named = parse_komposition(captioned({"transcriptId": "t"}))
        assert with_transcripts("stranger", named, {}) == named

    def test_what_a_track_says_itself_goes_first(self, uid: str) -> None:
        own = {"transcriptId": "t", "transcript": {"segments": [{"start": 0, "end": 1, "text": "own"}]}}
        named = parse_komposition(captioned(own))
        assert with_transcripts(uid, named, {}) == named

    def test_asking_for_a_render_pins_the_version_and_names_what_is_missing(self, uid: str) -> None:
        keep_asset(uid)
        document = KompositionService().save_komposition(uid, captioned({"transcriptId": "t"}))
        assert request_render(document, new_id()).inputs["transcripts"] == {"t": 2}
        two = captioned({"id": "one", "transcriptId": "t"}, {"id": "two", "transcriptId": "gone"})
        document = KompositionService().save_komposition(uid, two)
        with pytest.raises(InvalidKomposition) as refused:
            request_render(document, new_id())
        assert [error.pointer for error in refused.value.errors] == ["/komposition/tracks/caption/1/transcriptId"]
