"""/v1/kompositions:multitrack: separate recordings of one conversation as a komposition that shows who talks."""

from flask import Response

from functions.http.answers import answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared.clips.multitrack import MultitrackRequest, request_multitrack

api = resource("multitrack")


@api.post("/v1/kompositions:multitrack", responses={202: Job})
@idempotent
def compose_multitrack(body: MultitrackRequest) -> Response:
    """Compose separate recordings of speakers and screens, put on one clock by their sound; follow the job, whose outputs name
    the komposition"""
    job = request_multitrack(principal().uid, resource_id(), body)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")
