"""Naming: what a template is called and what it is said to do, as a person would put it. Unique among all templates."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.core.declared import read_declared
from shared.patterns.pattern import ARROW

_TIMES = {2: "Twice", 3: "Three Times", 4: "Four Times", 5: "Five Times"}


@dataclass(frozen=True)
class Title:
    """A name and a sentence about it."""

    name: str
    description: str

    @property
    def slug(self) -> str:
        """The name as programs write it: `create_social_media_clip`."""
        return slug_of(self.name)


class _Known(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str


class _Word(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    does: str


class _Names(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    known: dict[str, _Known]
    operations: dict[str, _Word]


def title_of(operations: Sequence[str], workflow_type: str | None, taken: Collection[str]) -> Title:
    """The title of a template of these operations, whose name is none of those `taken`."""
    known = _names().known.get(ARROW.join(operations))
    usual = known.name if known else _joined([_run(*each) for each in _runs(operations)])
    description = known.description if known else _sentence(operations)
    return Title(next(name for name in _variants(usual, workflow_type) if name not in taken), description)


def slug_of(name: str) -> str:
    """A name as programs write it."""
    return "_".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


def _variants(name: str, workflow_type: str | None) -> Iterator[str]:
    """The name; with what it is for; numbered."""
    yield name
    if workflow_type:
        yield f"{name} for a {_words(workflow_type).title()}"
    yield from (f"{name} {number}" for number in count(2))


def _runs(operations: Sequence[str]) -> list[tuple[str, int]]:
    return [(name, len(list(same))) for name, same in groupby(operations)]


def _run(operation: str, times: int) -> str:
    word = _word(operation).name
    return f"{word} {_TIMES[times]}" if times > 1 else word


def _sentence(operations: Sequence[str]) -> str:
    """ "Cut the moment, fit it to a size and save the sound as an MP3." """
    said = _joined(
        [_word(name).does + (f", {_TIMES[times].lower()}" if times > 1 else "") for name, times in _runs(operations)]
    )
    return f"{said[0].upper()}{said[1:]}."


def _joined(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _word(operation: str) -> _Word:
    word = _names().operations.get(operation)
    if word is not None:
        return word
    plain = _words(operation.removesuffix("_transition"))
    if operation.endswith("_transition"):
        return _Word(name=f"{plain.title()} Transition", does=f"change shots by {plain}")
    return _Word(name=plain.title(), does=f"apply {plain}")


def _words(name: str) -> str:
    return name.replace("_", " ")


@cache
def _names() -> _Names:
    return _Names.model_validate(read_declared(Path(__file__).with_name("names.yaml")))
