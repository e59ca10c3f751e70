"""Lists: parts that were added, removed, renamed, changed, or put in another order. One way of telling for all kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.kompositions.diff.fields import compare_fields
from shared.kompositions.diff.matching import Found, Matches, out_of_order
from shared.kompositions.diff.slots import compare_slot
from shared.kompositions.diff.telling import Subject, Telling
from shared.kompositions.diff.words import ordinal, span
from shared.kompositions.model.part import Part
from shared.kompositions.model.time import Time

P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Kind(Generic[P]):
    """How parts of a kind are told of."""

    subject: Callable[[Found[P]], Subject]
    """As it was called before, as in "The text overlay 'Hello'"."""
    family: str = ""
    """By which other parts name it; without one it has no id."""
    skip: frozenset[str] = frozenset()
    """Fields of which the caller tells."""
    detail: Callable[[P], str] = lambda _: ""
    """What else to say of one that was added."""
    fresh: Callable[[Found[P]], Subject] | None = None
    """As it is called when it is new, as in "a text overlay 'Hello'"."""


def rename_all(telling: Telling, found: Matches[P], kind: Kind[P]) -> None:
    """Tell of new ids, first of all, so that what names them by their ids can follow."""
    for old, new in found.pairs:
        before, after = old.part.__dict__["id"], new.part.__dict__["id"]
        if before != after:
            telling.rename(kind.family, kind.subject(old), before, after, f"{new.pointer}/id")


def compare_parts(telling: Telling, found: Matches[P], kind: Kind[P]) -> None:
    """Tell of every part of a list but of its id."""
    for old in found.removed:
        telling.tell("removed", old.pointer, kind.subject(old), "", "", verb="Removed ", before=old.part)
    for new in found.added:
        subject = (kind.fresh or kind.subject)(new)
        text = f"{kind.detail(new.part)}{_when(new.part)}"
        telling.tell("added", new.pointer, subject, text, "", verb="Added ", after=new.part)
    for old, new in found.pairs:
        _compare(telling, old, new, kind)
    for old, new in out_of_order([pair for pair in found.pairs if pair[0].track == pair[1].track]):
        text = f" is now the {ordinal(new.index + 1)} instead of the {ordinal(old.index + 1)}"
        telling.tell("moved", new.pointer, kind.subject(new), text, before=old.index, after=new.index)


def _compare(telling: Telling, old: Found[P], new: Found[P], kind: Kind[P]) -> None:
    before, after, subject = old.part, new.part, kind.subject(old)
    skip = kind.skip | ({"id"} if kind.family else set())
    if "start" in before.__dict__:
        compare_slot(telling, subject, new.pointer, _slot(before), _slot(after))
        skip |= {"start", "end"}
    if type(before) is not type(after):
        telling.tell("changed", new.pointer, subject, " was replaced", before=before, after=after)
        return
    compare_fields(telling, subject, old.pointer, new.pointer, before, after, skip=skip)


def _slot(part: Part) -> tuple[Time, Time | None]:
    return part.__dict__["start"], part.__dict__["end"]


def _when(part: Part) -> str:
    if "start" not in part.__dict__:
        return ""
    start, end = _slot(part)
    return f" {span(start, end)}" if start.value or end else ""
