"""/v1/transcripts/{id}/edits, /find, /undo and /redo: working on what is said."""

from typing import Annotated

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, WireModel, answer, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from functions.resources.transcripts.models import Message, TranscriptSummary, conflict_problem, summary
from shared.transcripts import TranscriptConflict, get_transcript
from shared.transcripts.editing import MOST_EDITS, Edit, Query, edit_transcript, find
from shared.transcripts.store import redo, undo

api = resource("transcript-editing")
api.register_error_handler(TranscriptConflict, conflict_problem)


class Edits(WireModel):
    """Edits to make one after the other, all or none. Send If-Match: places count the words of the version that it names."""

    edits: Annotated[list[Edit], Field(min_length=1, max_length=MOST_EDITS)]
    message: Message = ""


class EditedTranscript(TranscriptSummary):
    """A transcript after edits. `changes`: how many places each of them changed."""

    changes: list[int]


class FindQuery(Query):
    """What to find."""

    limit: int = Field(default=100, ge=1, le=1000, description="Of the places that are told")


class FoundPlace(WireModel):
    """Where something is said. Words are counted through the whole transcript, from 0."""

    first: int
    last: int
    start: float = Field(description="Seconds of the recording")
    end: float
    text: str
    before: str = Field(description="What is said just before")
    after: str
    speaker: str | None


class FoundPlaces(WireModel):
    """The first places, in order, and how many there are in all."""

    total: int
    items: list[FoundPlace]


@api.post("/v1/transcripts/<string:id>/edits", responses={200: EditedTranscript})
@idempotent
def make_edits(path: IdPath, body: Edits) -> Response:
    """Edit words, times, segments and speakers; find and replace. Each go is a version that can be undone

    With If-Match, edits that come too late are made in the version that it names, and kept as a conflict."""
    uid = principal().uid
    saved, changes = edit_transcript(
        uid, path.id, body.edits, author=uid, message=body.message, check=precondition().check
    )
    told = EditedTranscript(**dict(TranscriptSummary.of(saved)), changes=list(changes))
    return answer(told, etag=saved.etag)


@api.post("/v1/transcripts/<string:id>/find", responses={200: FoundPlaces})
def find_words(path: IdPath, body: FindQuery) -> Response:
    """Where something is said; what `replace` would change"""
    stored = get_transcript(principal().uid, path.id)
    found = find(stored.transcript, body)
    items = [FoundPlace(**vars(each)) for each in found[: body.limit]]
    return answer(FoundPlaces(total=len(found), items=items), etag=stored.etag)


@api.post("/v1/transcripts/<string:id>/undo", responses={200: TranscriptSummary})
@idempotent
def undo_edit(path: IdPath) -> Response:
    """Take back the last edit; 409 where there is none"""
    uid = principal().uid
    return summary(undo(uid, path.id, author=uid, check=precondition().check))


@api.post("/v1/transcripts/<string:id>/redo", responses={200: TranscriptSummary})
@idempotent
def redo_edit(path: IdPath) -> Response:
    """Do again what was undone last; 409 where nothing was since the last edit"""
    uid = principal().uid
    return summary(redo(uid, path.id, author=uid, check=precondition().check))
