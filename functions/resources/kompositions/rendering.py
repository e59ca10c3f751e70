"""/v1/kompositions/{id}/render and /preview: the film, or something fast to look at."""

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from functions.resources.kompositions.models import service
from shared.kompositions import RenderMode, request_render

api = resource("rendering")


class Preview(WireModel):
    """What to look at: a frame, a sheet of frames, or the whole film, small."""

    mode: RenderMode = Field(default=RenderMode.PROXY, description="final is what /render makes")
    at: float = Field(default=0.0, ge=0, le=86_400, description="Of a frame: its moment in seconds")


@api.post("/v1/kompositions/<string:id>/render", responses={202: Job})
@idempotent
def render_komposition(path: IdPath) -> Response:
    """Render the newest version into an asset; follow the job"""
    return _request(path.id, RenderMode.FINAL)


@api.post("/v1/kompositions/<string:id>/preview", responses={202: Job})
@idempotent
def preview_komposition(path: IdPath, body: Preview) -> Response:
    """Render a frame, a contact sheet or a small proxy of the newest version; follow the job"""
    return _request(path.id, body.mode, body.at)


def _request(komposition_id: str, mode: RenderMode, at: float | None = None) -> Response:
    document = service.get_komposition(principal().uid, komposition_id)
    job = request_render(document, resource_id(), mode, at)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")
