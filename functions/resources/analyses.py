"""/v1/assets/{id}/analyze and /v1/assets/{id}/analysis: what is seen and heard in an asset."""

from flask import Response

from functions.http.answers import IdPath, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared.analysis import AnalyzeRequest, MediaAnalysis, get_analysis, request_analysis

api = resource("analysis")


@api.post("/v1/assets/<string:id>/analyze", responses={202: Job})
@idempotent
def analyze_asset(path: IdPath, body: AnalyzeRequest) -> Response:
    """Find out what is seen and heard in an asset: scenes, faces, loudness, silences, laughter; follow the job"""
    job = request_analysis(principal().uid, resource_id(), path.id, body)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@api.get("/v1/assets/<string:id>/analysis", responses={200: MediaAnalysis})
def read_analysis(path: IdPath) -> Response:
    """What was found out about an asset"""
    return answer(get_analysis(principal().uid, path.id))
