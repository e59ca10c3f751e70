"""Change: one thing that a person would say of two versions."""

from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

ChangeKind = Literal["added", "removed", "moved", "changed", "renamed"]


@dataclass(frozen=True)
class Change:
    """A sentence without a full stop, and the place in the JSON that it speaks of, with all that lies below that place.

    `pointer` (RFC 6901) leads into the later komposition, or into the earlier one when what it names was removed. `before` and
    `after` are the JSON there. A sentence about several places, such as a run of segments, has the others in `more`."""

    kind: ChangeKind
    pointer: str
    text: str
    before: JsonValue = None
    after: JsonValue = None
    more: tuple[str, ...] = ()

    @property
    def pointers(self) -> tuple[str, ...]:
        """Every place that it speaks of."""
        return (self.pointer, *self.more)
