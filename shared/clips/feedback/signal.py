"""Signals: what happened to a clip, as its owner's app or the platform that it is shown on tells of it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from shared.core.documents import Part
from shared.core.ids import ID_PATTERN

MOST_VIEWS = 10**12
Share = Annotated[float, Field(ge=0, le=1)]


class Signal(Part):
    """What all have in common. `event_id` is chosen by the sender: sent twice for a clip, a signal counts once."""

    event_id: str = Field(pattern=ID_PATTERN)
    at: AwareDatetime


class ClipView(Signal):
    """People have watched it. Reports of a platform are told as what is new in them.

    `watched`: how much of it they saw in the mean, 0 to 1; left out, it follows from `retention`: the share of viewers who were
    still there, at points equally far apart from its first moment to its last."""

    kind: Literal["view"] = "view"
    views: int = Field(default=1, ge=1, le=MOST_VIEWS)
    watched: Share | None = None
    retention: tuple[Share, ...] = Field(default=(), max_length=200)


class ClipKeep(Signal):
    """Its owner wants it."""

    kind: Literal["keep"] = "keep"


class ClipDiscard(Signal):
    """Its owner does not want it."""

    kind: Literal["discard"] = "discard"


class ClipEdit(Signal):
    """Its owner has cut it anew. `share`: how much of it is other footage than was chosen, 0 to 1."""

    kind: Literal["edit"] = "edit"
    share: Share


class ClipExport(Signal):
    """It was rendered to be shown."""

    kind: Literal["export"] = "export"


class ClipRate(Signal):
    """Its owner has rated it."""

    kind: Literal["rate"] = "rate"
    stars: int = Field(ge=1, le=5)


AnySignal = Annotated[ClipView | ClipKeep | ClipDiscard | ClipEdit | ClipExport | ClipRate, Field(discriminator="kind")]
SIGNALS: TypeAdapter[AnySignal] = TypeAdapter(AnySignal)


def latest(*moments: datetime | None) -> datetime | None:
    """The latest of those that are there."""
    return max(filter(None, moments), default=None)
