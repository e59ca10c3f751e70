"""How what is built in is declared: what it takes, what it gives, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .errors import EvaluationError
from .values import Value, type_name

Body: TypeAlias = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Builtin:
    """A method or function. `takes` has the type names that each argument may have; an empty set stands for any type.
    `gives` is the type of the result, "" for one that depends."""

    name: str
    takes: tuple[frozenset[str], ...]
    gives: str
    body: Body

    def check(self, arguments: list[Value]) -> None:
        """Raise EvaluationError unless the arguments have types that this takes."""
        for kinds, argument in zip(self.takes, arguments, strict=True):
            if kinds and type_name(argument) not in kinds:
                wanted = " or ".join(sorted(kinds))
                raise EvaluationError(f"Type error. {self.name} takes {wanted}, not {type_name(argument)}.")


def builtin(name: str, body: Body, takes: str = "", gives: str = "") -> Builtin:
    """Declare one. `takes` has a word for each argument: `any`, or names of types joined by `|`."""
    words = takes.replace("number", "int|float").split()
    return Builtin(
        name, tuple(frozenset() if word == "any" else frozenset(word.split("|")) for word in words), gives, body
    )


def table(*declared: Builtin) -> dict[str, Builtin]:
    """Declarations by name."""
    return {each.name: each for each in declared}
