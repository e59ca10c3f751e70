"""Time with its unit: `{"beats": 4}`, `{"seconds": 1.5}`, `{"microseconds": 1500000}` or `{"frames": 45}`.

The value is the number that the user wrote, exactly: 0.1 is 1/10. What no short decimal can say is a string, `"1/3"`. Beats are
of the komposition's tempo map; frames are of its first output's rate, everywhere."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_RATIONAL = re.compile(r"-?\d{1,40}(/\d{1,40}|\.\d{1,40})?")
_LARGEST = 10**15


class Unit(StrEnum):
    """What a time is counted in."""

    BEATS = "beats"
    SECONDS = "seconds"
    MICROSECONDS = "microseconds"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Time:
    """`value` in `unit`. As JSON an object with the unit as its only key."""

    value: Fraction
    unit: Unit

    def __hash__(self) -> int:
        """Of numerator and denominator: a fraction's own takes a power of 61 bits."""
        return hash((self.value.numerator, self.value.denominator, self.unit))

    def to_json(self) -> dict[str, int | float | str]:
        """The object; a number where a number says it exactly."""
        return {self.unit.value: number(self.value)}

    def __str__(self) -> str:
        shown = float(self.value) if self.value.denominator != 1 else self.value.numerator
        name = self.unit.value if self.value != 1 else self.unit.value[:-1]
        return f"{shown:g} {name}" if isinstance(shown, float) else f"{shown} {name}"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _parse, serialization=core_schema.plain_serializer_function_ser_schema(Time.to_json)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        value = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_RATIONAL.pattern}$"}]}
        return {
            "type": "object",
            "title": "Time",
            "description": "A number with its unit, which is the only key. A string for fractions, such as 1/3.",
            "properties": {unit.value: value for unit in Unit},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }


def beats(value: Fraction | float | str) -> Time:
    """A time in beats."""
    return Time(exact(value), Unit.BEATS)


def seconds(value: Fraction | float | str) -> Time:
    """A time in seconds."""
    return Time(exact(value), Unit.SECONDS)


def exact(value: Fraction | float | str) -> Fraction:
    """The decimal number that the user wrote: 0.1 is 1/10, not the nearest binary fraction."""
    if isinstance(value, int | float):
        return _written(value)
    return value if isinstance(value, Fraction) else Fraction(value)


@lru_cache(maxsize=65_536)
def _written(value: float) -> Fraction:
    """The same times come again and again: one segment ends where the next begins."""
    if isinstance(value, int) or value.is_integer():
        return Fraction(int(value))
    return Fraction(*Decimal(repr(value)).as_integer_ratio())


def number(value: Fraction) -> int | float | str:
    """The JSON that reads back as `value`: an integer, a decimal, or a string with a fraction."""
    if value.denominator == 1:
        return value.numerator
    decimal = float(value)
    return decimal if exact(decimal) == value else f"{value.numerator}/{value.denominator}"


def _parse(value: Any) -> Time:
    if isinstance(value, Time):
        _bounded(value.value)
        return value
    if not isinstance(value, dict) or len(value) != 1:
        raise PydanticCustomError("time_unit", 'Say the time with its unit, such as {"beats": 4} or {"seconds": 1.5}.')
    ((name, amount),) = value.items()
    if name not in _UNITS:
        raise PydanticCustomError("time_unit", "Count time in beats, seconds, microseconds or frames.")
    return Time(_amount(amount), _UNITS[name])


_UNITS = {unit.value: unit for unit in Unit}


def _amount(amount: object) -> Fraction:
    if isinstance(amount, str) and not _RATIONAL.fullmatch(amount):
        raise PydanticCustomError("time_value", 'Write a number, or a fraction such as "1/3".')
    if isinstance(amount, bool) or not isinstance(amount, int | float | str):
        raise PydanticCustomError("time_value", "The time must be a number.")
    try:
        value = exact(amount)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise PydanticCustomError("time_value", "The time must be a finite number.") from error
    return _bounded(value)


def _bounded(value: Fraction) -> Fraction:
    if abs(value.numerator) > _LARGEST * value.denominator:
        raise PydanticCustomError("time_value", "The time is too large.")
    return value


def _not_negative(time: Time) -> Time:
    if time.value.numerator < 0:
        raise PydanticCustomError("greater_than_equal", "The time must not be negative.")
    return time


def _positive(time: Time) -> Time:
    if time.value.numerator <= 0:
        raise PydanticCustomError("greater_than", "The time must be greater than 0.")
    return time


Position = Annotated[Time, AfterValidator(_not_negative)]
"""A moment, or a length that may be nothing: not negative."""
Length = Annotated[Time, AfterValidator(_positive)]
"""A length: greater than 0."""
ZERO = Time(Fraction(0), Unit.SECONDS)
