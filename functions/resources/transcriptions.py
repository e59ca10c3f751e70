"""/v1/assets/{id}/transcribe: what is said in an asset, as a job."""

from flask import Response

from functions.http.answers import IdPath, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared.transcripts import TranscribeRequest, request_transcription

api = resource("transcriptions")


@api.post("/v1/assets/<string:id>/transcribe", responses={202: Job})
@idempotent
def transcribe_asset(path: IdPath, body: TranscribeRequest) -> Response:
    """Transcribe an asset, word by word; follow the job, whose outputs name the transcript"""
    job = request_transcription(principal().uid, resource_id(), path.id, body)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")
