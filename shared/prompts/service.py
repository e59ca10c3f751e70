"""Saving, reading and deleting prompts, as their owner may; every version is kept."""

from collections.abc import Callable, Sequence
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.paging import Page, decode_cursor, encode_cursor
from shared.prompts.presets import presets
from shared.prompts.prompt import Prompt, prompt_problems
from shared.prompts.stored import StoredPrompt, parse_prompt, prompt_reference, prompts_of
from shared.prompts.variable import PromptVariable

CurrentCheck = Callable[[str | None], None]
"""Gets the ETag of what is there now (None: nothing), inside the transaction; raises if the write must not happen."""


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
    reference = prompt_reference(user_id, prompt_id)

    @firestore.transactional
    def save(transaction: firestore.Transaction) -> StoredPrompt:
        stored = reference.get(transaction=transaction).to_dict()
        current = parse_prompt(stored) if stored else None
        if check is not None:
            check(current.etag if current else None)
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
        transaction.set(reference, saved.document())
        transaction.create(reference.collection("versions").document(str(saved.version)), saved.document())
        return saved

    written: StoredPrompt = save(firestore_client().transaction())
    return written


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
        reference = reference.collection("versions").document(str(version))
    stored = reference.get().to_dict()
    if stored is None:
        which = f"There is no prompt {prompt_id}"
        raise NotFound(f"{which} in version {version}." if version else f"{which}.")
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
        raise NotFound(f"There is no prompt {prompt_id}.")
    query: Any = reference.collection("versions").order_by("version", direction="DESCENDING")
    if page_token:
        (after,) = decode_cursor(page_token, 1)
        query = query.start_after({"version": after})
    found = [parse_prompt(snapshot.to_dict()) for snapshot in query.limit(limit + 1).stream()]
    more = encode_cursor([found[limit - 1].version]) if len(found) > limit else None
    return Page(found[:limit], more)


def delete_prompt(user_id: str, prompt_id: str, check: CurrentCheck | None = None) -> None:
    """Delete a prompt with its versions; clips that it found stay. Raises NotFound, and what `check` raises."""
    prompt = own_prompt(user_id, prompt_id)
    if check is not None:
        check(prompt.etag)
    reference = prompt_reference(user_id, prompt_id)
    # What it is found by goes last: killed half way, it can be deleted again.
    for version in list(reference.collection("versions").list_documents()):
        version.delete()
    reference.delete()
