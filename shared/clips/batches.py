"""Batches: clips of many recordings by one prompt, each recording a job of its own, told of in one report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from google.cloud.firestore import CollectionReference, FieldFilter
from pydantic import Field

from shared.clips.requesting import ClipOptions, clippable_asset, request_clips
from shared.clips.stored import StoredClip, clips_of, parse_clip
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import StoredModel, newest_first
from shared.core.errors import FieldError, InvalidInput, KompoError, NotFound
from shared.core.paging import Page
from shared.jobs import Job, Priority, get_job
from shared.prompts import ClipRequest

MOST_RECORDINGS = 30
"""In one batch."""


class ClipBatch(StoredModel):
    """The document `users/{uid}/clip_batches/{id}`: which recordings, and the job of each, in the same order."""

    id: str
    user_id: str
    asset_ids: tuple[str, ...] = Field(min_length=1, max_length=MOST_RECORDINGS)
    job_ids: tuple[str, ...]
    request: ClipRequest
    created: datetime


@dataclass(frozen=True)
class BatchEntry:
    """What became of one recording until now. `clips`: the best first; none before its job has succeeded."""

    asset_id: str
    job: Job
    clips: tuple[StoredClip, ...]


def request_batch(
    user_id: str,
    batch_id: str,
    asset_ids: Sequence[str],
    request: ClipRequest,
    *,
    prompt_id: str | None = None,
    options: ClipOptions | None = None,
) -> ClipBatch:
    """Queue a job for each recording, after all that is asked for one at a time. The same batch id again returns the same batch.

    Raises InvalidInput naming each asset that is not there or not ready, before anything is queued."""
    wanted = list(dict.fromkeys(asset_ids))
    _check(user_id, wanted)
    jobs = [
        request_clips(
            user_id,
            f"{batch_id}-{number}",
            asset_id,
            request,
            prompt_id=prompt_id,
            options=options,
            priority=Priority.LOW,
        )
        for number, asset_id in enumerate(wanted, start=1)
    ]
    batch = ClipBatch(
        id=batch_id,
        user_id=user_id,
        asset_ids=tuple(wanted),
        job_ids=tuple(job.id for job in jobs),
        request=request,
        created=now(),
    )
    reference = _batches_of(user_id).document(batch_id)
    if not reference.get(["id"]).exists:
        reference.set({**batch.model_dump(by_alias=True), "request": request.model_dump(mode="json", by_alias=True)})
    return batch


def get_batch(user_id: str, batch_id: str) -> ClipBatch:
    """A batch of the user. Raises NotFound."""
    stored = _batches_of(user_id).document(batch_id).get().to_dict()
    if stored is None:
        raise NotFound(f"There is no batch of clips {batch_id}.")
    return ClipBatch.model_validate(stored)


def list_batches(user_id: str, limit: int, page_token: str | None = None) -> Page[ClipBatch]:
    """The user's batches, the newest first."""
    return newest_first(_batches_of(user_id), ClipBatch.model_validate, limit, page_token)


def report_batch(batch: ClipBatch) -> list[BatchEntry]:
    """What became of each recording until now, in the order in which they were asked for."""
    return [
        BatchEntry(asset_id, get_job(batch.user_id, job_id), tuple(_clips_of_job(batch.user_id, job_id)))
        for asset_id, job_id in zip(batch.asset_ids, batch.job_ids, strict=True)
    ]


def _check(user_id: str, asset_ids: Sequence[str]) -> None:
    problems = []
    for number, asset_id in enumerate(asset_ids):
        try:
            clippable_asset(user_id, asset_id, None)
        except KompoError as error:
            problems.append(FieldError(f"/assetIds/{number}", error.detail, "unusable_asset"))
    if problems:
        raise InvalidInput(f"{len(problems)} of the recordings cannot be used. {problems[0].detail}", errors=problems)


def _clips_of_job(user_id: str, job_id: str) -> list[StoredClip]:
    found = clips_of(user_id).where(filter=FieldFilter("jobId", "==", job_id)).stream()
    return sorted((parse_clip(each.to_dict() or {}) for each in found), key=lambda clip: clip.place)


def _batches_of(user_id: str) -> CollectionReference:
    found: CollectionReference = firestore_client().collection("users", user_id, "clip_batches")
    return found
