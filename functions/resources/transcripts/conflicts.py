"""/v1/transcripts/{id}/conflicts: saves and edits that came too late."""

from typing import Annotated

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from functions.resources.transcripts.models import (
    FileQuery,
    StoredTranscript,
    TranscriptSummary,
    conflict_problem,
    summary,
    whole,
)
from shared.transcripts import TranscriptConflict
from shared.transcripts.store import delete_conflict, get_conflict, get_summary, list_conflicts, restore_conflict

api = resource("transcript-conflicts")
api.register_error_handler(TranscriptConflict, conflict_problem)


class TranscriptConflictPath(WireModel):
    """A save that came too late."""

    id: Id
    conflict: Annotated[str, Field(pattern=r"^conflict-[0-9a-f]{20}$")]


class RefusedTranscript(TranscriptSummary):
    """A save that came too late. `version` is the one that had been saved before it."""

    conflict_id: str


class RefusedTranscripts(WireModel):
    """Saves that came too late, the newest first."""

    items: list[RefusedTranscript]


@api.get("/v1/transcripts/<string:id>/conflicts", responses={200: RefusedTranscripts})
def list_transcript_conflicts(path: IdPath) -> Response:
    """Saves that came too late; what was sent is kept until you restore or delete it"""
    uid = principal().uid
    get_summary(uid, path.id)
    kept = list_conflicts(uid, path.id)
    items = [RefusedTranscript(**dict(TranscriptSummary.of(each)), conflict_id=name) for name, each in kept.items()]
    return answer(RefusedTranscripts(items=items))


@api.get("/v1/transcripts/<string:id>/conflicts/<string:conflict>", responses={200: StoredTranscript})
def get_transcript_conflict(path: TranscriptConflictPath, query: FileQuery) -> Response:
    """A save that came too late, with what is said"""
    return whole(get_conflict(principal().uid, path.id, path.conflict), query)


@api.post("/v1/transcripts/<string:id>/conflicts/<string:conflict>/restore", responses={200: TranscriptSummary})
@idempotent
def restore_transcript_conflict(path: TranscriptConflictPath) -> Response:
    """Make it the next version"""
    uid = principal().uid
    return summary(restore_conflict(uid, path.id, path.conflict, author=uid, check=precondition().check))


@api.delete("/v1/transcripts/<string:id>/conflicts/<string:conflict>", responses={204: None})
def delete_transcript_conflict(path: TranscriptConflictPath) -> Response:
    """Let go of it"""
    delete_conflict(principal().uid, path.id, path.conflict)
    return no_content()
