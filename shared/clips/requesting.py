"""Asking for clips: what is wrong is found while the user is still there to hear of it, and the job's inputs are written down."""

from typing import Literal

from pydantic import Field

from shared.assets import Asset, get_asset, why_unready
from shared.clips.look import ClipLook
from shared.clips.ranking import get_ranker
from shared.clips.tidying import Tidy
from shared.core.documents import StoredModel
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.jobs import Job, JobKind, Priority, create_job, priority_of
from shared.media import MediaInfo
from shared.prompts import ClipRequest
from shared.transcripts import check_request, get_transcript

VariantSeconds = Literal[15, 30, 60]


class ClipOptions(StoredModel):
    """How the clips are made of what was selected, and how that is done.

    `render`: the clips are rendered at once, not when they are exported. `variants`: lengths in which each clip is
    made once more. `tidy`: how they are tidied, None for as they are. `ranker`: who ranks, None for the one of the settings.
    `engine`, `language`, `speakers`: of the transcription, where there is no transcript yet."""

    look: ClipLook = ClipLook()
    render: bool = False
    variants: tuple[VariantSeconds, ...] = Field(default=(), max_length=3)
    tidy: Tidy | None = None
    ranker: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    engine: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)
    speakers: int | None = Field(default=None, ge=1, le=20)


class WantedLengths(StoredModel):
    """Of a job that makes one clip, `clip_id`, once more: at most how many seconds long each variant is to be."""

    clip_id: str
    seconds: tuple[int, ...] = Field(min_length=1)


class ClipInputs(StoredModel):
    """The inputs of a job of kind `clip`. Without a transcript, the job begins with making one. `prompt_id`: where the request is
    of a saved prompt, or of a preset. `lengths`: where no moments are to be found, but a clip that is there is to be varied."""

    asset_id: str
    version: int
    transcript_id: str | None = None
    prompt_id: str | None = None
    request: ClipRequest
    options: ClipOptions = ClipOptions()
    lengths: WantedLengths | None = None

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
    priority: Priority | None = None,
) -> Job:
    """Queue a job that finds and composes clips of an asset. The same job id again returns the same job. `priority`: by the
    asset's size unless given.

    Raises NotFound, Conflict when the asset is not ready, InvalidInput when it has no sound and no transcript is given or the
    transcript is not there, UnknownRanker, and, where it is to be transcribed, UnknownEngine and UnknownLanguage."""
    wanted = options or ClipOptions()
    get_ranker(wanted.ranker)
    if transcript_id is None:
        check_request(wanted.engine, wanted.language)
    asset = clippable_asset(user_id, asset_id, transcript_id)
    inputs = ClipInputs(
        asset_id=asset.id,
        version=asset.version,
        transcript_id=transcript_id,
        prompt_id=prompt_id,
        request=request,
        options=wanted,
    )
    document = inputs.model_dump(mode="json", by_alias=True)
    return create_job(user_id, JobKind.CLIP, document, priority or priority_of(asset.size or 0), job_id)


def clippable_asset(user_id: str, asset_id: str, transcript_id: str | None) -> Asset:
    """The asset, if clips can be made of it. Raises as `request_clips`."""
    asset = get_asset(user_id, asset_id)
    unready = why_unready(asset_id, asset)
    if unready is not None:
        raise Conflict(unready[1])
    if asset.media is None:
        raise InvalidInput(f"Asset {asset_id} is no media file. Choose a recording.")
    if transcript_id is not None:
        _check_transcript(user_id, transcript_id)
    elif MediaInfo.model_validate(asset.media).audio is None:
        raise InvalidInput(
            f"Asset {asset_id} has no sound to find words in. Give a transcript.", pointer="/transcriptId"
        )
    return asset


def _check_transcript(user_id: str, transcript_id: str) -> None:
    try:
        get_transcript(user_id, transcript_id)
    except NotFound as error:
        raise InvalidInput(error.detail, pointer="/transcriptId") from error
