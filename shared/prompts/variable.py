"""Variable: what whoever uses a prompt may set, and what it may be set to."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Self, TypeGuard

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from shared.core.documents import Part

MAX_TEXT = 2000
"""Characters of a text that is put into a prompt."""
_FURTHEST = 1e15
"""Up to it every whole number has a float of its own."""
_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
_SPAN = re.compile(rf"\s*({_NUMBER})(?:\s*(?:-|–|to)\s*({_NUMBER}))?\s*")


class PromptVariableType(StrEnum):
    """What a variable takes: a text; a number; a span of numbers, such as 5, "3-10" or [3, 10]; one of its choices."""

    TEXT = "text"
    NUMBER = "number"
    SPAN = "span"
    CHOICE = "choice"


class Limits(BaseModel):
    """From `min` to `max`, both allowed: of a number, of both ends of a span, or of a text's length."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    min: float
    max: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise ValueError("min is above max. Exchange them.")
        return self


Value = str | float | int | tuple[float, float]
"""What a variable is set to, checked: the text or the choice, the number, or the ends of the span."""


class Unfit(ValueError):
    """A value that a variable does not take. The message says what to give instead."""


class PromptVariable(Part):
    """A variable. Without a default it must be given. `whole`: its numbers have no fraction."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    type: PromptVariableType
    description: str = Field(default="", max_length=500)
    default: JsonValue = None
    limits: Limits | None = None
    whole: bool = False
    choices: tuple[str, ...] = Field(default=(), max_length=100)

    def read(self, given: JsonValue) -> Value:
        """The value that is given. Raises Unfit."""
        return _READERS[self.type](self, given)

    def spoken(self, value: Value) -> str:
        """The value as a prompt says it."""
        if isinstance(value, tuple):
            low, high = value
            return f"{low:g}" if low == high else f"{low:g}-{high:g}"
        return value if isinstance(value, str) else f"{value:g}"


def _text(variable: PromptVariable, given: JsonValue) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > MAX_TEXT:
        raise Unfit(f"Give a text of 1 to {MAX_TEXT} characters.")
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise Unfit("It holds half of a character (a lone surrogate). Send the whole one.") from error
    if variable.limits is not None and not variable.limits.min <= len(given) <= variable.limits.max:
        raise Unfit(f"Give {_limits(variable)} characters.")
    return given.strip()


def _number(variable: PromptVariable, given: JsonValue) -> float:
    if not _is_number(given):
        raise Unfit("Give a number.")
    return _within(variable, given)


def _span(variable: PromptVariable, given: JsonValue) -> tuple[float, float]:
    low, high = (_within(variable, end) for end in _ends(given))
    if low > high:
        raise Unfit(f"Give the smaller number first: {high:g}-{low:g}.")
    return low, high


def _choice(variable: PromptVariable, given: JsonValue) -> str:
    if not isinstance(given, str) or given not in variable.choices:
        raise Unfit(f"Give one of: {', '.join(variable.choices)}.")
    return given


_READERS: Mapping[PromptVariableType, Callable[[PromptVariable, JsonValue], Value]] = {
    PromptVariableType.TEXT: _text,
    PromptVariableType.NUMBER: _number,
    PromptVariableType.SPAN: _span,
    PromptVariableType.CHOICE: _choice,
}


def _ends(given: JsonValue) -> tuple[float, float]:
    if isinstance(given, str) and (found := _SPAN.fullmatch(given)) is not None:
        return float(found[1]), float(found[2] or found[1])
    ends = given if isinstance(given, list) else [given, given]
    numbers = [end for end in ends if _is_number(end)]
    if len(ends) != 2 or len(numbers) != 2:
        raise Unfit('Give a number, or a span as "3-10" or [3, 10].')
    return numbers[0], numbers[1]


def _is_number(given: JsonValue) -> TypeGuard[float]:
    """Whether it is a number that can be reckoned with, which infinity is not, nor one of a thousand digits."""
    return isinstance(given, int | float) and not isinstance(given, bool) and -_FURTHEST <= given <= _FURTHEST


def _within(variable: PromptVariable, number: float) -> float:
    if variable.whole and number != int(number):
        raise Unfit("Give a whole number.")
    limits = variable.limits
    if limits is not None and not limits.min <= number <= limits.max:
        raise Unfit(f"Give {_limits(variable)}.")
    return int(number) if variable.whole else number


def _limits(variable: PromptVariable) -> str:
    limits = variable.limits
    return f"{limits.min:g} to {limits.max:g}" if limits is not None else ""
