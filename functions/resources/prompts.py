"""/v1/prompts: what clips are found by: the presets, and your own, in every version."""

from enum import StrEnum
from typing import Annotated, Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from shared import prompts
from shared.clips import Clip, ClipOptions, ClipScores, ClipSegment, Trial, try_prompt
from shared.prompts import CATEGORY, MAX_TEMPLATE, MAX_VARIABLES, PromptVariable

api = resource("prompts")

Category = Annotated[str, Field(pattern=CATEGORY, description="What is learnt from how clips do is learnt for it")]


class PromptScope(StrEnum):
    """Whose prompts."""

    PRESETS = "presets"
    MINE = "mine"


class PromptsQuery(PageQuery):
    """Which prompts."""

    scope: PromptScope = Field(default=PromptScope.PRESETS, description="Those that everybody has, or your own")
    category: Category | None = None


class PromptBody(WireModel):
    """A prompt: a text in which `{name}` is where the value of a variable goes."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)
    category: Category = "custom"
    prompt_template: str = Field(
        min_length=1, max_length=MAX_TEMPLATE, description="`{{` and `}}` are braces that are meant as such"
    )
    variables: list[PromptVariable] = Field(
        default_factory=list,
        max_length=MAX_VARIABLES,
        description="Besides clip_count, duration, engagement_factor and user_criteria, which need not be declared",
    )


class Prompt(WireModel):
    """A prompt with all that can be set in it. The presets have their names as ids, and no times."""

    id: str
    name: str
    description: str
    category: str
    prompt_template: str
    variables: list[PromptVariable] = Field(description="Those that it declares")
    all_variables: list[PromptVariable] = Field(description="Those, and the ones that every prompt has")
    version: int
    preset: bool
    created: str | None
    modified: str | None

    @classmethod
    def of(cls, prompt: prompts.Prompt) -> "Prompt":
        """The wire form."""
        own = prompt if isinstance(prompt, prompts.StoredPrompt) else None
        fields: dict[str, Any] = prompt.model_dump(mode="json", include=set(cls.model_fields))
        told = {"id": prompt.name, "created": None, "modified": None, "preset": own is None, **fields}
        return cls.model_validate({**told, "all_variables": list(prompt.all_variables.values())})


class PromptList(WireModel):
    """A page of prompts: the presets, or your own, the last changed first."""

    items: list[Prompt]
    next_page_token: str | None


class PromptVersionPath(WireModel):
    """A version of a prompt."""

    id: Id
    version: int = Field(ge=1, le=2**53)


class DryRun(WireModel):
    """Values to try a prompt with, and a recording to try it on."""

    variables: dict[str, JsonValue] = Field(default={}, description="By name; those left out have their defaults")
    version: int | None = Field(default=None, ge=1, le=2**53, description="Left out: the newest")
    asset_id: Id | None = Field(default=None, description="A recording: what would a run cost?")
    transcript_id: Id | None = Field(default=None, description="What is said in it: which clips would be chosen?")
    ranker: str | None = Field(default=None, max_length=32, description="Left out, the one that this deployment uses")
    render: bool = Field(default=False, description="Whether the clips would be rendered at once")


class RunEstimate(WireModel):
    """What a run would take."""

    seconds: float = Field(description="Of the job")
    machine_usd: float
    input_tokens: int = Field(description="That a language model reads; 0 without one")
    output_tokens: int = Field(description="That it writes")
    model_usd: float | None = Field(description="Their price; null where this deployment does not say what it pays")
    cost_usd: float = Field(description="All that has a price")


class TriedClip(WireModel):
    """A clip that would be chosen."""

    title: str
    hooks: list[str]
    reason: str
    scores: ClipScores
    segments: list[ClipSegment]
    duration: float = Field(description="Seconds")
    transcript: str
    hashtags: list[str]


class TriedPrompt(WireModel):
    """What comes of a prompt. Nothing of it is kept."""

    prompt: str = Field(description="The text with the values in it")
    tokens: int = Field(description="About how many it has")
    clip_count: list[int] = Field(description="From and to")
    duration: list[float] = Field(description="Seconds, from and to")
    category: str
    estimate: RunEstimate | None = Field(description="Null where no recording is named")
    clips: list[TriedClip] | None = Field(
        description="Null where no transcript is named. Where a language model ranks, what is measured stands in for it"
    )
    notes: list[str]

    @classmethod
    def of(cls, trial: Trial) -> "TriedPrompt":
        """The wire form."""
        request, chosen = trial.request, trial.selection
        return cls(
            prompt=request.text,
            tokens=trial.tokens,
            clip_count=list(request.clip_count),
            duration=list(request.duration),
            category=request.category,
            estimate=RunEstimate.model_validate(trial.estimate.model_dump()) if trial.estimate else None,
            clips=[_tried(clip) for clip in chosen.clips] if chosen else None,
            notes=list(chosen.notes) if chosen else [],
        )


@api.get("/v1/prompts", responses={200: PromptList})
def list_prompts(query: PromptsQuery) -> Response:
    """The presets; or your own prompts, the last changed first"""
    if query.scope is PromptScope.PRESETS:
        found = [each for each in prompts.presets().values() if query.category in (None, each.category)]
        return answer(PromptList(items=[Prompt.of(each) for each in found], next_page_token=None))
    page = prompts.list_prompts(principal().uid, query.limit, query.page_token, query.category)
    return answer(PromptList(items=[Prompt.of(each) for each in page.items], next_page_token=page.next_page_token))


@api.post("/v1/prompts", responses={201: Prompt})
@idempotent
def create_prompt(body: PromptBody) -> Response:
    """Save a prompt under an id of our choice"""
    prompt = prompts.create_prompt(principal().uid, resource_id(), body.prompt_template, **_described(body))
    return _told(prompt, 201, Location=f"/v1/prompts/{prompt.id}")


@api.get("/v1/prompts/<string:id>", responses={200: Prompt})
def get_prompt(path: IdPath) -> Response:
    """A preset by its name, or a prompt of yours at its newest version"""
    return _told(prompts.get_prompt(principal().uid, path.id))


@api.put("/v1/prompts/<string:id>", responses={200: Prompt, 201: Prompt})
def put_prompt(path: IdPath, body: PromptBody) -> Response:
    """Create the prompt or save its next version; send If-Match so that nobody's work is lost"""
    saved = prompts.save_prompt(
        principal().uid, path.id, body.prompt_template, **_described(body), check=precondition().check
    )
    return _told(saved, 201 if saved.version == 1 else 200)


