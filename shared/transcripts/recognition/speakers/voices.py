"""Voices: what tells one from another. Measurements add up, so that what is known of a voice grows with every part of it.

The embedded ones compare the shapes of spectra as Gaussians: without any weights, and as good as that is. A trained model tells
voices apart better, where its weights are here."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from shared.transcripts.recognition.speakers.spectrum import cepstra, mel_bands
from shared.transcripts.weights import Weights, read_weights, weights_there

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.transcripts.engines.engine import Samples

    Measures = NDArray[np.float64]
    """A row a part or a voice; the sum of two rows is the measure of both parts together."""


class Voices(Protocol):
    """A way to tell voices apart."""

    name: str
    change: float
    """What likeness a change of speaker within a second costs."""

    def measure(self, part: "Samples") -> "Measures":
        """One row, of a part of the recording: a second or two."""
        ...

    def apart(self, one: "Measures", others: "Measures") -> "Measures":
        """How far one row is from each of the others: above 0 they are different voices."""
        ...

    def likeness(self, parts: "Measures", voices: "Measures") -> "Measures":
        """How like each voice each part is: a row a part, a column a voice."""
        ...


class MeasuredVoices:
    """Gaussians over 12 cepstral coefficients, compared by the Bayesian information criterion (Chen and Gopalakrishnan, 1998):
    two voices are different when two Gaussians fit so much better than one that it is worth their parameters."""

    name = "measured"
    change = 1.5
    _SIZE = 12
    _QUIET = 30
    """Percent of a part's frames, the quietest, that say nothing of a voice."""
    _PENALTY = 2.5
    """What a parameter costs. At 1, frames would have to be independent of each other."""
    _MOST = 300
    """Frames of a voice that count: the more there are, the surer would be any difference, that of a room too."""
    _NOISE = 0.01

    def measure(self, part: "Samples") -> "Measures":
        """How many frames; their sum; the sum of their products."""
        import numpy as np

        bands = mel_bands(part, 40)
        loudness = bands.mean(axis=1)
        frames = cepstra(bands, self._SIZE)[loudness >= np.percentile(loudness, self._QUIET)].astype(np.float64)
        return np.concatenate([[len(frames)], frames.sum(axis=0), (frames.T @ frames).reshape(-1)])

    def apart(self, one: "Measures", others: "Measures") -> "Measures":
        """The difference in the criterion."""
        import numpy as np

        one, others = self._bounded(one[None]), self._bounded(others)
        both = others + one
        gain = self._spread(both) - self._spread(one) - self._spread(others)
        parameters = self._SIZE + self._SIZE * (self._SIZE + 1) / 2
        found: Measures = gain / 2 - self._PENALTY * parameters / 2 * np.log(both[:, 0])
        return found

    def likeness(self, parts: "Measures", voices: "Measures") -> "Measures":
        """The mean logarithm of the likelihood of a frame."""
        import numpy as np

        means, covariances = self._gaussians(voices)
        inverses, logarithms = np.linalg.inv(covariances), np.linalg.slogdet(covariances)[1]
        counts, sums, products = self._parted(parts)
        # Of a sum over frames, without going through them: the trace of the inverse and the second moment around the mean.
        mean = sums / counts[:, None]
        second = products / counts[:, None, None]
        across = np.einsum("pi,vj->pvij", mean, means)
        around = second[:, None] - across - across.transpose(0, 1, 3, 2) + np.einsum("vi,vj->vij", means, means)[None]
        found: Measures = -0.5 * (np.einsum("vij,pvji->pv", inverses, around) + logarithms)
        return found

    def _bounded(self, rows: "Measures") -> "Measures":
        """As if there were no more frames of each than count."""
        import numpy as np

        found: Measures = rows * np.minimum(1, self._MOST / rows[:, :1])
        return found

    def _spread(self, rows: "Measures") -> "Measures":
        """The number of frames times the logarithm of the determinant of their covariance."""
        import numpy as np

        found: Measures = rows[:, 0] * np.linalg.slogdet(self._gaussians(rows)[1])[1]
        return found

    def _gaussians(self, rows: "Measures") -> "tuple[Measures, Measures]":
        import numpy as np

        counts, sums, products = self._parted(rows)
        means = sums / counts[:, None]
        covariances = products / counts[:, None, None] - np.einsum("ni,nj->nij", means, means)
        return means, covariances + self._NOISE * np.eye(self._SIZE)

    def _parted(self, rows: "Measures") -> "tuple[Measures, Measures, Measures]":
        size = self._SIZE
        return rows[:, 0], rows[:, 1 : 1 + size], rows[:, 1 + size :].reshape(-1, size, size)


class TrainedVoices:
    """A model in ONNX that takes 80 mel bands a frame, their mean taken off, and gives a print, as WeSpeaker's do.

    Prints are compared by the cosine of the angle between them."""

    change = 0.1
    _SAME = 0.5
    """Cosine from which on two prints are of one voice."""

    def __init__(self, weights: Weights) -> None:
        self.name = weights.name
        self._weights = weights

    def measure(self, part: "Samples") -> "Measures":
        """The print, of length 1."""
        import numpy as np

        # As Kaldi counts: samples of 16 bits.
        bands = mel_bands(part * np.float32(32768), 80)
        given = {self._session.get_inputs()[0].name: (bands - bands.mean(axis=0))[None]}
        found = np.asarray(self._session.run(None, given)[0], dtype=np.float64).reshape(-1)
        row: Measures = found / max(float(np.linalg.norm(found)), 1e-9)
        return row

    def apart(self, one: "Measures", others: "Measures") -> "Measures":
        """By how much they are less alike than one voice is to itself."""
        found: Measures = self._SAME - self.likeness(others, one[None])[:, 0]
        return found

    def likeness(self, parts: "Measures", voices: "Measures") -> "Measures":
        """The cosines."""
        import numpy as np

        one, other = (rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-9) for rows in (parts, voices))
        found: Measures = one @ other.T
        return found

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        path = str(self._weights.folder / "model.onnx")
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def find_voices() -> Voices:
    """By a model for speakers, if one is here, else by what can be measured. Raises `BrokenWeights`."""
    there = weights_there("speakers")
    return TrainedVoices(read_weights("speakers", there[0])) if there else MeasuredVoices()
