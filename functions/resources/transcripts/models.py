"""Transcripts on the wire."""

import re
from typing import Annotated, Any, Self
from urllib.parse import quote

from flask import Response, make_response, request
from pydantic import Field, JsonValue, model_validator

from functions.http.answers import Id, WireModel, answer
from functions.http.problems import KINDS, ConflictKept, problem
from shared import transcripts
from shared.core.errors import FieldError, InvalidInput, PreconditionFailed
from shared.transcripts import (
    Format,
    MalformedTranscript,
    Origin,
    TranscriptConflict,
    read_document,
    read_transcript,
    write_transcript,
)
from shared.transcripts.formats import extension, media_type

Title = Annotated[str, Field(min_length=1, max_length=500)]
Message = Annotated[str, Field(max_length=500, description="What this version is about")]
_UNSAFE = re.compile(r"[^\w.() +@-]")


class TranscriptSummary(WireModel):
    """A transcript as lists show it: all but what is said."""

    id: str
    asset_id: str | None
    title: str
    version: int
    language: str | None = Field(description="BCP 47")
    duration: float | None = Field(description="Of the recording, seconds")
    words: int
    speakers: list[str]
    origin: Origin | None
    created: str
    modified: str
    author: str | None
    message: str
    undo: int | None = Field(description="The version that undoing brings back")
    redo: int | None = Field(description="The version that redoing brings back")

    @classmethod
    def of(cls, summary: transcripts.TranscriptSummary) -> "TranscriptSummary":
        """The wire form."""
        fields: dict[str, Any] = summary.model_dump(mode="json", include=set(TranscriptSummary.model_fields))
        return TranscriptSummary.model_validate(fields)


class StoredTranscript(TranscriptSummary):
    """A transcript with what is said."""

    transcript: transcripts.Transcript


class TranscriptList(WireModel):
    """A page of transcripts."""

    items: list[TranscriptSummary]
    next_page_token: str | None


class TranscriptBody(WireModel):
    """What is said: the text of a file, or a JSON document of Kompo or of any Whisper."""

    text: str | None = Field(
        default=None, min_length=1, description="Of a file: SRT, WebVTT, json3, JSON or plain text"
    )
    format: Format | None = Field(default=None, description="Of `text`; left out: what it looks like")
    filename: str | None = Field(default=None, max_length=500, description="Of `text`: helps to tell its format")
    transcript: dict[str, JsonValue] | None = Field(default=None, description="JSON, instead of `text`")
    asset_id: Id | None = Field(default=None, description="The recording that it is of")
    title: Title | None = None
    message: Message = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.transcript is None):
            raise ValueError("Send either `text` or `transcript`")
        return self

    def read(self, duration: float | None) -> transcripts.Transcript:
        """What is said; a text without times is spread over `duration` seconds. Raises InvalidInput with line or place."""
        if self.text is not None:
            return read_transcript(self.text, self.format, filename=self.filename, duration=duration)
        try:
            return read_document(self.transcript, duration=duration)
        except MalformedTranscript as error:
            where = FieldError(f"/transcript{error.place or ''}", error.detail, error.errors[0].code)
            raise InvalidInput(error.detail, errors=[where]) from error


class FileQuery(WireModel):
    """As which file."""

    format: Format | None = Field(
        default=None, description="The file itself; left out: the document with its title, versions …"
    )
    speakers: bool = Field(default=False, description="Names in SRT too, where viewers see them")
    times: bool = Field(default=False, description="In plain text, when each paragraph begins")


def summary(saved: transcripts.TranscriptSummary, status: int = 200, **headers: str) -> Response:
    """The answer with a transcript without what is said."""
    return answer(TranscriptSummary.of(saved), status, etag=saved.etag, **headers)


def whole(stored: transcripts.StoredTranscript, query: FileQuery) -> Response:
    """The answer with a transcript: the document, or a file of a format."""
    if query.format is not None:
        return _file(stored, query.format, query)
    told = dict(TranscriptSummary.of(stored))
    # What is said was checked when it was read; for four hours, once more takes long.
    return answer(StoredTranscript.model_construct(**told, transcript=stored.transcript), etag=stored.etag)


def conflict_problem(error: TranscriptConflict) -> Response:
    """The problem for a save that came too late: it says where what was sent is kept."""
    url = f"/v1/transcripts/{error.transcript_id}/conflicts/{error.conflict_id}"
    kept = ConflictKept(id=error.conflict_id, url=url)
    return problem(KINDS[PreconditionFailed], error.detail, conflict=kept)


def _file(stored: transcripts.StoredTranscript, name: Format, query: FileQuery) -> Response:
    if request.if_none_match.contains(stored.etag):
        response = make_response("", 304)
    else:
        response = make_response(write_transcript(stored.transcript, name, speakers=query.speakers, times=query.times))
        response.content_type = f"{media_type(name)}; charset=utf-8"
        filename = f"{_UNSAFE.sub('_', stored.title)}.{extension(name)}"
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response.set_etag(stored.etag)
    return response
