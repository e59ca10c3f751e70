"""/v1/transcripts: bringing in, reading, listing and deleting them."""

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.transcripts.models import (
    FileQuery,
    StoredTranscript,
    TranscriptBody,
    TranscriptList,
    TranscriptSummary,
    conflict_problem,
    summary,
    whole,
)
from shared import transcripts
from shared.assets import get_asset
from shared.core.errors import InvalidInput, NotFound
from shared.media import MediaInfo
from shared.transcripts import TranscriptConflict

api = resource("transcripts")
api.register_error_handler(TranscriptConflict, conflict_problem)


class TranscriptsQuery(PageQuery):
    """Which transcripts."""

    asset_id: Id | None = Field(default=None, description="Only those of this recording")


@api.get("/v1/transcripts", responses={200: TranscriptList})
def list_transcripts(query: TranscriptsQuery) -> Response:
    """Your transcripts, or those of an asset, last changed first"""
    page = transcripts.list_transcripts(principal().uid, query.limit, query.page_token, query.asset_id)
    items = [TranscriptSummary.of(each) for each in page.items]
    return answer(TranscriptList(items=items, next_page_token=page.next_page_token))


@api.post("/v1/transcripts", responses={201: TranscriptSummary})
@idempotent
def create_transcript(body: TranscriptBody) -> Response:
    """Bring in a transcript of any format; every word gets a time. `POST /v1/assets/{id}/transcribe` makes one of a recording"""
    uid = principal().uid
    saved = transcripts.create_transcript(
        uid,
        resource_id(),
        body.asset_id,
        body.read(_duration(uid, body.asset_id)),
        title=body.title or body.filename,
        author=uid,
        message=body.message,
    )
    return summary(saved, 201, Location=f"/v1/transcripts/{saved.id}")


@api.get("/v1/transcripts/<string:id>", responses={200: StoredTranscript})
def get_transcript(path: IdPath, query: FileQuery) -> Response:
    """A transcript at its newest version: the document, or with `format` a file"""
    return whole(transcripts.get_transcript(principal().uid, path.id), query)


@api.put("/v1/transcripts/<string:id>", responses={200: TranscriptSummary, 201: TranscriptSummary})
def put_transcript(path: IdPath, body: TranscriptBody) -> Response:
    """Create the transcript or save its next version. With If-Match, a save that comes too late is kept as a conflict"""
    uid = principal().uid
    saved = transcripts.save_transcript(
        uid,
        body.asset_id,
        body.read(_duration(uid, body.asset_id)),
        transcript_id=path.id,
        title=body.title,
        author=uid,
        message=body.message,
        check=precondition().check,
    )
    return summary(saved, 201 if saved.version == 1 else 200)


@api.delete("/v1/transcripts/<string:id>", responses={204: None})
def delete_transcript(path: IdPath) -> Response:
    """Delete a transcript with all its versions"""
    transcripts.delete_transcript(principal().uid, path.id, precondition().check)
    return no_content()


def _duration(uid: str, asset_id: str | None) -> float | None:
    """How long the recording is, as far as that is known. Raises InvalidInput for one that is not there."""
    if asset_id is None:
        return None
    try:
        asset = get_asset(uid, asset_id)
    except NotFound as error:
        raise InvalidInput(error.detail, pointer="/assetId") from error
    return MediaInfo.model_validate(asset.media).duration if asset.media is not None else None
