"""Operations: what was done to the words of a recording, each with its reason, each undone and redone on its own.

Words are named by their place in the transcript, from 0, wherever they were moved; so an operation means the same whatever
others are undone."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.core.documents import Part

ReasonKind = Literal["manual", "filler", "silence", "retake", "timeline"]
"""Who or what asked: a person, the three clean-ups, or the timeline of a komposition that the paper was made to follow."""
MAX_RUNS = 20_000


class WordRun(Part):
    """Words `first` to `last` of the transcript, both included, and what lies between them."""

    first: int = Field(ge=0)
    last: int = Field(ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> "WordRun":
        if self.first > self.last:
            raise ValueError("A run of words ends at or after the word with which it begins.")
        return self


class Reason(Part):
    """Why it was done, for whoever looks at the cut."""

    kind: ReasonKind = "manual"
    detail: str = Field(default="", max_length=300)


class _Operation(Part):
    id: int = Field(default=0, ge=0, description="Its number in the edit, from 1; given to it when it is done")
    reason: Reason = Reason()
    batch: int | None = Field(default=None, ge=1, description="Of operations that were done with one click: the same")
    undone: int | None = Field(
        default=None, ge=1, description="The how-manieth undoing of the edit it was; left out: it stands"
    )


class Deleted(_Operation):
    """Take words out, and the film closes over them; with `keepTime` they are only silenced: the picture goes on, and the
    room is heard."""

    kind: Literal["delete"] = "delete"
    runs: tuple[WordRun, ...] = Field(min_length=1, max_length=MAX_RUNS)
    keep_time: bool = False


class Restored(_Operation):
    """Bring words back that were deleted."""

    kind: Literal["restore"] = "restore"
    runs: tuple[WordRun, ...] = Field(min_length=1, max_length=MAX_RUNS)


class Moved(_Operation):
    """Put words, in the order that they have now, before another one."""

    kind: Literal["move"] = "move"
    runs: tuple[WordRun, ...] = Field(min_length=1, max_length=MAX_RUNS)
    before: int = Field(ge=0, description="A word; as many as there are words: the end")


class Tightened(_Operation):
    """Take a stretch out in which no word is said. Seconds of the recording."""

    kind: Literal["tighten"] = "tighten"
    start: float = Field(ge=0)
    end: float = Field(gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> "Tightened":
        if self.start >= self.end:
            raise ValueError("A stretch ends after it begins.")
        return self


Operation = Annotated[Deleted | Restored | Moved | Tightened, Field(discriminator="kind")]


def runs_of(words: Iterable[int]) -> tuple[WordRun, ...]:
    """Words in the order given as runs."""
    found: list[list[int]] = []
    for word in words:
        if found and found[-1][1] + 1 == word:
            found[-1][1] = word
        else:
            found.append([word, word])
    return tuple(WordRun(first=first, last=last) for first, last in found)
