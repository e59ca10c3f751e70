"""The state of one evaluation: what the conditions see, and what they have used up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from .errors import EvaluationError, LimitExceeded
from .limits import MAX_EXPRESSIONS, MAX_READS
from .syntax import Expression
from .values import Path, Value

Code: TypeAlias = Callable[["Run", list[Value]], Value]
"""A compiled expression: gets the state and the variables of the function that it is in."""


class Fetch(Protocol):
    """Finds a document: `{data, id, __name__}`, or None if there is none. `after` asks for it as the request leaves it.

    Raises EvaluationError if the path names no document."""

    def __call__(self, path: Path, *, after: bool) -> dict[str, Value] | None: ...


class Reads:
    """The documents that the conditions of one request look at. Seeing one again is free."""

    def __init__(self, fetch: Fetch, most: int) -> None:
        self._fetch = fetch
        self._most = most
        self._found: dict[tuple[Path, bool], dict[str, Value] | None] = {}
        self._of_operation: set[tuple[Path, bool]] = set()

    def next_operation(self) -> None:
        """From here on, another operation of the request looks."""
        self._of_operation.clear()

    def get(self, path: Path, *, after: bool) -> dict[str, Value] | None:
        """The document. Raises LimitExceeded, and what fetching raises."""
        key = (path, after)
        if key not in self._of_operation:
            self._of_operation.add(key)
            if len(self._of_operation) > MAX_READS:
                raise LimitExceeded(f"One operation looks at more than {MAX_READS} documents.")
        if key not in self._found:
            if len(self._found) >= self._most:
                raise LimitExceeded(f"The request looks at more than {self._most} documents.")
            self._found[key] = self._fetch(path, after=after)
        return self._found[key]


@dataclass(slots=True)
class Step:
    """A sub-expression that was evaluated: how deep inside, and its value or the error."""

    node: Expression
    depth: int
    outcome: Value | EvaluationError


@dataclass(slots=True)
class Run:
    """The evaluation of one operation. `captures` are the values of the wildcards of the match statement, outermost first."""

    request: dict[str, Value]
    resource: Value
    reads: Reads
    captures: tuple[Value, ...] = ()
    spent: int = 0
    depth: int = 0
    steps: list[Step] = field(default_factory=list)
    """What happened, if the rules were compiled to tell."""
    debugged: list[Value] = field(default_factory=list)
    """What was passed to `debug`."""

    def check_spending(self) -> None:
        """Raise LimitExceeded if more expressions than may be were evaluated: counted in `spent` as they are."""
        if self.spent > MAX_EXPRESSIONS:
            raise LimitExceeded(f"One operation evaluates more than {MAX_EXPRESSIONS} expressions.")
