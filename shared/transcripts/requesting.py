"""Asking for a transcription: what is wrong is found while the user is still there to hear of it."""

from typing import Literal

from pydantic import Field

from shared.assets import get_asset, why_unready
from shared.core.clock import now
from shared.core.documents import Part
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import ID_PATTERN
from shared.core.settings import settings
from shared.jobs import Job, JobKind, create_job, priority_of, read_controls
from shared.media import MediaInfo
from shared.transcripts.engines import Device, NoSound, check_request
from shared.transcripts.engines.whisper import NAME as WHISPER
from shared.transcripts.engines.whisper import best_device, preferred
from shared.transcripts.store import get_summary
from shared.transcripts.weights import bring_model, models_in_bucket, weights_there


class TranscribeRequest(Part):
    """How to transcribe. What is left out is found out, or is the best that is there."""

    language: str | None = Field(
        default=None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35, description="BCP 47"
    )
    engine: str | None = Field(default=None, max_length=100, description="faster-whisper or pocketsphinx")
    model: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="Of the engine: small, large-v3-turbo, …"
    )
    speakers: int | None = Field(default=None, ge=1, le=20, description="How many speak")
    device: Literal["auto", "cpu", "gpu"] = "auto"
    title: str | None = Field(default=None, min_length=1, max_length=500, description="Of the transcript")
    align: str | None = Field(
        default=None,
        pattern=ID_PATTERN,
        description="A transcript of yours: its words get the times at which they are heard; no new one is made",
    )

    @property
    def engine_device(self) -> Device | None:
        """As engines name it; None where either will do."""
        devices: dict[str, Device] = {"cpu": "cpu", "gpu": "cuda"}
        return devices.get(self.device)


def request_transcription(user_id: str, job_id: str, asset_id: str, request: TranscribeRequest) -> Job:
    """Queue the transcription of an asset. The same job id again returns the same job.

    Raises NotFound, Conflict when the asset is not ready, `NoSound`, `UnknownEngine`, `UnknownLanguage`, and InvalidInput when
    there is no transcript to align."""
    asset = get_asset(user_id, asset_id)
    _check_aligned(user_id, request.align)
    unready = why_unready(asset_id, asset)
    if unready is not None:
        raise Conflict(unready[1])
    if asset.media is None or MediaInfo.model_validate(asset.media).audio is None:
        raise NoSound(f"Asset {asset_id} has no sound, so there is nothing to transcribe.")
    check_request(request.engine, request.language)
    params = request.model_dump(mode="json", by_alias=True, exclude_none=True)
    inputs = {"assetId": asset.id, "version": asset.version, "params": params}
    gpu = _on_gpu(request)
    return create_job(user_id, JobKind.TRANSCRIBE, inputs, priority_of(asset.size or 0), job_id, gpu=gpu)


def _check_aligned(user_id: str, transcript_id: str | None) -> None:
    try:
        if transcript_id is not None:
            get_summary(user_id, transcript_id)
    except NotFound as error:
        raise InvalidInput(error.detail, pointer="/align") from error


def bring_weights(request: TranscribeRequest) -> None:
    """Have the model that the request is best served with on this machine, if the deployment has one."""
    if request.engine not in (None, WHISPER):
        return
    here, there = weights_there("speech"), models_in_bucket("speech")
    device = request.engine_device or best_device()
    wanted = request.model or preferred(sorted({*here, *there}), device)
    if wanted in there and wanted not in here:
        bring_model("speech", wanted)


def _on_gpu(request: TranscribeRequest) -> bool:
    """As was asked; where either will do, as the deployment does it, unless a control says otherwise."""
    if request.device != "auto":
        return request.device == "gpu"
    return settings().transcribe_on == "gpu" and read_controls().device(now()) != "cpu"
