"""Onsets: how much louder each band of the voice becomes in every hundredth of a second.

They are nearly the same for a voice heard near and far, through another microphone or a codec, and in noise."""

from typing import TYPE_CHECKING

from shared.media.syncing.hearing import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.media.syncing.hearing import Samples

STEPS = 100
"""A second."""
_HOP, _WINDOW = RATE // STEPS, 256
_EDGES = (200, 400, 700, 1100, 1700, 2500, 3600)
"""Hertz between the bands."""
_BATCH = 20_000
_AHEAD = 2
"""Steps over which loudness must rise."""


def onsets(samples: "Samples") -> "NDArray[np.float32]":
    """An array of bands by steps, none negative; nothing for less than a window of sound."""
    import numpy as np

    count = max(0, (len(samples) - _WINDOW) // _HOP + 1)
    if count <= _AHEAD:
        return np.zeros((len(_EDGES) - 1, 0), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP][:count]
    edges = [round(edge * _WINDOW / RATE) for edge in _EDGES]
    shape = np.hanning(_WINDOW).astype(np.float32)
    loud = np.empty((len(_EDGES) - 1, count), np.float32)
    for begin in range(0, count, _BATCH):
        spectrum = np.abs(np.fft.rfft(frames[begin : begin + _BATCH] * shape, axis=1)) ** 2
        loud[:, begin : begin + _BATCH] = np.add.reduceat(spectrum, edges[:-1], axis=1).T
    floor = np.percentile(loud, 20, axis=1, keepdims=True) + 1e-7
    told = np.log1p(loud / floor)
    rises = np.zeros_like(told)
    rises[:, _AHEAD:] = np.maximum(0, told[:, _AHEAD:] - told[:, :-_AHEAD])
    return rises
