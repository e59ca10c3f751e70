"""Refusals: what is wrong with the parameters of a request, as errors with their places."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from shared.core.errors import FieldError, KompoError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

E = TypeVar("E", bound=KompoError)


def parameter_errors(error: ValidationError) -> list[FieldError]:
    """What pydantic has found, below `/params`."""
    return [
        _unknown(pointer)
        if entry["type"] == "extra_forbidden"
        else FieldError(pointer, _sentence(entry), entry["type"])
        for entry in error.errors(include_url=False, include_context=False)
        for pointer in ["/params" + "".join(f"/{_escaped(step)}" for step in entry["loc"])]
    ]


def refusal(kind: type[E], errors: Sequence[FieldError]) -> E:
    """An error of that kind, with the first of them in words and how many there are."""
    more = f" ({len(errors)} problems in all.)" if len(errors) > 1 else ""
    return kind(f"{errors[0].pointer}: {errors[0].detail}{more}", errors=errors)


def _unknown(pointer: str) -> FieldError:
    return FieldError(pointer, "There is no such parameter. Remove it or check its spelling.", "unknown_parameter")


def _sentence(entry: "ErrorDetails") -> str:
    return f"{entry['msg'].removeprefix('Value error, ').rstrip('.')}."


def _escaped(step: int | str) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
