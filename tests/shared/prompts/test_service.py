"""Prompts of users: every version is kept, and nobody's work is lost."""

from typing import Any

import pytest

from shared.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from shared.core.ids import new_id
from shared.prompts import (
    PromptVariable,
    PromptVariableType,
    StoredPrompt,
    create_prompt,
    delete_prompt,
    fill,
    get_prompt,
    list_prompt_versions,
    list_prompts,
    save_prompt,
)
from tests.cloud import RunningCloud

WHAT = PromptVariable(name="what", type=PromptVariableType.TEXT, default=None)


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


def saved(user: str, prompt_id: str, template: str = "Find {what}.", **fields: Any) -> StoredPrompt:
    """A prompt of the user, saved."""
    named = {"name": "Mine", "category": "custom", "variables": [WHAT] if "{what}" in template else [], **fields}
    return save_prompt(user, prompt_id, template, **named)


def test_what_is_saved_is_what_is_read_and_filled(user: str) -> None:
    prompt = saved(user, "p")
    assert get_prompt(user, "p") == prompt
    request = fill(get_prompt(user, "p"), {"what": "jokes"})
    assert (request.text, request.name, request.version) == ("Find jokes.", "Mine", 1)


def test_every_version_is_kept(user: str) -> None:
    first = saved(user, "p")
    second = saved(user, "p", "Find goals.", name="Goals")
    assert (second.version, second.created) == (2, first.created)
    assert get_prompt(user, "p") == second
    assert get_prompt(user, "p", 1) == first
    page = list_prompt_versions(user, "p", 1)
    rest = list_prompt_versions(user, "p", 1, page.next_page_token)
    assert [*page.items, *rest.items] == [second, first]
    assert rest.next_page_token is None


def test_they_are_listed_last_changed_first_and_by_category(user: str) -> None:
    for name, category in (("a", "funny"), ("b", "viral"), ("c", "funny")):
        saved(user, name, category=category)
    assert [prompt.id for prompt in list_prompts(user, 10).items] == ["c", "b", "a"]
    page = list_prompts(user, 1, category="funny")
    rest = list_prompts(user, 1, page.next_page_token, "funny")
    assert [prompt.id for prompt in (*page.items, *rest.items)] == ["c", "a"]


def test_a_prompt_that_cannot_be_filled_is_not_saved(user: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        saved(user, "p", "Find {whom}.")
    assert [error.pointer for error in refused.value.errors] == ["/promptTemplate"]
    with pytest.raises(NotFound):
        get_prompt(user, "p")


def test_presets_are_everybodys_and_stay_as_they_are(user: str) -> None:
    assert get_prompt(user, "viral").category == "viral"
    with pytest.raises(Conflict):
        saved(user, "viral")
    with pytest.raises(NotFound):
        get_prompt(user, "viral", 2)


def test_creating_again_under_an_id_finds_what_was_made(user: str) -> None:
    made = create_prompt(user, "p", "Find goals.", name="Goals", category="custom")
    assert create_prompt(user, "p", "Find goals.", name="Goals", category="custom") == made


def test_a_write_that_comes_too_late_is_refused(user: str) -> None:
    def stale(_current: str | None) -> None:
        raise PreconditionFailed("Too late.")

    saved(user, "p")
    with pytest.raises(PreconditionFailed):
        saved(user, "p", check=stale)
    with pytest.raises(PreconditionFailed):
        delete_prompt(user, "p", stale)
    assert get_prompt(user, "p").version == 1


def test_a_deleted_prompt_is_gone_with_its_versions(user: str) -> None:
    saved(user, "p")
    delete_prompt(user, "p")
    for version in (None, 1):
        with pytest.raises(NotFound):
            get_prompt(user, "p", version)
