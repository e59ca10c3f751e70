"""Checking a draft against the canonical model."""

from dataclasses import dataclass

from pydantic import ValidationError

from shared.kompositions.importing.origin import Pointer
from shared.kompositions.model import Komposition
from shared.kompositions.parsing import located_errors


@dataclass(frozen=True)
class Problem:
    """What is wrong, at a canonical location."""

    location: Pointer
    code: str
    detail: str


def check(document: object) -> tuple[Komposition | None, list[Problem]]:
    """The komposition, or what is wrong with the document."""
    try:
        return Komposition.model_validate(document), []
    except ValidationError as error:
        return None, [Problem(*found) for found in located_errors(error, document)]
