"""/v1/clips: the moments that were found, what you make of them, what becomes of them, and what is learnt from that."""

from typing import Annotated, Any, Self

from flask import Response
from pydantic import ConfigDict, Field, JsonValue, model_validator

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared import clips
from shared.clips import (
    MOST_LENGTHS,
    MOST_SIGNALS,
    AnySignal,
    ClipLook,
    ClipOptions,
    ClipScores,
    ClipSegment,
    ClipState,
    Tidy,
)
from shared.clips.clip import ClipCut, ClipVariant
from shared.clips.requesting import VariantSeconds
from shared.prompts import DEFAULT, LONGEST, MAX_TEXT, SHORTEST, ClipRequest, fill, get_prompt

api = resource("clips")

Hashtag = Annotated[str, Field(min_length=1, max_length=100)]


class ClipsQuery(PageQuery):
    """Which clips."""

    asset_id: Id | None = Field(default=None, description="Of this recording")
    job_id: Id | None = Field(default=None, description="Made by this job")
    state: ClipState | None = None


class ClipOutcome(WireModel):
    """What became of a clip, summed up from all that was heard of it."""

    views: int
    watched: float | None = Field(description="The mean share of it that viewers saw, 0 to 1")
    retention: list[float] = Field(
        description="The share of viewers still there at 0, 5, 10 … 100 % of it; empty: unknown"
    )
    edited: float | None = Field(description="How much of it was cut anew, 0 to 1")
    exports: int
    stars: int | None
    success: float | None = Field(description="How well it did by all of that, 0 to 1; null while nothing is known")


class Clip(WireModel):
    """A clip. What it shows, how it is framed and captioned is its komposition's: edit that, and export the clip again."""

    id: str
    asset_id: str
    transcript_id: str
    job_id: str
    komposition_id: str
    place: int = Field(description="0 for the best of its job")
    prompt_id: str | None
    prompt_name: str
    prompt_version: int
    category: str
    ranker: str
    state: ClipState
    title: str
    hooks: list[str] = Field(description="Other titles to try, the best first")
    reason: str
    scores: ClipScores
    predicted: float = Field(
        description="How well it is likely to do, 0 to 1, calibrated by what became of earlier clips"
    )
    segments: list[ClipSegment]
    duration: float = Field(description="Seconds")
    transcript: str
    hashtags: list[str]
    speakers: list[str]
    variants: list[ClipVariant] = Field(description="The same moment in other lengths")
    variant_of: str | None = Field(description="The clip that this is in another length")
    variant_seconds: float | None = Field(description="At most how long it was to be, if it is a variant")
    cuts: list[ClipCut] = Field(description="What tidying took out of it, and why")
    outcome: ClipOutcome
    export_job_id: str | None = Field(description="The job that rendered it last")
    created: str
    modified: str

    @classmethod
    def of(cls, stored: clips.StoredClip) -> "Clip":
        """The wire form."""
        told: dict[str, Any] = stored.model_dump(mode="json", include=set(cls.model_fields) - {"outcome"})
        shown: dict[str, Any] = stored.clip.model_dump(
            mode="json", include=set(cls.model_fields) - {"id", "scores", "segments", "variants", "variant_of", "cuts"}
        )
        variant = stored.clip.variant_of
        return cls.model_validate(
            {
                **shown,
                **told,
                "scores": stored.clip.scores,
                "segments": list(stored.clip.segments),
                "variants": list(stored.clip.variants),
                "variant_seconds": variant.target if variant is not None else None,
                "cuts": list(stored.clip.cuts),
                "outcome": _outcome(stored.outcome),
            }
        )


class ClipList(WireModel):
    """A page of clips, the newest first."""

    items: list[Clip]
    next_page_token: str | None


class ClipChange(WireModel):
    """What of a clip is to change; what is left out stays."""

    title: str | None = Field(default=None, min_length=1, max_length=120)
    hashtags: list[Hashtag] | None = Field(default=None, max_length=30)
    state: ClipState | None = Field(default=None, description="kept or discarded: the next selections learn from it")


