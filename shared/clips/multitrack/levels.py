"""Levels: how loud the voice is in a recording, twenty times a second, on the clock of the film."""

from fractions import Fraction
from typing import TYPE_CHECKING

from shared.media.syncing import RATE, Sync

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.media.syncing.hearing import Samples

    Levels = NDArray[np.float64]

STEPS = 20
"""A second."""
SILENT = -90.0
"""Decibels of what is not heard at all, and of where a recording is not."""
_WINDOW = RATE // STEPS
_BAND = (150, 3600)
_BATCH = 20_000


def voice_levels(samples: "Samples") -> "Levels":
    """Decibels below full scale in the band of voices, a value for each step of the recording's own clock."""
    import numpy as np

    count = len(samples) // _WINDOW
    frames = samples[: count * _WINDOW].reshape(count, _WINDOW)
    pitch = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    band = (pitch >= _BAND[0]) & (pitch <= _BAND[1])
    shape = np.hanning(_WINDOW).astype(np.float32)
    power = np.empty(count)
    for begin in range(0, count, _BATCH):
        spectrum = np.abs(np.fft.rfft(frames[begin : begin + _BATCH] * shape, axis=1)) ** 2
        power[begin : begin + _BATCH] = spectrum[:, band].sum(axis=1)
    scale = 2 / (RATE // STEPS) / float((shape**2).sum())
    levels: Levels = np.maximum(SILENT, 10 * np.log10(power * scale + 1e-12))
    return levels


def on_film(levels: "Levels", sync: Sync, duration: Fraction) -> "Levels":
    """Levels on the clock that `sync` relates the recording to, from 0 to `duration` seconds."""
    import numpy as np

    own = (np.arange(int(duration * STEPS)) / STEPS - float(sync.offset)) / float(sync.pace)
    places = np.floor(own * STEPS + 0.5).astype(np.int64)
    there = (places >= 0) & (places < len(levels))
    placed = np.full(len(places), SILENT)
    placed[there] = levels[places[there]]
    return placed
