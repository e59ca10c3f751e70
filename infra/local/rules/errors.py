"""What can be wrong with rules, and what can go wrong while one is evaluated."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the source: line and column count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the source, as a sentence that tells what to do."""

    position: Position
    sentence: str

    def __str__(self) -> str:
        return f"{self.position}: {self.sentence}"


class InvalidRules(Exception):
    """The source is no valid set of rules. `problems` are in the order of the source."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class EvaluationError(Exception):
    """A condition has no value: a property is missing, a type does not fit. It makes its `allow` false, no other."""


class LimitExceeded(Exception):
    """A limit of the evaluation is used up. It denies the whole request: `||` does not save it."""
