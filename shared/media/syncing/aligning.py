"""`align`: where a recording is in another one, and how much faster or slower its clock is.

First stretches of the recording are looked for in all of the reference by their onsets: that tells where it is to a few
hundredths of a second, wherever that may be. Then short windows of both are compared sample by sample around there. Each tells
the delay at its place; the line that most of them lie on is the answer: its level is the offset, its slope the drift."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.media.syncing.delays import Delay, delays
from shared.media.syncing.onsets import onsets
from shared.media.syncing.places import STEEPEST, guesses, likeliest
from shared.media.syncing.sync import Sync

if TYPE_CHECKING:
    from shared.media.syncing.hearing import Samples

_ON_LINE = 0.0015
"""Seconds that a delay may be off the line."""
_FEWEST, _LEAST = 3, 0.12
"""How many windows must agree, and what share of them."""
_SURE = 3.0
"""How many times its own standard error a slope must be to be believed."""
_RESOLUTION = 0.0002
"""Seconds: no delay is better known."""
_TRIES = 400
_ELSEWHERE, _AS_GOOD = 0.25, 0.8
"""Seconds from one answer to another, and the share of its confidence with which the other is as good."""


def align(reference: "Samples", recording: "Samples") -> Sync:
    """How `recording` relates to `reference`, both at `RATE` samples a second; not `found` when they have nothing in common,
    or when they are alike in several places, as a loop is: nothing tells then which it is."""
    found = guesses(onsets(reference), onsets(recording))
    line = likeliest(found)
    if line is None:
        return Sync()
    best = _along(reference, recording, line)
    level, slope = line
    other = likeliest([each for each in found if abs(each.delay - level - slope * each.at) > _ELSEWHERE])
    if best.found and other is not None:
        as_good = _along(reference, recording, other).confidence >= _AS_GOOD * best.confidence
        return Sync() if as_good else best
    return best


def _along(reference: "Samples", recording: "Samples", line: tuple[float, float]) -> Sync:
    """How the two relate if it is about as `line` says: its delay at 0 seconds, and its slope."""
    found = delays(reference, recording, line)
    clear = [delay for delay in found if delay.clear]
    agreed = _agreed(clear)
    if len(agreed) < min(_FEWEST, max(2, len(found))) or len(agreed) < _LEAST * len(found):
        return Sync()
    offset, slope = _fitted(agreed)
    return Sync(_micro(offset), _micro(slope * 1e6), len(agreed) / len(found))


def _micro(value: float) -> Fraction:
    return Fraction(round(value * 1_000_000), 1_000_000)


def _agreed(found: Sequence[Delay]) -> list[Delay]:
    """The most delays that lie on one line."""
    import numpy as np

    if not found:
        return []
    at, delay = (np.array([getattr(each, name) for each in found]) for name in ("at", "delay"))
    pairs = [(a, b) for a in range(len(found)) for b in range(a, len(found))]
    chance = np.random.default_rng(0)
    tried = [pairs[n] for n in chance.choice(len(pairs), min(_TRIES, len(pairs)), replace=False)]
    best = np.zeros(len(found), bool)
    for first, second in [*((n, n) for n in range(len(found))), *tried]:
        apart = at[second] - at[first]
        slope = (delay[second] - delay[first]) / apart if apart else 0.0
        if abs(slope) <= STEEPEST:
            near = np.abs(delay - delay[first] - slope * (at - at[first])) < _ON_LINE
            if near.sum() > best.sum():
                best = near
    return [each for each, near in zip(found, best, strict=True) if near]


def _fitted(agreed: Sequence[Delay]) -> tuple[float, float]:
    """Level at 0 seconds and slope of the line through the delays; level alone where they do not tell a slope."""
    import numpy as np

    at, delay = (np.array([getattr(each, name) for each in agreed]) for name in ("at", "delay"))
    middle = float(at.mean())
    spread = float(((at - middle) ** 2).sum())
    if len(agreed) > 2 and spread > 0:
        slope = float(((at - middle) * (delay - delay.mean())).sum()) / spread
        off = delay - delay.mean() - slope * (at - middle)
        error = max(float(np.sqrt((off**2).sum() / (len(agreed) - 2))), _RESOLUTION) / spread**0.5
        if abs(slope) > _SURE * error:
            return float(delay.mean()) - slope * middle, slope
    return float(np.median(delay)), 0.0
