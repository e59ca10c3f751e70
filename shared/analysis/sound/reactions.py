"""Reactions: laughter and applause, told from speech, music and noise by what can be measured of them.

**Applause** is noise without a pitch, bright and without gaps, yet grainy, for it is made of claps: steady noise is smooth.
**Laughter** is a series of short, high vowels with breaths between them, four to seven a second, evener than speech is: the
level and the voice come and go with the same period, and the voice is higher than it is otherwise in the recording.

What it cannot tell: the claps of one or two people from other knocks (not reported), a hall that laughs as one noise (not
reported), a chant in the rhythm of a laugh (reported)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from shared.analysis.media_analysis import Reaction
from shared.analysis.sound.measures import SECONDS, Measures

if TYPE_CHECKING:
    import numpy as np

_WINDOW = 75
"""Measures that are judged together: 1.5 s."""
_STEP = 10
_ROWS = 4096
"""Windows that are judged at once: memory is bounded by it."""
_AUDIBLE = -50.0
"""dBFS below which nothing is judged."""
_ABOVE_FLOOR = 6.0
"""dB that a reaction is above the quiet of its recording."""
VOICED = 0.5
"""Harmony from which on there is a voice."""
_RHYTHM = range(7, 13)
"""Measures from one vowel of a laugh to the next: 0.14 to 0.24 s."""
_EVEN = 0.5
"""Of the autocorrelation at that lag, for level and voice both."""
_HIGHER = 1.15
"""How much higher a laugh is than the voice of the recording."""
_ELSEWHERE = 100
"""Measures with a voice from which on it is known how high that is: 2 s."""
_SHORTEST = 0.8
"""Seconds."""
_APART = 6
"""Windows without a score between two events; with fewer they are one."""


def find_reactions(measures: Measures) -> tuple[Reaction, ...]:
    """What sounds like laughter and applause, in order of time."""
    import numpy as np

    if len(measures) < _WINDOW:
        return ()
    floor = float(np.percentile(measures.level, 10))
    heard = np.concatenate([_scores(measures, first, floor) for first in range(0, _windows(measures), _ROWS)], axis=1)
    laughing, pitch, clapping = heard
    laughing = np.where(_is_high(measures, laughing, pitch), laughing, 0.0)
    found = [*_events("laughter", laughing), *_events("applause", clapping)]
    return tuple(sorted(found, key=lambda reaction: reaction.start))


def _windows(measures: Measures) -> int:
    return (len(measures) - _WINDOW) // _STEP + 1


def _scores(measures: Measures, first: int, floor: float) -> "np.ndarray":
    """For each window from the `first` on: how much it is like laughter, its pitch, and how much it is like applause."""
    import numpy as np

    def rows(values: "np.ndarray") -> "np.ndarray":
        return np.lib.stride_tricks.sliding_window_view(values, _WINDOW)[::_STEP][first : first + _ROWS]

    level, harmony = rows(measures.level), rows(measures.harmony)
    loudest = level.max(axis=1)
    audible = (loudest > _AUDIBLE) & (np.percentile(level, 75, axis=1) > floor + _ABOVE_FLOOR)
    voiced = (harmony > VOICED) & (level > loudest[:, None] - 25)
    pitches = np.where(voiced, rows(measures.pitch), np.nan)
    pitch = np.nanmedian(np.where(voiced.any(axis=1)[:, None], pitches, 0.0), axis=1)
    laughing = _laughing(np.maximum(level, loudest[:, None] - 35), harmony, voiced.mean(axis=1))
    clapping = _clapping(
        level, harmony, rows(measures.grain), rows(measures.flatness), rows(measures.centroid), voiced.mean(axis=1)
    )
    return np.stack([laughing * audible, pitch, clapping * audible])


def _laughing(level: "np.ndarray", harmony: "np.ndarray", voiced: "np.ndarray") -> "np.ndarray":
    """How even the rhythm is that level and voice have in common, 0 to 1; 0 where it is none of a laugh."""
    import numpy as np

    both = [_centred(level), _centred(harmony)]
    even = np.stack([np.minimum(*(_alike(values, lag) for values in both)) for lag in _RHYTHM])
    twice = np.stack([np.minimum(*(_alike(values, 2 * lag) for values in both)) for lag in _RHYTHM])
    best = even.argmax(axis=0)
    chosen = np.arange(len(best))
    is_laugh = (even[best, chosen] >= _EVEN) & (twice[best, chosen] > 0) & (voiced > 0.2) & (voiced < 0.7)
    return np.where(is_laugh, even[best, chosen], 0.0)


def _clapping(
    level: "np.ndarray",
    harmony: "np.ndarray",
    grain: "np.ndarray",
    flatness: "np.ndarray",
    centroid: "np.ndarray",
    voiced: "np.ndarray",
) -> "np.ndarray":
    """How far the window is within what applause measures, 0 to 1."""
    import numpy as np

    marks = [
        _rising(np.median(flatness, axis=1), 0.2, 0.4),
        1 - _rising(np.median(harmony, axis=1), 0.25, 0.4),
        1 - _rising(voiced, 0.05, 0.15),
        1 - _rising(level.std(axis=1), 5.0, 9.0),
        _rising(np.median(grain, axis=1), 1.0, 1.6),
        _rising(np.median(centroid, axis=1), 1000.0, 1600.0),
    ]
    least: np.ndarray = np.min(np.stack(marks), axis=0)
    return least


def _is_high(measures: Measures, laughing: "np.ndarray", pitch: "np.ndarray") -> "np.ndarray":
    """Whether the voice of each window is higher than it is where nobody laughs."""
    import numpy as np

    elsewhere = np.ones(len(measures), dtype=bool)
    for place in np.flatnonzero(laughing):
        elsewhere[place * _STEP : place * _STEP + _WINDOW] = False
    spoken = measures.pitch[elsewhere & (measures.harmony > VOICED) & (measures.level > _AUDIBLE)]
    usual = float(np.median(spoken)) if len(spoken) >= _ELSEWHERE else 0.0
    high: np.ndarray = pitch >= usual * _HIGHER
    return high


def _events(kind: 'Literal["laughter", "applause"]', scores: "np.ndarray") -> Iterator[Reaction]:
    """Windows in a row that score: from the middle of the first to the middle of the last, and a third of a window around."""
    import numpy as np

    places = np.flatnonzero(scores > 0)
    groups = np.split(places, np.flatnonzero(np.diff(places) > _APART) + 1) if len(places) else []
    for group in groups:
        middle = (group[[0, -1]] * _STEP + _WINDOW / 2) * SECONDS
        start, end = float(middle[0]) - _WINDOW * SECONDS / 3, float(middle[1]) + _WINDOW * SECONDS / 3
        certain = float(scores[group].mean()) * min(1.0, len(group) / 4)
        if end - start >= _SHORTEST:
            yield Reaction(
                kind=kind, start=round(max(0.0, start), 2), end=round(end, 2), confidence=round(min(certain, 1.0), 2)
            )


def _centred(rows: "np.ndarray") -> "np.ndarray":
    """Each row less its own slow movement: the mean of the 0.4 s around."""
    import numpy as np

    half = 10
    padded = np.pad(rows, ((0, 0), (half + 1, half)), mode="edge").cumsum(axis=1)
    centred: np.ndarray = rows - (padded[:, 2 * half + 1 :] - padded[:, : -2 * half - 1]) / (2 * half + 1)
    return centred


def _alike(rows: "np.ndarray", lag: int) -> "np.ndarray":
    """The autocorrelation of each row at the lag, -1 to 1."""
    import numpy as np

    rows = rows - rows.mean(axis=1, keepdims=True)
    scale = rows.shape[1] / (rows.shape[1] - lag)
    alike: np.ndarray = (rows[:, :-lag] * rows[:, lag:]).sum(axis=1) * scale / np.maximum((rows**2).sum(axis=1), 1e-9)
    return alike


def _rising(values: "np.ndarray", low: float, high: float) -> "np.ndarray":
    """0 up to `low`, 1 from `high` on."""
    import numpy as np

    return np.clip((values - low) / (high - low), 0.0, 1.0)
