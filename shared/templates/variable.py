"""Variable: a place in a template that whoever uses it fills in, and what may be put there."""

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from math import isfinite
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError, field_validator

from shared.core.documents import Part
from shared.core.errors import FieldError
from shared.core.ids import is_id
from shared.kompositions import Clock, Time

MAX_VARIABLES = 100
MAX_TEXT = 5000
_COLOR = re.compile(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")
_TIME: TypeAdapter[Time] = TypeAdapter(Time)

Pointer = Annotated[str, Field(pattern=r"^(/([^/~]|~[01])*)+$", max_length=1000)]


class VariableType(StrEnum):
    """What a variable takes: a string, a number, #RRGGBB(AA), the id of an asset, a time with its unit, a truth, or one of
    its choices."""

    TEXT = "text"
    NUMBER = "number"
    COLOR = "color"
    SOURCE = "source"
    TIME = "time"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class Range(BaseModel):
    """From `min` to `max`, both allowed: of a number, of a time in seconds, or of a text's length."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    min: float | None = None
    max: float | None = None

    def __contains__(self, value: float) -> bool:
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)


class Variable(Part):
    """A variable. Its value goes to every pointer (RFC 6901, into the canonical komposition); a source's pointers name entries of
    /sources, whose `assetId` it becomes. Without a default it must be given."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")
    type: VariableType
    description: str = Field(default="", max_length=500)
    default: JsonValue = None
    range: Range | None = None
    choices: list[JsonValue] = Field(default_factory=list, max_length=100)
    pointers: list[Pointer] = Field(min_length=1, max_length=1000)

    @field_validator("default", "choices")
    @classmethod
    def _whole_characters(cls, value: JsonValue) -> JsonValue:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("It holds half of a character (a lone surrogate). Send the whole one.") from error
        return value

    def problem(self, value: JsonValue, clock: Clock) -> FieldError | None:
        """Why `value` cannot be taken, at the variable's name; None when it can. `clock` says what beats and frames mean."""
        said = _CHECKS[self.type](self, value, clock)
        return FieldError(f"/{self.name}", said, f"not_{self.type.value}") if said else None


def _text(variable: Variable, value: JsonValue, _clock: Clock) -> str | None:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return f"Give a text of up to {MAX_TEXT} characters."
    return _outside(variable, len(value), "characters")


def _number(variable: Variable, value: JsonValue, _clock: Clock) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return "Give a number."
    return _outside(variable, value, "")


def _color(_variable: Variable, value: JsonValue, _clock: Clock) -> str | None:
    return None if isinstance(value, str) and _COLOR.fullmatch(value) else "Give a colour as #RRGGBB or #RRGGBBAA."


def _source(_variable: Variable, value: JsonValue, _clock: Clock) -> str | None:
    return None if isinstance(value, str) and is_id(value) else "Give the id of an asset."


def _time(variable: Variable, value: JsonValue, clock: Clock) -> str | None:
    try:
        time = _TIME.validate_python(value)
    except ValidationError:
        return 'Give a time with its unit, such as {"seconds": 1.5}.'
    return _outside(variable, float(clock.seconds(time)), "seconds")


def _boolean(_variable: Variable, value: JsonValue, _clock: Clock) -> str | None:
    return None if isinstance(value, bool) else "Give true or false."


def _choice(variable: Variable, value: JsonValue, _clock: Clock) -> str | None:
    same = (choice == value and type(choice) is type(value) for choice in variable.choices)
    return None if any(same) else f"Give one of the {len(variable.choices)} choices."


_CHECKS: Mapping[VariableType, Callable[[Variable, JsonValue, Clock], str | None]] = {
    VariableType.TEXT: _text,
    VariableType.NUMBER: _number,
    VariableType.COLOR: _color,
    VariableType.SOURCE: _source,
    VariableType.TIME: _time,
    VariableType.BOOLEAN: _boolean,
    VariableType.CHOICE: _choice,
}


def _outside(variable: Variable, value: float, unit: str) -> str | None:
    allowed = variable.range
    if allowed is None or value in allowed:
        return None
    least = f"at least {allowed.min:g}" if allowed.min is not None else ""
    most = f"at most {allowed.max:g}" if allowed.max is not None else ""
    return f"Give {' and '.join(filter(None, (least, most)))} {unit}".strip() + "."
