"""Delays: by how much a recording is behind its reference at many places, to a fraction of a millisecond."""

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from shared.media.syncing.hearing import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.media.syncing.hearing import Samples

_WINDOW, _REACH = 3 * RATE, RATE // 10
"""Samples that are compared, and how far around where they are expected."""
_SHARES, _MOST = 4, 80
"""Windows of a short recording, and at most of any."""
_BAND = (150, 3600)
"""Hertz in which voices are told apart."""
_WHITENING = 0.8
"""How far loud frequencies lose their weight, 0 to 1: all of it (PHAT) makes noise as heavy as the voice."""
_CLEAR = 8.0
"""How many times as high as usual a peak must be."""
_FAINT = 1e-4
_END = RATE // 400
"""Samples at both ends of the reach that are none of its inside."""


@dataclass(frozen=True)
class Delay:
    """At `at` seconds of the recording, the reference is `delay` seconds further. `clear`: whether it stands out."""

    at: float
    delay: float
    clear: bool


def delays(reference: "Samples", recording: "Samples", line: tuple[float, float]) -> list[Delay]:
    """Delays at the loudest places of both, looked for around `line`: its delay at 0 seconds, and its slope."""
    import numpy as np

    level, slope = line
    window = min(_WINDOW, len(recording) // _SHARES)
    if window == 0:
        return []
    size = 1 << int(np.ceil(np.log2(window + 2 * _REACH)))
    pitch = np.fft.rfftfreq(size, 1 / RATE)
    band = (pitch >= _BAND[0]) & (pitch <= _BAND[1])
    found = []
    for start in _loudest(recording, window):
        shift = round((level + slope * start / RATE) * RATE)
        other = _cut(reference, start + shift - _REACH, window + 2 * _REACH)
        own = recording[start : start + window]
        if _level(own) < _FAINT or _level(other) < _FAINT:
            continue
        lag, height = _peak(np.fft.rfft(own, size), np.fft.rfft(other, size), band, size)
        at = (start + window / 2) / RATE
        found.append(Delay(at, (shift + lag - _REACH) / RATE, height >= _CLEAR))
    return found


def _loudest(samples: "Samples", window: int) -> list[int]:
    """Where the windows begin: one for each part of the recording, where it is loudest."""
    import numpy as np

    step = RATE // 4
    count = (len(samples) - window) // step + 1
    levels = np.array([_level(samples[n * step : n * step + window]) for n in range(count)])
    parts = np.array_split(np.arange(count), min(_MOST, max(1, len(samples) // window)))
    return [int(part[np.argmax(levels[part])]) * step for part in parts if len(part)]


def _cut(samples: "Samples", start: int, length: int) -> "Samples":
    """Samples from anywhere; silence outside."""
    import numpy as np

    piece = np.zeros(length, np.float32)
    begin, end = max(0, start), min(len(samples), start + length)
    if begin < end:
        piece[begin - start : end - start] = samples[begin:end]
    return piece


def _level(samples: "Samples") -> float:
    return sqrt(float((samples**2).mean()))


def _peak(
    own: "NDArray[np.complex128]", other: "NDArray[np.complex128]", band: "NDArray[np.bool_]", size: int
) -> tuple[float, float]:
    """Where in the reach the two are alike most, in samples, and how many times as much as usual; 0 where that is at its end:
    there is no peak then, as with a tone, which is alike everywhere but for where the windows are cut."""
    import numpy as np

    cross = np.where(band, other * np.conj(own), 0)
    weight = np.abs(cross) ** _WHITENING
    likeness = np.fft.irfft(cross / (weight + 1e-12 + 1e-6 * weight.max()), size)[: 2 * _REACH + 1]
    best = int(np.argmax(likeness))
    if not _END <= best < len(likeness) - _END:
        return float(best), 0.0
    usual = float(np.sqrt((likeness**2).mean())) or 1.0
    before, top, after = (float(value) for value in likeness[best - 1 : best + 2])
    bend = before - 2 * top + after
    return best + (0.5 * (before - after) / bend if bend < 0 else 0.0), top / usual
