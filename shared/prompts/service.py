"""Saving, reading and deleting prompts, as their owner may; every version is kept."""

from collections.abc import Sequence
from typing import Any

from google.cloud.firestore import FieldFilter

from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import Conflict, InvalidInput
from shared.core.paging import Page
from shared.core.versions import CurrentCheck, delete_with, newest_versions, not_there, version_of, write_next
from shared.prompts.presets import presets
from shared.prompts.prompt import Prompt, prompt_problems
from shared.prompts.stored import StoredPrompt, parse_prompt, prompt_reference, prompts_of
from shared.prompts.variable import PromptVariable


def save_prompt(
    user_id: str,
    prompt_id: str,
    prompt_template: str,
    *,
    name: str,
    category: str,
    description: str = "",
    variables: Sequence[PromptVariable] = (),
    check: CurrentCheck | None = None,
) -> StoredPrompt:
    """Create the prompt or save its next version. Raises InvalidInput with an error per variable that does not fit, Conflict for
    the id of a preset, and what `check` raises."""
    if prompt_id in presets():
        raise Conflict(f"{prompt_id} is a preset, which nobody can change. Choose another id.")
    problems = prompt_problems(prompt_template, variables)
    if problems:
        raise InvalidInput(f"The prompt's variables do not fit it. {problems[0].detail}", errors=problems)

    def following(current: StoredPrompt | None) -> tuple[StoredPrompt, dict[str, Any]]:
        moment = now()
        saved = StoredPrompt(
            id=prompt_id,
            user_id=user_id,
            name=name,
            description=description,
            category=category,
            prompt_template=prompt_template,
            variables=tuple(variables),
            version=current.version + 1 if current else 1,
            created=current.created if current else moment,
            modified=moment,
        )
        return saved, saved.document()

    return write_next(prompt_reference(user_id, prompt_id), parse_prompt, check, following)


def create_prompt(user_id: str, prompt_id: str, prompt_template: str, **named: Any) -> StoredPrompt:
    """save_prompt under an id made for it. Called again with the id, it finds what it made."""
    stored = prompt_reference(user_id, prompt_id).get().to_dict()
    return parse_prompt(stored) if stored else save_prompt(user_id, prompt_id, prompt_template, **named)


def get_prompt(user_id: str, prompt_id: str, version: int | None = None) -> Prompt:
    """A preset by its name, or a prompt of the user, at its newest or the given version. Raises NotFound."""
    found = presets().get(prompt_id)
    if found is not None and version in (None, found.version):
        return found
    return own_prompt(user_id, prompt_id, version)


def own_prompt(user_id: str, prompt_id: str, version: int | None = None) -> StoredPrompt:
    """A prompt of the user, at its newest or the given version. Raises NotFound."""
    reference = prompt_reference(user_id, prompt_id)
    if version is not None:
        reference = version_of(reference, version)
    stored = reference.get().to_dict()
    if stored is None:
        raise not_there(f"prompt {prompt_id}", version)
    return parse_prompt(stored)


def list_prompts(
    user_id: str, limit: int, page_token: str | None = None, category: str | None = None
) -> Page[StoredPrompt]:
    """The user's prompts, last changed first; only those of that category if given."""
    query: Any = prompts_of(user_id)
    if category is not None:
        query = query.where(filter=FieldFilter("category", "==", category))
    return newest_first(query, parse_prompt, limit, page_token, time="modified")


def list_prompt_versions(user_id: str, prompt_id: str, limit: int, page_token: str | None = None) -> Page[StoredPrompt]:
    """The versions of a prompt of the user, the newest first. Raises NotFound."""
    reference = prompt_reference(user_id, prompt_id)
    if not reference.get(["id"]).exists:
        raise not_there(f"prompt {prompt_id}")
    return newest_versions(reference, parse_prompt, limit, page_token)


def delete_prompt(user_id: str, prompt_id: str, check: CurrentCheck | None = None) -> None:
    """Delete a prompt with its versions; clips that it found stay. Raises NotFound, and what `check` raises."""
    prompt = own_prompt(user_id, prompt_id)
    if check is not None:
        check(prompt.etag)
    delete_with(prompt_reference(user_id, prompt_id))
