"""/v1/transcripts/{id}/versions: what was."""

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from functions.resources.transcripts.models import (
    FileQuery,
    StoredTranscript,
    TranscriptList,
    TranscriptSummary,
    conflict_problem,
    summary,
    whole,
)
from shared.transcripts import TranscriptConflict, get_transcript
from shared.transcripts.store import list_versions, restore_version

api = resource("transcript-versions")
api.register_error_handler(TranscriptConflict, conflict_problem)


class TranscriptVersionPath(WireModel):
    """A version of a transcript."""

    id: Id
    version: int = Field(ge=1, le=2**53)


@api.get("/v1/transcripts/<string:id>/versions", responses={200: TranscriptList})
def list_transcript_versions(path: IdPath, query: PageQuery) -> Response:
    """The versions of a transcript, the newest first: who saved what"""
    page = list_versions(principal().uid, path.id, query.limit, query.page_token)
    items = [TranscriptSummary.of(each) for each in page.items]
    return answer(TranscriptList(items=items, next_page_token=page.next_page_token))


@api.get("/v1/transcripts/<string:id>/versions/<int:version>", responses={200: StoredTranscript})
def get_transcript_version(path: TranscriptVersionPath, query: FileQuery) -> Response:
    """A transcript as it was: the document, or with `format` a file"""
    return whole(get_transcript(principal().uid, path.id, path.version), query)


@api.post("/v1/transcripts/<string:id>/versions/<int:version>/restore", responses={200: TranscriptSummary})
@idempotent
def restore_transcript_version(path: TranscriptVersionPath) -> Response:
    """Make an old version the next one"""
    uid = principal().uid
    return summary(restore_version(uid, path.id, path.version, author=uid, check=precondition().check))
