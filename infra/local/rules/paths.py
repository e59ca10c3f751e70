"""Matching patterns against paths, and against sets of paths."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from .abstract import UNKNOWN
from .query import Query
from .syntax import Capture
from .values import Path, Value


class Open(Enum):
    """A piece of a path that is not known."""

    ONE = "one segment"
    MANY = "any number of segments"


Subject: TypeAlias = tuple[str | Open, ...]
"""A path, or all the paths that differ from each other in the open pieces only."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The whole pattern of a match statement, from the root."""

    segments: tuple[str | Capture, ...]

    @property
    def captures(self) -> tuple[str, ...]:
        """The names of the wildcards."""
        return tuple(segment.name for segment in self.segments if isinstance(segment, Capture))

    @property
    def has_fixed_length(self) -> bool:
        """Whether it matches paths of one length only."""
        return not any(isinstance(segment, Capture) and segment.recursive for segment in self.segments)

    def bind(self, subject: Subject) -> tuple[Value, ...] | None:
        """What the wildcards stand for, or None unless the pattern matches (every path of) the subject.

        A single wildcard binds a string, a recursive one a Path, and either UNKNOWN what is open in the subject."""
        return _bind(self.segments, subject)


def _bind(pattern: tuple[str | Capture, ...], subject: Subject) -> tuple[Value, ...] | None:
    for position, segment in enumerate(pattern):
        if isinstance(segment, Capture):
            rest = pattern[position + 1 :]
            found = _bind_recursive(rest, subject[position:]) if segment.recursive else None
            if segment.recursive:
                return None if found is None else (*_singles(pattern[:position], subject), *found)
            if position >= len(subject) or subject[position] is Open.MANY:
                return None
        elif position >= len(subject) or subject[position] != segment:
            return None
    return _singles(pattern, subject) if len(pattern) == len(subject) else None


def _singles(pattern: tuple[str | Capture, ...], subject: Subject) -> tuple[Value, ...]:
    return tuple(
        UNKNOWN if isinstance(piece, Open) else piece
        for segment, piece in zip(pattern, subject, strict=False)
        if isinstance(segment, Capture)
    )


def _bind_recursive(rest: tuple[str | Capture, ...], subject: Subject) -> tuple[Value, ...] | None:
    """Try the recursive wildcard on none, one, two … segments."""
    for length in range(len(subject) + 1):
        found = _bind(rest, subject[length:])
        if found is not None:
            taken = tuple(piece for piece in subject[:length] if isinstance(piece, str))
            return (Path(taken) if len(taken) == length else UNKNOWN, *found)
    return None


def subject_of(query: Query, prefix: tuple[str, ...], document_id: Value) -> Subject:
    """The documents that a query may return. `document_id` is a string where the query fixes it."""
    last = document_id if isinstance(document_id, str) else Open.ONE
    start: Subject = (*prefix, *query.parent)
    if not query.descendants:
        return (*start, query.collection_id, last)
    if not query.collection_id:
        return (*start, Open.MANY)
    return (*start, Open.MANY, query.collection_id, last)
