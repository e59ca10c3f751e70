"""YouTube's json3: events in milliseconds, segments of text with the offset at which each is said."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from shared.transcripts.formats.cue import Cue, Cues, Piece
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.reading_json import place_of
from shared.transcripts.transcript import Segment, Transcript
from shared.transcripts.wording import separator

CODE = "malformed-json3"
_LATEST = 10**9
"""Milliseconds: eleven days."""


class _Seg(BaseModel):
    model_config = ConfigDict(extra="ignore")
    utf8: str = ""
    offset: int = Field(default=0, alias="tOffsetMs", ge=0, le=_LATEST)


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore")
    start: int = Field(default=0, alias="tStartMs", ge=0, le=_LATEST)
    duration: int = Field(default=0, alias="dDurationMs", ge=0, le=_LATEST)
    segs: list[_Seg] = []

    @field_validator("segs", mode="before")
    @classmethod
    def _no_segs(cls, told: Any) -> Any:
        return [] if told is None else told


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")
    events: list[_Event]


def read_json3(document: Any) -> Cues:
    """The cues, each word with the start that the file has for it. Raises MalformedTranscript, naming the place."""
    try:
        told = _File.model_validate(document)
    except ValidationError as error:
        place, detail = place_of(error)
        raise MalformedTranscript(detail, CODE, place=place) from error
    return Cues(tuple(_cue(event) for event in told.events if "".join(seg.utf8 for seg in event.segs).strip()))


def write_json3(transcript: Transcript) -> dict[str, Any]:
    """An event for each segment. Speakers and the ends of words are lost: the format has no place for them."""
    return {"wireMagic": "pb3", "events": [_event(segment) for segment in transcript.segments]}


def _cue(event: _Event) -> Cue:
    """Words have times of their own where one of them has an offset; a text in one piece is a cue like any other."""
    timed = any("offset" in seg.model_fields_set for seg in event.segs)
    pieces = tuple(
        Piece(seg.utf8, (event.start + seg.offset) / 1000 if timed and seg.utf8.strip() else None) for seg in event.segs
    )
    latest = max((seg.offset for seg in event.segs), default=0)
    return Cue(event.start / 1000, (event.start + max(event.duration, latest)) / 1000, pieces, lingers=timed)


def _event(segment: Segment) -> dict[str, Any]:
    start = round(segment.start * 1000)
    segs: list[dict[str, Any]] = []
    before = ""
    for word in segment.words:
        offset = max(0, round(word.start * 1000) - start)
        segs.append({"utf8": f"{separator(before, word.word)}{word.word}", **({"tOffsetMs": offset} if offset else {})})
        before = word.word
    return {"tStartMs": start, "dDurationMs": max(0, round(segment.end * 1000) - start), "segs": segs}
