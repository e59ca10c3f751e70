"""Talking: when each of several people says something, by how loud their own microphones are.

A microphone is compared with itself: with the noise in it and with the voice it is for. What it hears of the others is quieter
there than in their own, relative to their voices, and is not taken for its owner's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.clips.multitrack.levels import SILENT, STEPS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.clips.multitrack.levels import Levels

    Talking = NDArray[np.bool_]

_ON, _OFF = 0.5, 0.35
"""How far from the noise (0) to the voice (1) a level must rise for somebody to begin, and fall to end."""
_BLEEDS = 9.0
"""Decibels below another's that one's voice, each relative to itself, is but the other's voice heard from afar."""
_AROUND = round(0.25 * STEPS)
_QUIET, _GATED = -70.0, 0.9
"""Decibels of noise that nobody minds; a recording that is silent for a tenth of the time has no more in it."""
_LEAST_RANGE = 10.0
"""Decibels from the noise to what is a voice at all."""
_INSIDE, _FAINTER = 0.85, 4.0
"""Who is only heard while somebody else talks, and by so many decibels less above the noise, says nothing."""
_PAUSE, _SHORTEST = round(0.4 * STEPS), round(0.15 * STEPS)


@dataclass(frozen=True)
class _Microphone:
    levels: "Levels"
    noise: float
    voice: float

    @property
    def range(self) -> float:
        """Decibels from its noise to the voice in it."""
        return self.voice - self.noise


def who_talks(levels: Sequence["Levels"]) -> "list[Talking]":
    """For each microphone, whether its owner talks, step by step. Pauses inside a sentence belong to it."""
    import numpy as np

    microphones = [_microphone(each) for each in levels]
    rough = [
        _hysteresis(_relative(each)) if each.range > 0 else np.zeros(len(each.levels), bool) for each in microphones
    ]
    voices = [each.voice if each.range > 0 else 0.0 for each in microphones]
    for place, one in enumerate(microphones):
        for other, theirs in zip(microphones, rough, strict=True):
            inside = (rough[place] & theirs).sum() > _INSIDE * max(1, rough[place].sum())
            if other is not one and inside and one.range < other.range - _FAINTER:
                voices[place] = max(voices[place], one.noise + other.range)
    relative = np.array([each.levels - voice for each, voice in zip(microphones, voices, strict=True)])
    near = [own > _loudest_of_others(relative, place) - _BLEEDS for place, own in enumerate(relative)]
    return [
        _joined(_hysteresis(_relative(_Microphone(each.levels, each.noise, voice))) & own)
        if each.range > 0
        else np.zeros(len(each.levels), bool)
        for each, voice, own in zip(microphones, voices, near, strict=True)
    ]


def _loudest_of_others(relative: "Levels", place: int) -> "Levels":
    """How loud anybody else is around each step: a room still sounds when a voice has ended."""
    import numpy as np

    others = np.delete(relative, place, axis=0)
    if not len(others):
        return np.full(relative.shape[1], SILENT)
    padded = np.pad(others.max(axis=0), _AROUND, constant_values=SILENT)
    loudest: Levels = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1).max(axis=1)
    return loudest


def _microphone(levels: "Levels") -> _Microphone:
    import numpy as np

    heard = levels[levels > SILENT + 1]
    if not len(heard):
        return _Microphone(levels, 0.0, 0.0)
    gated = len(heard) < _GATED * len(levels)
    noise = _QUIET if gated else max(float(np.percentile(heard, 10)), _QUIET)
    louder = heard[heard > noise + _LEAST_RANGE]
    if len(louder) < STEPS // 2:
        return _Microphone(levels, noise, noise)
    return _Microphone(levels, noise, float(np.percentile(louder, 90)))


def _relative(microphone: _Microphone) -> "Levels":
    """0 at the noise, 1 at the voice, over what lasts longer than a consonant."""
    import numpy as np

    smooth = np.convolve(microphone.levels, np.full(3, 1 / 3), mode="same")
    relative: Levels = (smooth - microphone.noise) / max(microphone.range, _LEAST_RANGE)
    return relative


def _hysteresis(relative: "Levels") -> "Talking":
    import numpy as np

    talking = np.zeros(len(relative), bool)
    on = False
    for place, value in enumerate(relative):
        on = value > (_OFF if on else _ON)
        talking[place] = on
    return talking


def _joined(talking: "Talking") -> "Talking":
    """Without its short pauses, and then without what is too short to be a word."""
    filled = talking.copy()
    for begin, end in runs(~talking):
        if end - begin <= _PAUSE and begin > 0 and end < len(talking):
            filled[begin:end] = True
    for begin, end in runs(filled):
        if end - begin < _SHORTEST:
            filled[begin:end] = False
    return filled


def runs(flags: "Talking") -> list[tuple[int, int]]:
    """Where `flags` hold: from one place up to, not including, another."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
