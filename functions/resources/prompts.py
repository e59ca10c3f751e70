"""/v1/prompts: what clips are found by: the presets, and your own, in every version."""

from enum import StrEnum
from typing import Annotated, Any

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from shared import prompts
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


def _described(body: PromptBody) -> dict[str, Any]:
    return {name: getattr(body, name) for name in ("name", "description", "category", "variables")}


def _told(prompt: prompts.Prompt, status: int = 200, **headers: str) -> Response:
    return answer(Prompt.of(prompt), status, etag=f"v{prompt.version}", **headers)
