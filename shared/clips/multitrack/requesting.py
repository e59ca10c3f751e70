"""Asking for a multi-track komposition: what is wrong is found while the user is still there to hear of it."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from pydantic import Field, field_validator

from shared.assets import Asset, input_assets
from shared.clips.multitrack.building import MAX_RECORDINGS, check_recordings
from shared.clips.multitrack.look import MultitrackLook
from shared.clips.multitrack.recording import Recording, RecordingRole, role_of
from shared.core.documents import Part
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import ID_PATTERN
from shared.jobs import Job, JobKind, create_job, priority_of
from shared.media import MediaInfo
from shared.transcripts import Transcript, get_transcript


class Track(Part):
    """An asset that is one of the recordings. What is left out is read from its file's name."""

    asset_id: str = Field(pattern=ID_PATTERN)
    role: RecordingRole | None = Field(default=None, description="What it is of: one speaker, a screen, or everybody")
    name: str | None = Field(default=None, min_length=1, max_length=100, description="Who speaks in it")
    transcript_id: str | None = Field(
        default=None, pattern=ID_PATTERN, description="What is said in it: all of these become captions"
    )


class MultitrackRequest(MultitrackLook):
    """The recordings of one conversation, and what the film of them looks and sounds like."""

    recordings: list[Track] = Field(min_length=2, max_length=MAX_RECORDINGS)
    title: str | None = Field(default=None, min_length=1, max_length=500)

    @field_validator("recordings")
    @classmethod
    def _each_once(cls, recordings: list[Track]) -> list[Track]:
        if len({track.asset_id for track in recordings}) < len(recordings):
            raise ValueError("an asset is named twice; name each recording once")
        return recordings


def request_multitrack(user_id: str, job_id: str, request: MultitrackRequest) -> Job:
    """Queue a job that listens to the recordings and saves the komposition. The same job id again returns the same job.

    Raises `InvalidOperation` pointing at assets that cannot be used, and InvalidInput for recordings that make no film."""
    assets = input_assets(user_id, [track.asset_id for track in request.recordings], below="/recordings")
    recordings = recordings_of(request.recordings, assets)
    check_recordings(recordings)
    spoken_in(user_id, request.recordings, recordings)
    params = request.model_dump(mode="json", by_alias=True, exclude_none=True)
    versions = [{"assetId": asset.id, "version": asset.version} for asset in assets]
    inputs: dict[str, Any] = {"inputs": versions, "params": params}
    size = sum(asset.size or 0 for asset in assets)
    return create_job(user_id, JobKind.MULTITRACK, inputs, priority_of(size), job_id)


def spoken_in(user_id: str, tracks: Sequence[Track], recordings: Sequence[Recording]) -> dict[str, Transcript]:
    """The transcripts that are named, by the ids of the recordings. Raises InvalidInput for one that is not there."""
    spoken = {}
    for place, (track, recording) in enumerate(zip(tracks, recordings, strict=True)):
        if track.transcript_id is not None:
            try:
                spoken[recording.id] = get_transcript(user_id, track.transcript_id).transcript
            except NotFound as error:
                raise InvalidInput(error.detail, pointer=f"/recordings/{place}/transcriptId") from error
    return spoken


def recordings_of(tracks: Sequence[Track], assets: Sequence[Asset]) -> list[Recording]:
    """What is known of each recording without listening to it."""
    ids = distinct([PurePath(asset.filename).stem for asset in assets])
    return [
        Recording(
            id=own,
            name=track.name or PurePath(asset.filename).stem,
            role=track.role or role_of(asset.filename),
            info=MediaInfo.model_validate(asset.media),
            asset_id=asset.id,
        )
        for own, track, asset in zip(ids, tracks, assets, strict=True)
    ]


def distinct(names: Sequence[str]) -> list[str]:
    """An id for each name, no two alike."""
    found: list[str] = []
    for name in names:
        own = re.sub(r"[^\w.-]+", "-", name)[:100].strip("-") or "recording"
        found.append(next(each for each in (own, *(f"{own}-{n}" for n in range(2, 1000))) if each not in found))
    return found
