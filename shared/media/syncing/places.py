"""Places: where in a reference each of some stretches of a recording might be, to a few hundredths of a second."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.media.syncing.onsets import STEPS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Onsets = NDArray[np.float32]

_STRETCH, _MOST = 20, 24
"""Seconds of a stretch, and how many of them are looked for."""
_GUESSES = 3
_NEAR = 25
"""Steps around a guess in which there is no other."""
STEEPEST = 500e-6
"""The largest drift of a clock that is believed."""
_TILT = 20e-6
_WIDTH = 0.03
"""Seconds that a guess may be off the line."""


@dataclass(frozen=True)
class Guess:
    """A stretch of the recording around `at` seconds may be `delay` seconds later in the reference; `score`: how likely."""

    stretch: int
    at: float
    delay: float
    score: float


def guesses(reference: "Onsets", recording: "Onsets") -> list[Guess]:
    """The best places of the loudest stretches of a recording."""
    import numpy as np

    length = min(_STRETCH * STEPS, recording.shape[1])
    if length < STEPS or reference.shape[1] < STEPS:
        return []
    starts = _starts(recording.sum(axis=0), length)
    size = 1 << int(np.ceil(np.log2(reference.shape[1] + length)))
    centred = reference - reference.mean(axis=1, keepdims=True)
    transformed = np.fft.rfft(centred, size, axis=1)
    energy = np.concatenate([[0.0], np.cumsum((centred.astype(float) ** 2).sum(axis=0))])
    found: list[Guess] = []
    for number, start in enumerate(starts):
        piece = recording[:, start : start + length]
        piece = piece - piece.mean(axis=1, keepdims=True)
        spectrum = (transformed * np.conj(np.fft.rfft(piece, size, axis=1))).sum(axis=0)
        likeness = np.fft.irfft(spectrum, size)
        lags = np.concatenate([np.arange(reference.shape[1]), np.arange(-length + 1, 0)])
        likeness = likeness[lags] / _heard(energy, lags, length)
        for score, lag in _peaks(likeness, lags):
            found.append(Guess(number, (start + length / 2) / STEPS, (lag - start) / STEPS, score))
    return found


def _starts(loudness: "NDArray[np.float32]", length: int) -> list[int]:
    """Where the stretches begin: one for each part of the recording, where most is heard in it."""
    import numpy as np

    heard = np.concatenate([[0.0], np.cumsum(loudness.astype(float))])
    sums = heard[length:] - heard[:-length]
    count = min(_MOST, max(1, len(loudness) // length))
    parts = np.array_split(np.arange(len(sums)), count)
    return [int(part[np.argmax(sums[part])]) for part in parts if len(part)]


def _heard(energy: "NDArray[np.float64]", lags: "NDArray[np.int64]", length: int) -> "NDArray[np.float64]":
    """How much is heard in the reference over a stretch at each lag, never less than a fifth of what is usual."""
    import numpy as np

    last = len(energy) - 1
    sums = energy[np.clip(lags + length, 0, last)] - energy[np.clip(lags, 0, last)]
    usual = energy[-1] * min(1.0, length / last)
    enough: NDArray[np.float64] = np.sqrt(np.maximum(sums, 0.2 * usual) + 1e-9)
    return enough


def _peaks(likeness: "NDArray[np.float64]", lags: "NDArray[np.int64]") -> list[tuple[float, int]]:
    """The highest places, in standard deviations above the mean, and their lags."""
    import numpy as np

    left = likeness.copy()
    mean, spread = float(left.mean()), float(left.std()) or 1.0
    peaks = []
    for _ in range(_GUESSES):
        best = int(np.argmax(left))
        peaks.append((float(left[best] - mean) / spread, int(lags[best])))
        left[max(0, best - _NEAR) : best + _NEAR + 1] = -np.inf
    return peaks


def likeliest(found: list[Guess]) -> tuple[float, float] | None:
    """The line that the guesses agree on best: its delay at 0 seconds, and its slope. None without guesses."""
    import numpy as np

    if not found:
        return None
    at, delay = (np.array([getattr(guess, name) for guess in found]) for name in ("at", "delay"))
    score, stretch = (np.array([getattr(guess, name) for guess in found]) for name in ("score", "stretch"))
    best, line = 0.0, (found[0].delay, 0.0)
    for slope in sorted(np.arange(-STEEPEST, STEEPEST + _TILT, _TILT), key=abs) if np.ptp(at) else [0.0]:
        level = delay - slope * at
        for guess in range(len(found)):
            near = np.abs(level - level[guess]) < _WIDTH
            support = sum(float(score[near & (stretch == each)].max()) for each in np.unique(stretch[near]))
            if support > best * (1 + 1e-9):
                best, line = support, (float(np.average(level[near], weights=score[near])), float(slope))
    return line
