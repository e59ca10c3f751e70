"""Checking a draft against the canonical model; problems are told at their places in the input."""

from pydantic import ValidationError

from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.model import Komposition
from shared.kompositions.parsing import located_errors

Problem = tuple[Pointer, str, str]
"""Canonical location, code, sentence."""

MAX_PROBLEMS = 1000


def check(draft: Draft) -> tuple[Komposition | None, list[Problem]]:
    """The komposition, or what is wrong with it."""
    try:
        return Komposition.model_validate(draft.document), []
    except ValidationError as error:
        return None, list(located_errors(error, draft.document))[:MAX_PROBLEMS]
