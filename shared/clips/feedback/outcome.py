"""Outcome: what all signals say of a clip, summed up, and how well it did by that."""

from collections.abc import Sequence
from datetime import datetime
from math import log1p
from typing import Final, Literal

from pydantic import Field

from shared.clips.feedback.signal import (
    AnySignal,
    ClipDiscard,
    ClipEdit,
    ClipExport,
    ClipKeep,
    ClipRate,
    ClipView,
    latest,
)
from shared.core.documents import StoredModel

POINTS: Final = 21
"""Of a retention curve: every 5 % of the clip."""
_HALF_TRUSTED: Final = 20
"""Views after which what viewers did counts half of what it counts at most."""


class Outcome(StoredModel):
    """What became of a clip. `watched`: the mean share of it that viewers saw; `retention`: the mean of the curves, at 21 points.

    `decision` is the last word of its owner; `edited`: the largest share that was cut anew."""

    views: int = Field(default=0, ge=0)
    watched: float | None = Field(default=None, ge=0, le=1)
    watched_views: int = Field(default=0, ge=0)
    retention: tuple[float, ...] = ()
    retention_views: int = Field(default=0, ge=0)
    decision: Literal["keep", "discard"] | None = None
    decided: datetime | None = None
    edited: float | None = Field(default=None, ge=0, le=1)
    exports: int = Field(default=0, ge=0)
    stars: int | None = Field(default=None, ge=1, le=5)
    rated: datetime | None = None
    updated: datetime | None = None

    def after(self, signal: AnySignal) -> "Outcome":
        """What it is once this has happened too. The order in which signals come does not matter."""
        match signal:
            case ClipView():
                changed = self._viewed(signal)
            case ClipKeep() | ClipDiscard() if self.decided is None or signal.at >= self.decided:
                changed = self.model_copy(update={"decision": signal.kind, "decided": signal.at})
            case ClipEdit():
                changed = self.model_copy(update={"edited": max(self.edited or 0.0, signal.share)})
            case ClipExport():
                changed = self.model_copy(update={"exports": self.exports + 1})
            case ClipRate() if self.rated is None or signal.at >= self.rated:
                changed = self.model_copy(update={"stars": signal.stars, "rated": signal.at})
            case _:
                changed = self
        return changed.model_copy(update={"updated": latest(self.updated, signal.at)})

    def _viewed(self, view: ClipView) -> "Outcome":
        changes: dict[str, object] = {"views": self.views + view.views}
        curve = resampled(view.retention) if len(view.retention) > 1 else ()
        watched = view.watched if view.watched is not None else _mean(curve)
        if watched is not None:
            seen = self.watched_views
            changes["watched"] = _moved(self.watched or 0.0, seen, watched, view.views)
            changes["watched_views"] = seen + view.views
        if curve:
            seen = self.retention_views
            before = self.retention or (0.0,) * POINTS
            pairs = zip(before, curve, strict=True)
            changes["retention"] = tuple(_moved(old, seen, new, view.views) for old, new in pairs)
            changes["retention_views"] = seen + view.views
        return self.model_copy(update=changes)


class Evidence(StoredModel):
    """How well a clip did, 0 to 1, and how much that is to be trusted: 1 for a clear word of its owner, 0 for nothing known."""

    success: float = Field(ge=0, le=1)
    weight: float = Field(ge=0)


def evidence(outcome: Outcome, *, usual_views: float | None = None, passed_over: bool = False) -> Evidence:
    """What an outcome says of a clip: the mean of all that is known, by how much each is to be trusted.

    `usual_views`: of its owner's clips, the median; the views of one alone say nothing. `passed_over`: its owner has decided on
    others of the same job and not on this one."""
    parts = [*_owners_word(outcome), *_viewers_word(outcome, usual_views)]
    if not parts and passed_over:
        parts = [(0.25, 0.3)]
    weight = sum(part[1] for part in parts)
    success = sum(value * trust for value, trust in parts) / weight if weight else 0.5
    return Evidence(success=success, weight=weight)


def _owners_word(outcome: Outcome) -> Sequence[tuple[float, float]]:
    parts = []
    if outcome.stars is not None:
        parts.append(((outcome.stars - 1) / 4, 1.5))
    if outcome.exports:
        parts.append((1.0, 1.0))
    elif outcome.decision is not None:
        parts.append((0.8, 0.7) if outcome.decision == "keep" else (0.0, 1.0))
    if outcome.edited is not None:
        parts.append((1.0 - outcome.edited, 0.5))
    return parts


def _viewers_word(outcome: Outcome, usual_views: float | None) -> Sequence[tuple[float, float]]:
    parts = []
    if outcome.watched is not None:
        seen = outcome.watched_views
        parts.append((outcome.watched, 3.0 * seen / (seen + _HALF_TRUSTED)))
    if outcome.views and usual_views:
        # On a logarithmic scale around what is usual: ten times as many is as much above as a tenth is below.
        ratio = log1p(outcome.views) - log1p(usual_views)
        parts.append((min(1.0, max(0.0, 0.5 + ratio / 6)), 0.5))
    return parts


def resampled(curve: Sequence[float]) -> tuple[float, ...]:
    """A curve of two or more points, equally far apart, at POINTS points."""
    last = len(curve) - 1

    def at(place: float) -> float:
        left = min(int(place), last - 1)
        return curve[left] + (curve[left + 1] - curve[left]) * (place - left)

    return tuple(at(number * last / (POINTS - 1)) for number in range(POINTS))


def _mean(curve: Sequence[float]) -> float | None:
    """Of a curve: the area below it."""
    return (sum(curve) - (curve[0] + curve[-1]) / 2) / (len(curve) - 1) if curve else None


def _moved(before: float, seen: int, value: float, more: int) -> float:
    return (before * seen + value * more) / (seen + more)
