"""Spectrum: what voices are told apart by, as numbers a hundredth of a second apart."""

from functools import cache
from typing import TYPE_CHECKING

from shared.transcripts.engines import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.transcripts.engines.engine import Samples

    Matrix = NDArray[np.float32]

WINDOW, HOP, SIZE = 400, 160, 512
"""Samples of a frame, from one frame to the next, and of its Fourier transform."""
_LOWEST, _HIGHEST = 20.0, 7600.0
"""Hertz."""


def mel_bands(samples: "Samples", bands: int) -> "Matrix":
    """Energies in so many bands, as logarithms: a row a frame. At least one frame, padded if need be."""
    import numpy as np

    frames = _frames(samples)
    emphasised = np.concatenate([frames[:, :1], frames[:, 1:] - 0.97 * frames[:, :-1]], axis=1)
    power = np.abs(np.fft.rfft(emphasised * np.hamming(WINDOW).astype(np.float32), SIZE)) ** 2
    found: Matrix = np.log(np.maximum(power @ _filters(bands).T, 1e-10)).astype(np.float32)
    return found


def cepstra(bands: "Matrix", count: int) -> "Matrix":
    """The first cosine coefficients of bands but the loudness: the shape of the spectrum, a row a frame."""
    import numpy as np

    number = bands.shape[1]
    places = (np.arange(number) + 0.5) * np.pi / number
    basis = np.cos(np.arange(1, count + 1)[:, None] * places) * np.sqrt(2 / number)
    found: Matrix = (bands @ basis.T.astype(np.float32)).astype(np.float32)
    return found


def _frames(samples: "Samples") -> "Matrix":
    import numpy as np

    whole = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    found: Matrix = np.lib.stride_tricks.sliding_window_view(whole, WINDOW)[::HOP]
    return found


@cache
def _filters(bands: int) -> "Matrix":
    """Triangles, evenly spaced in mels: a row a band."""
    import numpy as np

    ends = 1127 * np.log1p(np.array([_LOWEST, _HIGHEST]) / 700)
    edges = 700 * np.expm1(np.linspace(ends[0], ends[1], bands + 2) / 1127)
    places = np.arange(SIZE // 2 + 1) * RATE / SIZE
    rising = (places - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - places) / (edges[2:] - edges[1:-1])[:, None]
    found: Matrix = np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
    return found
