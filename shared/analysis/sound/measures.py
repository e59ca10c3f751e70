"""Measures: what is measured of a sound, fifty times a second: level, noisiness, brightness, harmony and pitch of the voice."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

RATE = 16_000
"""Samples a second, of one channel."""
HOP = 320
"""Samples from one measure to the next."""
SECONDS = HOP / RATE
_WINDOW = 640
"""Samples that a measure is taken of: two periods of the lowest voice."""
_SPECTRUM = 2048
_AT_ONCE = 512
"""Measures that are taken together: memory is bounded by it, not by how long the sound is."""
_BAND = (500.0, 6000.0)
"""Hz: where noise and voice differ most, and every microphone hears."""
_VOICE = (70.0, 600.0)
"""Hz of a voice, down to a deep man's and up to a laughing child's."""
QUIETEST = -100.0
"""dBFS that digital silence counts as."""
_OCTAVE = 0.85
"""A shorter period is preferred to a longer one if it is at least so much as regular."""


@dataclass(frozen=True)
class Measures:
    """Arrays of one value every `SECONDS`.

    `level`: dBFS (RMS). `grain`: dB by which the level jumps from each 5 ms to the next. `flatness`: 0 a tone to about 0.56
    white noise. `centroid`: Hz, where the middle of the spectrum is. `harmony`: 0 noise to 1 a perfect period. `pitch`: Hz of
    that period, whether it is a voice's or not."""

    level: "np.ndarray"
    grain: "np.ndarray"
    flatness: "np.ndarray"
    centroid: "np.ndarray"
    harmony: "np.ndarray"
    pitch: "np.ndarray"

    def __len__(self) -> int:
        return len(self.level)


class Meter:
    """Is given sound, 16-bit samples of one channel at `RATE`, and measures it."""

    def __init__(self) -> None:
        import numpy as np

        # Half a window before the sound begins, so that measure n is centred on its hop.
        self._pending = np.zeros((_WINDOW - HOP) // 2, dtype=np.float32)
        self._odd = b""
        self._parts: list[np.ndarray] = []

    def read(self, data: bytes) -> None:
        """Take the next bytes."""
        import numpy as np

        data = self._odd + data
        whole = len(data) // 2 * 2
        self._odd = data[whole:]
        samples = np.frombuffer(data[:whole], dtype="<i2").astype(np.float32) / 32768
        self._pending = np.concatenate([self._pending, samples])
        while len(self._pending) >= _WINDOW + HOP * (_AT_ONCE - 1):
            self._measure(_AT_ONCE)

    def measures(self) -> Measures:
        """Everything measured; there is nothing more to read."""
        import numpy as np

        left = len(self._pending) - (_WINDOW - HOP) // 2
        if left > 0:
            count = -(-left // HOP)
            short = _WINDOW + HOP * (count - 1) - len(self._pending)
            self._pending = np.concatenate([self._pending, np.zeros(max(0, short), dtype=np.float32)])
            self._measure(count)
            self._pending = self._pending[:0]
        columns = np.concatenate(self._parts, axis=1) if self._parts else np.zeros((6, 0), dtype=np.float32)
        return Measures(*columns)

    def _measure(self, count: int) -> None:
        import numpy as np

        used = self._pending[: _WINDOW + HOP * (count - 1)]
        self._pending = self._pending[HOP * count :]
        windows = np.lib.stride_tricks.sliding_window_view(used, _WINDOW)[::HOP]
        margin = (_WINDOW - HOP) // 2
        hops = used[margin : margin + HOP * count].reshape(count, HOP)
        level = _decibels(np.mean(hops**2, axis=1))
        fine = _decibels(np.mean(hops.reshape(count, 4, HOP // 4) ** 2, axis=2))
        grain = np.abs(np.diff(fine, axis=1)).mean(axis=1)
        power = np.abs(np.fft.rfft(windows * self._shape, _SPECTRUM, axis=1)) ** 2
        self._parts.append(np.stack([level, grain, *self._colour(power), *self._voice(power)]).astype(np.float32))

    def _colour(self, power: "np.ndarray") -> "tuple[np.ndarray, np.ndarray]":
        """Flatness and centroid of the spectrum in the band."""
        import numpy as np

        first, last = (round(edge * _SPECTRUM / RATE) for edge in _BAND)
        band = power[:, first:last] + 1e-12
        frequencies = np.arange(first, last) * (RATE / _SPECTRUM)
        flatness = np.exp(np.log(band).mean(axis=1)) / band.mean(axis=1)
        return flatness, (band @ frequencies) / band.sum(axis=1)

    def _voice(self, power: "np.ndarray") -> "tuple[np.ndarray, np.ndarray]":
        """Harmony and pitch: the autocorrelation, made good for the window's own (Boersma 1993), and its best lag."""
        import numpy as np

        shortest, longest = (round(RATE / edge) for edge in reversed(_VOICE))
        waves = np.fft.irfft(power, axis=1)[:, : longest + 2]
        regular = waves / np.maximum(waves[:, :1], 1e-9) / self._own[: longest + 2]
        lags = regular[:, shortest : longest + 1]
        peaks = (lags > regular[:, shortest - 1 : longest]) & (lags >= regular[:, shortest + 1 : longest + 2])
        heights = np.where(peaks, lags, 0.0)
        best = heights.max(axis=1)
        chosen = np.argmax(heights >= _OCTAVE * np.maximum(best, 1e-6)[:, None], axis=1)
        harmony = np.clip(heights[np.arange(len(heights)), chosen], 0.0, 1.0)
        return harmony, RATE / (chosen + shortest + _beside(regular, chosen + shortest))

    @cached_property
    def _shape(self) -> "np.ndarray":
        import numpy as np

        return np.hanning(_WINDOW).astype(np.float32)

    @cached_property
    def _own(self) -> "np.ndarray":
        """The window's own autocorrelation."""
        import numpy as np

        waves = np.fft.irfft(np.abs(np.fft.rfft(self._shape, _SPECTRUM)) ** 2)
        own: np.ndarray = np.maximum(waves / waves[0], 1e-3)
        return own


def _beside(waves: "np.ndarray", lags: "np.ndarray") -> "np.ndarray":
    """How far the top of the parabola through each lag's value and its neighbours is from it, in lags."""
    import numpy as np

    rows = np.arange(len(waves))
    before, at, after = (waves[rows, lags + step] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    beside: np.ndarray = np.clip(
        np.where(bend < -1e-6, (before - after) / (2 * np.minimum(bend, -1e-6)), 0.0), -0.5, 0.5
    )
    return beside


def _decibels(power: "np.ndarray") -> "np.ndarray":
    import numpy as np

    # The logarithm of float32 ends a little beside the limit on some processors.
    decibels: np.ndarray = np.maximum(10 * np.log10(np.maximum(power, 10 ** (QUIETEST / 10))), QUIETEST)
    return decibels
