"""Asking for clips: what is wrong is found while the user is still there to hear of it, and the job's inputs are written down."""

from typing import Literal

from pydantic import Field

from shared.assets import Asset, get_asset, why_unready
from shared.core.documents import StoredModel
from shared.core.errors import Conflict, InvalidInput
from shared.jobs import Job, JobKind, create_job, priority_of
from shared.media import MediaInfo
from shared.prompts import ClipRequest

Aspect = Literal["9:16", "1:1", "4:5", "16:9", "source"]
Platform = Literal["tiktok", "reels", "shorts", "youtube", "linkedin"]


class ClipOptions(StoredModel):
    """How the clips are made of what was selected.

    `captions`: the style of burnt captions, None for none. `tidy`: fillers, long silences and repeated takes are cut out.
    `variants`: the same moments also in these lengths, seconds. `ranker`: who ranks, None for the one that is set up.
    `render`: the clips are rendered at once, not when they are exported. `engine`, `language`, `speakers`: of the transcription,
    where there is no transcript yet."""

    aspect: Aspect = "9:16"
    captions: str | None = Field(default="karaoke", pattern=r"^[a-z][a-z0-9_]{0,31}$")
    platform: Platform | None = None
    tidy: bool = False
    variants: tuple[Literal[15, 30, 60], ...] = Field(default=(), max_length=3)
    ranker: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    render: bool = False
    engine: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)
    speakers: int | None = Field(default=None, ge=1, le=20)


class ClipInputs(StoredModel):
    """The inputs of a job of kind `clip`. Without a transcript, the job begins with making one. `prompt_id`: where the request is
    of a saved prompt, or of a preset."""

    asset_id: str
    version: int
    transcript_id: str | None = None
    prompt_id: str | None = None
    request: ClipRequest
    options: ClipOptions = ClipOptions()

    @classmethod
    def of(cls, job: Job) -> "ClipInputs":
        """What a job was asked for."""
        return cls.model_validate(job.inputs)


def request_clips(
    user_id: str,
    job_id: str,
    asset_id: str,
    request: ClipRequest,
    *,
    transcript_id: str | None = None,
    prompt_id: str | None = None,
    options: ClipOptions | None = None,
) -> Job:
    """Queue a job that finds and composes clips of an asset. The same job id again returns the same job.

    Raises NotFound, Conflict when the asset is not ready, and InvalidInput when it has no sound and no transcript is given."""
    asset = clippable_asset(user_id, asset_id, transcript_id)
    inputs = ClipInputs(
        asset_id=asset.id,
        version=asset.version,
        transcript_id=transcript_id,
        prompt_id=prompt_id,
        request=request,
        options=options or ClipOptions(),
    )
    document = inputs.model_dump(mode="json", by_alias=True)
    return create_job(user_id, JobKind.CLIP, document, priority_of(asset.size or 0), job_id)


def clippable_asset(user_id: str, asset_id: str, transcript_id: str | None) -> Asset:
    """The asset, if clips can be made of it. Raises as `request_clips`."""
    asset = get_asset(user_id, asset_id)
    unready = why_unready(asset_id, asset)
    if unready is not None:
        raise Conflict(unready[1])
    if asset.media is None:
        raise InvalidInput(f"Asset {asset_id} is no media file. Choose a recording.")
    if transcript_id is None and MediaInfo.model_validate(asset.media).audio is None:
        raise InvalidInput(
            f"Asset {asset_id} has no sound to find words in. Give a transcript.", pointer="/transcriptId"
        )
    return asset