@api.delete("/v1/prompts/<string:id>", responses={204: None})
def delete_prompt(path: IdPath) -> Response:
    """Delete a prompt with its versions; clips that it found stay"""
    prompts.delete_prompt(principal().uid, path.id, precondition().check)
    return no_content()


@api.get("/v1/prompts/<string:id>/versions", responses={200: PromptList})
def list_prompt_versions(path: IdPath, query: PageQuery) -> Response:
    """The versions of a prompt, the newest first"""
    preset = prompts.presets().get(path.id)
    if preset is not None:
        return answer(PromptList(items=[Prompt.of(preset)], next_page_token=None))
    page = prompts.list_prompt_versions(principal().uid, path.id, query.limit, query.page_token)
    return answer(PromptList(items=[Prompt.of(each) for each in page.items], next_page_token=page.next_page_token))


@api.get("/v1/prompts/<string:id>/versions/<int:version>", responses={200: Prompt})
def get_prompt_version(path: PromptVersionPath) -> Response:
    """A prompt as it was in one version"""
    return _told(prompts.get_prompt(principal().uid, path.id, path.version))


@api.post("/v1/prompts/<string:id>:dryRun", responses={200: TriedPrompt})
def dry_run_prompt(path: IdPath, body: DryRun) -> Response:
    """What a prompt asks for with these values, what a run would cost, and which clips it would choose; nothing is kept"""
    uid = principal().uid
    trial = try_prompt(
        uid,
        prompts.get_prompt(uid, path.id, body.version),
        body.variables,
        asset_id=body.asset_id,
        transcript_id=body.transcript_id,
        options=ClipOptions(ranker=body.ranker, render=body.render),
    )
    return answer(TriedPrompt.of(trial))


def _tried(clip: Clip) -> TriedClip:
    fields: dict[str, Any] = clip.model_dump(include=set(TriedClip.model_fields) - {"scores", "segments"})
    return TriedClip(**fields, scores=clip.scores, segments=list(clip.segments))


def _described(body: PromptBody) -> dict[str, Any]:
    return {name: getattr(body, name) for name in ("name", "description", "category", "variables")}


def _told(prompt: prompts.Prompt, status: int = 200, **headers: str) -> Response:
    return answer(Prompt.of(prompt), status, etag=f"v{prompt.version}", **headers)
