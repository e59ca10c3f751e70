"""Curves of sound: energy and pitch, ten values a second; and the silences."""

from typing import TYPE_CHECKING

from shared.analysis.curve import Curve
from shared.analysis.media_analysis import STEP
from shared.analysis.part import Span
from shared.analysis.sound.measures import SECONDS, Measures
from shared.analysis.sound.reactions import VOICED

if TYPE_CHECKING:
    import numpy as np

_A_STEP = round(STEP / SECONDS)
"""Measures of one value."""
_SILENT = -60.0
"""dBFS: quieter is silence, however quiet the recording."""
_LOUDEST_SILENCE = -30.0
_SHARE = 0.3
"""Where silence ends between the quiet and the loud of a recording, in dB."""
_ALIVE = 12.0
"""dB between the two below which the recording has no pauses, only its own noise or music."""
SHORTEST_SILENCE = 0.3
"""Seconds."""
_CLICK = 0.06
"""Seconds: a noise that is shorter does not end a silence."""


def silence_threshold(measures: Measures) -> float:
    """dBFS below which this recording is silent: well above its own quiet, well below its speech."""
    import numpy as np

    sounding = measures.level[measures.level > _SILENT]
    if len(sounding) == 0:
        return _SILENT
    quiet, loud = np.percentile(sounding, [10, 90])
    if loud - quiet < _ALIVE:
        return _SILENT
    return float(np.clip(quiet + _SHARE * (loud - quiet), _SILENT, _LOUDEST_SILENCE))


def find_silences(measures: Measures, threshold: float) -> tuple[Span, ...]:
    """Where nothing is heard for `SHORTEST_SILENCE` at least."""
    silent = [[start, end] for start, end in _runs(measures.level < threshold)]
    joined: list[list[int]] = []
    for run in silent:
        if joined and (run[0] - joined[-1][1]) * SECONDS <= _CLICK:
            joined[-1][1] = run[1]
        else:
            joined.append(run)
    spans = (Span(start=round(start * SECONDS, 3), end=round(end * SECONDS, 3)) for start, end in joined)
    return tuple(span for span in spans if span.duration >= SHORTEST_SILENCE - 1e-6)


def energy_curve(measures: Measures) -> Curve:
    """How loud it is at each moment, from 0, the recording's quiet, to 1, its loudest moments; about 1/2 where all is alike."""
    import numpy as np

    power = _steps(10 ** (measures.level / 10))
    if power.size == 0:
        return Curve(step=STEP)
    level = 10 * np.log10(power.mean(axis=1))
    sounding = level[level > _SILENT]
    if len(sounding) == 0:
        return Curve(step=STEP, values=(0.0,) * len(level))
    low, high = np.percentile(sounding, [5, 98])
    short = max(0.0, _ALIVE - (high - low)) / 2
    scaled = np.clip((level - low + short) / (high - low + 2 * short), 0, 1)
    return Curve(step=STEP, values=tuple(np.round(scaled, 3).tolist()))


def pitch_curve(measures: Measures, threshold: float) -> Curve:
    """Hz of the voice; null where less than half of the time one sounds."""
    import numpy as np

    voiced = _steps((measures.harmony > VOICED) & (measures.level > threshold))
    pitches = np.where(voiced, _steps(measures.pitch), np.nan)
    sounds = voiced.mean(axis=1) >= 0.5
    values: list[float | None] = [None] * len(pitches)
    for place in np.flatnonzero(sounds):
        values[place] = round(float(np.nanmedian(pitches[place])), 1)
    return Curve(step=STEP, values=tuple(values))


def _steps(values: "np.ndarray") -> "np.ndarray":
    """A row of measures for each value of a curve; the last row is filled up with its end."""
    import numpy as np

    missing = -len(values) % _A_STEP
    return (np.pad(values, (0, missing), mode="edge") if len(values) else values).reshape(-1, _A_STEP)


def _runs(mask: "np.ndarray") -> list[tuple[int, int]]:
    """First place and the one after the last of every stretch that is true."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
