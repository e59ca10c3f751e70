"""LanguageModel: what answers a question in JSON of a given form. Every one passes the same contract test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue


@dataclass(frozen=True)
class Turn:
    """Something said before: the model's answer, and what was wrong with it."""

    answer: str
    objection: str


@dataclass(frozen=True)
class Question:
    """`rules`: what the model must keep to, from us. `content`: what it is about; much of it was written by others.

    `form`: the name of the answer's form, `schema` its JSON schema. `most_tokens`: of the answer. `before`: turns so far."""

    rules: str
    content: str
    form: str
    schema: Mapping[str, JsonValue]
    most_tokens: int
    before: tuple[Turn, ...] = ()


class LanguageModel(Protocol):
    """A language model behind an API."""

    @property
    def name(self) -> str:
        """The API's name and the model's, such as `openai:llama-3.3-70b`."""
        ...

    @property
    def address(self) -> str:
        """Where it is asked: the same name elsewhere may answer otherwise."""
        ...

    def ask(self, question: Question) -> str:
        """Its answer: JSON, if it keeps to the form. Raises `RankerUnavailable`: `TooLong` when it cannot hold so much text."""
        ...
