"""/v1/clip-batches: clips of many recordings by one prompt, and one report on all of them."""

from typing import Self

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.clips import Clip, ClipPrompt
from functions.resources.jobs import JobError
from shared.clips.batches import (
    MOST_RECORDINGS,
    BatchEntry,
    ClipBatch,
    get_batch,
    list_batches,
    report_batch,
    request_batch,
)

api = resource("clip_batches")


class BatchWish(ClipPrompt):
    """Which clips of which recordings, and how."""

    asset_ids: list[Id] = Field(min_length=1, max_length=MOST_RECORDINGS, description="The recordings")


class BatchOfClips(WireModel):
    """A batch: its recordings, and the job of each, in the same order."""

    id: str
    asset_ids: list[str]
    job_ids: list[str]
    prompt_name: str
    created: str

    @classmethod
    def of(cls, batch: ClipBatch) -> Self:
        """The wire form."""
        return cls(**_told(batch))


class BatchRecording(WireModel):
    """What became of one recording until now."""

    asset_id: str
    job_id: str
    state: str
    progress: float
    error: JobError | None
    notes: list[str] = Field(description="What did not go as asked")
    clips: list[Clip] = Field(description="The best first; none before the job has succeeded")

    @classmethod
    def of(cls, entry: BatchEntry) -> "BatchRecording":
        """The wire form."""
        job = entry.job
        return cls(
            asset_id=entry.asset_id,
            job_id=job.id,
            state=job.state.value,
            progress=job.progress,
            error=JobError.model_validate(job.error.model_dump()) if job.error is not None else None,
            notes=job.outputs.get("notes", []),
            clips=[Clip.of(clip) for clip in entry.clips],
        )


class BatchReport(BatchOfClips):
    """A batch with all that came of it until now."""

    ended: int = Field(description="How many recordings are done, well or not")
    failed: int
    clips: int
    recordings: list[BatchRecording]


class BatchList(WireModel):
    """A page of batches, the newest first."""

    items: list[BatchOfClips]
    next_page_token: str | None


@api.post("/v1/clip-batches", responses={202: BatchOfClips})
@idempotent
def request_clip_batch(body: BatchWish) -> Response:
    """Find clips of many recordings by one prompt, after all that you ask for one at a time"""
    batch = request_batch(
        principal().uid,
        resource_id(),
        body.asset_ids,
        body.asked(principal().uid),
        prompt_id=body.prompt_id,
        options=body.options(),
    )
    return answer(BatchOfClips.of(batch), 202, Location=f"/v1/clip-batches/{batch.id}")


@api.get("/v1/clip-batches", responses={200: BatchList})
def list_clip_batches(query: PageQuery) -> Response:
    """Your batches of clips, the newest first"""
    page = list_batches(principal().uid, query.limit, query.page_token)
    items = [BatchOfClips.of(each) for each in page.items]
    return answer(BatchList(items=items, next_page_token=page.next_page_token))


@api.get("/v1/clip-batches/<string:id>", responses={200: BatchReport})
def get_clip_batch(path: IdPath) -> Response:
    """The report on a batch: every recording, how its job goes, and its clips"""
    batch = get_batch(principal().uid, path.id)
    entries = report_batch(batch)
    report = BatchReport(
        **_told(batch),
        ended=sum(entry.job.finished is not None for entry in entries),
        failed=sum(entry.job.error is not None for entry in entries),
        clips=sum(len(entry.clips) for entry in entries),
        recordings=[BatchRecording.of(entry) for entry in entries],
    )
    return answer(report)


def _told(batch: ClipBatch) -> dict[str, object]:
    told: dict[str, object] = batch.model_dump(mode="json", include=set(BatchOfClips.model_fields))
    return {**told, "prompt_name": batch.request.name}
