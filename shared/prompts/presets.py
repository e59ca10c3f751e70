"""Presets: the prompts that everybody has, from `presets.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.core.declared import read_declared
from shared.core.errors import NotFound
from shared.prompts.filling import fill
from shared.prompts.prompt import CRITERIA, ENGAGEMENT, STANDARD, Prompt
from shared.prompts.request import ClipRequest

DEFAULT = "viral"
"""The preset of whoever asks for nothing in particular."""
CUSTOM = "custom"
"""The category of a prompt that was only typed in."""


class _Preset(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str
    category: str
    criteria: str
    engagement: str


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    templates: dict[str, str]
    presets: dict[str, _Preset]


def presets() -> Mapping[str, Prompt]:
    """All presets by name, the default first."""
    return _presets()


def preset(name: str) -> Prompt:
    """A preset. Raises NotFound."""
    found = _presets().get(name)
    if found is None:
        raise NotFound(f"There is no preset {name}. There are: {', '.join(_presets())}.")
    return found


def typed_in(text: str) -> Prompt:
    """The prompt of somebody who only says what the clips should do, such as "explain a mistake"."""
    criteria = STANDARD[CRITERIA].model_copy(update={"default": text})
    return Prompt(name=CUSTOM, category=CUSTOM, prompt_template=_table().templates["custom"], variables=(criteria,))


def as_request(prompt: str | ClipRequest | None) -> ClipRequest:
    """A request from what somebody gave: one that is ready, the name of a preset, words of their own, or nothing."""
    if isinstance(prompt, ClipRequest):
        return prompt
    words = prompt.strip() if prompt else DEFAULT
    return fill(_presets()[words] if words in _presets() else typed_in(words), {})


@cache
def _presets() -> Mapping[str, Prompt]:
    table = _table()
    return {name: _prompt(name, each, table.templates["preset"]) for name, each in table.presets.items()}


def _prompt(name: str, words: _Preset, template: str) -> Prompt:
    defaults = {CRITERIA: words.criteria, ENGAGEMENT: words.engagement}
    variables = tuple(
        variable.model_copy(update={"default": defaults.get(variable.name, variable.default)})
        for variable in STANDARD.values()
    )
    return Prompt(
        name=name,
        description=words.description,
        category=words.category,
        prompt_template=template,
        variables=variables,
    )


@cache
def _table() -> _Table:
    return _Table.model_validate(read_declared(Path(__file__).with_name("presets.yaml")))
