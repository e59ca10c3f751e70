"""Operators on values that are known. Each raises EvaluationError for types that it does not take."""

import math
import operator
from collections.abc import Callable

from .errors import EvaluationError
from .values import Duration, Path, RuleSet, Timestamp, Value, contains, equal, item, items_of, type_name

INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1
_NUMBERS = frozenset({int, float})
_ORDERED = frozenset({str, bytes, Timestamp, Duration})


def checked(value: int) -> int:
    """An integer that fits into 64 bits. Raises EvaluationError otherwise."""
    if INT_MIN <= value <= INT_MAX:
        return value
    raise EvaluationError("Integer overflow.")


def mismatch(symbol: str, left: Value, right: Value) -> EvaluationError:
    """The error for operands that do not fit."""
    return EvaluationError(
        f"Unsupported operation error. {type_name(left)} {symbol} {type_name(right)} is not defined."
    )


def add(left: Value, right: Value) -> Value:
    """Sum of numbers and times, concatenation of strings."""
    kinds = (type(left), type(right))
    if kinds == (int, int):
        return checked(left + right)
    if _NUMBERS.issuperset(kinds) or kinds == (str, str):
        return left + right
    if kinds == (list, list):
        return items_of(left) + items_of(right)
    if kinds == (bytes, bytes):
        return left + right
    match left, right:
        case Timestamp(), Duration():
            return Timestamp(left.nanos + right.nanos)
        case Duration(), Timestamp():
            return Timestamp(left.nanos + right.nanos)
        case Duration(), Duration():
            return Duration(left.nanos + right.nanos)
    raise mismatch("+", left, right)


def subtract(left: Value, right: Value) -> Value:
    """Difference of numbers and times."""
    kinds = (type(left), type(right))
    if kinds == (int, int):
        return checked(left - right)
    if _NUMBERS.issuperset(kinds):
        return left - right
    match left, right:
        case Timestamp(), Timestamp():
            return Duration(left.nanos - right.nanos)
        case Timestamp(), Duration():
            return Timestamp(left.nanos - right.nanos)
        case Duration(), Duration():
            return Duration(left.nanos - right.nanos)
    raise mismatch("-", left, right)


def multiply(left: Value, right: Value) -> Value:
    """Product of numbers."""
    kinds = (type(left), type(right))
    if kinds == (int, int):
        return checked(left * right)
    if _NUMBERS.issuperset(kinds):
        return left * right
    raise mismatch("*", left, right)


def divide(left: Value, right: Value) -> Value:
    """Quotient of numbers; of integers cut towards zero."""
    kinds = (type(left), type(right))
    if not _NUMBERS.issuperset(kinds):
        raise mismatch("/", left, right)
    if kinds == (int, int):
        if right == 0:
            raise EvaluationError("Division by zero.")
        return checked(abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1))
    if right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def remainder(left: Value, right: Value) -> Value:
    """Remainder of integers, with the sign of the dividend."""
    if (type(left), type(right)) != (int, int):
        raise mismatch("%", left, right)
    if right == 0:
        raise EvaluationError("Division by zero.")
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def negative(value: Value) -> Value:
    """`-x` of a number or duration."""
    if type(value) is int:
        return checked(-value)
    if type(value) is float:
        return -value
    if type(value) is Duration:
        return Duration(-value.nanos)
    raise EvaluationError(f"Unsupported operation error. -{type_name(value)} is not defined.")


def _comparison(symbol: str, compare: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool]:
    def compared(left: Value, right: Value) -> bool:
        kind = type(left)
        if (kind is type(right) and kind in _ORDERED) or (kind in _NUMBERS and type(right) in _NUMBERS):
            return compare(left, right)
        raise mismatch(symbol, left, right)

    return compared


def member(value: Value, container: Value) -> bool:
    """`value in container`: of a list or set, or a key of a map."""
    kind = type(container)
    if kind is dict:
        return type(value) is str and value in container
    if kind is list:
        return contains(items_of(container), value)
    if kind is RuleSet:
        return contains(container.items, value)
    raise EvaluationError(f'Unsupported operation error. "in" needs a list, map or set, not {type_name(container)}.')


def index(container: Value, key: Value) -> Value:
    """`container[key]`"""
    if type(container) is dict and type(key) is str:
        if key not in container:
            raise EvaluationError(f"Property {key} is undefined on object.")
        return item(container, key)
    if type(container) in (list, str, Path) and type(key) is int:
        sequence = container.segments if type(container) is Path else container
        if not 0 <= key < len(sequence):
            raise EvaluationError(f"Index {key} is out of bounds: there are {len(sequence)}.")
        return item(sequence, key)
    if container is None:
        raise EvaluationError("Null value error.")
    raise EvaluationError(f"Unsupported operation error. {type_name(container)}[{type_name(key)}] is not defined.")


def piece(container: Value, start: Value, end: Value) -> Value:
    """`container[start:end]` of a list or string."""
    if type(container) not in (list, str, bytes) or type(start) is not int or type(end) is not int:
        raise EvaluationError(f"Unsupported operation error. {type_name(container)} cannot be cut like that.")
    if not 0 <= start <= end <= len(container):
        raise EvaluationError(f"Range {start}:{end} is out of bounds: there are {len(container)}.")
    return items_of(container)[start:end] if type(container) is list else container[start:end]


def segment(value: Value) -> tuple[str, ...]:
    """What a value contributes to a path that it is put into. Raises EvaluationError for what cannot stand in one."""
    if type(value) is str and value and "/" not in value:
        return (value,)
    if type(value) is Path:
        return tuple(value.segments)
    if type(value) is int:
        return (str(value),)
    raise EvaluationError(f"A value of type {type_name(value)} cannot be a path segment.")


COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""How Python compares, which for two values of the same one of the types in `values.PLAIN` is how rules do."""

BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": remainder,
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    **{symbol: _comparison(symbol, COMPARISONS[symbol]) for symbol in ("<", "<=", ">", ">=")},
    "in": member,
}
"""Every binary operator but `&&` and `||`, which do not always look at both sides."""