class WantedLook(ClipLook):
    """What clips look and sound like; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ClipPrompt(WireModel):
    """Which clips, and how. Name a prompt, or say in your own words what the clips should do; neither: viral."""

    prompt_id: Id | None = Field(default=None, description="A preset by its name, or a prompt of yours")
    prompt_version: int | None = Field(default=None, ge=1, le=2**53, description="Left out: the newest")
    prompt: str | None = Field(
        default=None, min_length=1, max_length=MAX_TEXT, description='Your own words, such as "explain a mistake"'
    )
    variables: dict[str, JsonValue] = Field(default={}, description="Values for the prompt's variables, by name")
    look: WantedLook = Field(default=WantedLook())
    render: bool = Field(default=False, description="Render all clips at once, not when they are exported")
    variants: list[VariantSeconds] = Field(
        default=[], max_length=3, description="Make each clip in these lengths too, seconds, as clips of their own"
    )
    tidy: bool = Field(
        default=False,
        description="Take fillers, silences and what was said again out of the clips; each tells what went",
    )
    tidy_margin: float = Field(
        default=Tidy().margin, ge=0, le=2, description="Seconds left of a silence on each side of what is heard"
    )
    ranker: str | None = Field(default=None, max_length=32, description="Left out, the one that this deployment uses")
    engine: str | None = Field(default=None, max_length=32, description="Of the transcription")
    language: str | None = Field(default=None, max_length=35, description="Of what is said, BCP 47")
    speakers: int | None = Field(default=None, ge=1, le=20, description="How many speak")

    @model_validator(mode="after")
    def _one_prompt(self) -> Self:
        if self.prompt is not None and self.prompt_id is not None:
            raise ValueError("Give prompt or promptId, not both.")
        return self

    def asked(self, user_id: str) -> ClipRequest:
        """What the prompt asks for with the values."""
        if self.prompt is not None:
            return clips.in_words(self.prompt, self.variables)
        return fill(get_prompt(user_id, self.prompt_id or DEFAULT, self.prompt_version), self.variables)

    def options(self) -> ClipOptions:
        """How the clips are made."""
        told = {name: getattr(self, name) for name in ClipOptions.model_fields if name != "tidy"}
        return ClipOptions.model_validate({**told, "tidy": Tidy(margin=self.tidy_margin) if self.tidy else None})


class ClipWish(ClipPrompt):
    """Which clips of a recording, and how."""

    transcript_id: Id | None = Field(default=None, description="Left out, the recording is transcribed first")


class LengthsWish(WireModel):
    """In which other lengths a clip is to be made. What is left out is as it was when the clip was made."""

    lengths: list[Annotated[int, Field(ge=SHORTEST, le=LONGEST)]] = Field(
        min_length=1, max_length=MOST_LENGTHS, description="At most how many seconds long, such as 15, 30 and 60"
    )
    look: WantedLook | None = None
    tidy: bool | None = Field(default=None, description="Take fillers, silences and what was said again out")
    render: bool = Field(default=False, description="Render the variants at once, not when they are exported")


class Feedback(WireModel):
    """What happened to a clip: on the platforms that it is shown on, and in its owner's hands."""

    events: list[AnySignal] = Field(min_length=1, max_length=MOST_SIGNALS)


class Heard(WireModel):
    """What was taken in. Events whose id came before, for this clip, are not counted again."""

    recorded: int
    clip: Clip


@api.post("/v1/assets/<string:id>/clips", responses={202: Job})
@idempotent
def request_clips(path: IdPath, body: ClipWish) -> Response:
    """Find the moments of a recording that a prompt asks for, and compose a clip of each; follow the job"""
    job = clips.request_clips(
        principal().uid,
        resource_id(),
        path.id,
        body.asked(principal().uid),
        transcript_id=body.transcript_id,
        prompt_id=body.prompt_id,
        options=body.options(),
    )
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@api.get("/v1/clips", responses={200: ClipList})
def list_clips(query: ClipsQuery) -> Response:
    """Your clips, the newest first"""
    page = clips.list_clips(
        principal().uid,
        query.limit,
        query.page_token,
        asset_id=query.asset_id,
        job_id=query.job_id,
        state=query.state,
    )
    return answer(ClipList(items=[Clip.of(each) for each in page.items], next_page_token=page.next_page_token))


@api.get("/v1/clips/<string:id>", responses={200: Clip})
def get_clip(path: IdPath) -> Response:
    """A clip: what it shows, why it was chosen, and what became of it"""
    return _told(clips.get_clip(principal().uid, path.id))


@api.put("/v1/clips/<string:id>", responses={200: Clip})
def put_clip(path: IdPath, body: ClipChange) -> Response:
    """Change the title and the hashtags, keep or discard; send If-Match so that nobody's work is lost"""
    changed = clips.update_clip(
        principal().uid,
        path.id,
        title=body.title,
        hashtags=body.hashtags,
        state=body.state,
        check=precondition().check,
    )
    return _told(changed)


@api.delete("/v1/clips/<string:id>", responses={204: None})
def delete_clip(path: IdPath) -> Response:
    """Delete a clip and what was heard of it; its komposition stays"""
    clips.delete_clip(principal().uid, path.id, precondition().check)
    return no_content()


@api.post("/v1/clips/<string:id>/variants", responses={202: Job})
@idempotent
def vary_clip(path: IdPath, body: LengthsWish) -> Response:
    """Make a clip in other lengths, as clips of their own that name it; follow the job. One that is there is not made again"""
    job = clips.request_lengths(
        principal().uid,
        resource_id(),
        path.id,
        body.lengths,
        look=body.look,
        tidy=body.tidy,
        render=body.render,
    )
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@api.post("/v1/clips/<string:id>/export", responses={202: Job})
@idempotent
def export_clip(path: IdPath) -> Response:
    """Render the clip's komposition as it is now; follow the job"""
    job = clips.export_clip(principal().uid, path.id, resource_id())
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@api.post("/v1/clips/<string:id>/feedback", responses={200: Heard})
def record_feedback(path: IdPath, body: Feedback) -> Response:
    """Tell what happened to a clip: views, how long people watched, ratings; the next selections learn from it"""
    clip, recorded = clips.record_signals(principal().uid, path.id, body.events)
    return answer(Heard(recorded=recorded, clip=Clip.of(clip)))


def _told(clip: clips.StoredClip) -> Response:
    return answer(Clip.of(clip), etag=clip.etag)


def _outcome(outcome: clips.Outcome) -> ClipOutcome:
    known = clips.evidence(outcome)
    fields = {name: getattr(outcome, name) for name in ClipOutcome.model_fields if name != "success"}
    return ClipOutcome(
        **{**fields, "retention": list(outcome.retention)}, success=known.success if known.weight else None
    )
