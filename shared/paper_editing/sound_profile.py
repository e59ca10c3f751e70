"""SoundProfile: what cutting needs to know of a recording's sound, small enough to keep: 1 MB for 15 minutes.

Per step of 256 samples at 48 kHz (5.3 ms): how loud it is, and up to four places where the wave goes through zero, those at
which it does so most gently."""

import gzip
import json
from array import array
from dataclasses import dataclass
from math import ceil

from shared.media.graph.counting import SAMPLE_RATE

STEP = 256
"""Samples."""
CROSSINGS = 4
"""Kept per step at the most."""
SILENT = 255
"""The level of digital silence."""
_FORMAT = 1


@dataclass(frozen=True)
class SoundProfile:
    """`levels`: a byte per step, its peak in half decibels below full scale, `SILENT` for -127.5 dB and less. `counts`: how
    many zero crossings are kept of it; `offsets`: four bytes per step, their samples within it, rising; the rest are 0."""

    samples: int
    levels: bytes
    counts: bytes
    offsets: bytes

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.samples / SAMPLE_RATE

    def crossings(self, start: int, end: int) -> list[int]:
        """The zero crossings from one sample up to and with another, rising."""
        steps = range(max(0, start // STEP), min(len(self.counts), end // STEP + 1))
        return [
            place
            for step in steps
            for offset in self.offsets[step * CROSSINGS : step * CROSSINGS + self.counts[step]]
            if start <= (place := step * STEP + offset) <= end
        ]

    def level(self, sample: int) -> int:
        """How quiet it is at a sample: half decibels below full scale."""
        step = sample // STEP
        return self.levels[step] if 0 <= step < len(self.levels) else SILENT

    def loudest(self, start: int, end: int) -> int:
        """The level of the loudest step between two samples."""
        return min(self.levels[max(0, start // STEP) : ceil(end / STEP)], default=SILENT)

    def to_bytes(self) -> bytes:
        """For a file."""
        head = json.dumps({"format": _FORMAT, "samples": self.samples}).encode()
        return gzip.compress(head + b"\n" + self.levels + self.counts + self.offsets, compresslevel=4, mtime=0)

    @classmethod
    def from_bytes(cls, packed: bytes) -> "SoundProfile":
        """What `to_bytes` made. Raises ValueError for anything else."""
        try:
            head, _, body = gzip.decompress(packed).partition(b"\n")
            told = json.loads(head)
            samples, version = int(told["samples"]), told["format"]
        except (OSError, EOFError, KeyError, TypeError, ValueError) as error:
            raise ValueError("This is no sound profile.") from error
        steps = ceil(samples / STEP)
        if version != _FORMAT or len(body) != steps * (2 + CROSSINGS):
            raise ValueError("This sound profile is of another release. Analyse the recording again.")
        return cls(samples, body[:steps], body[steps : 2 * steps], body[2 * steps :])


@dataclass
class ProfileBuilder:
    """Builds a profile from samples that come piece by piece."""

    def __post_init__(self) -> None:
        self._samples = 0
        self._levels, self._counts, self._offsets = bytearray(), bytearray(), bytearray()
        self._rest = array("f")
        self._before = 0.0

    def add(self, samples: "memoryview | bytes") -> None:
        """Mono samples at 48 kHz, 32-bit floats as bytes."""
        self._rest.frombytes(bytes(samples))
        whole = len(self._rest) // STEP * STEP
        if whole:
            self._take(self._rest[:whole])
            self._rest = self._rest[whole:]

    def build(self) -> SoundProfile:
        """The profile of everything that was added."""
        length = self._samples + len(self._rest)
        if self._rest:
            self._take(self._rest + array("f", bytes(4 * (STEP - len(self._rest)))))
            self._rest = array("f")
        return SoundProfile(length, bytes(self._levels), bytes(self._counts), bytes(self._offsets))

    def _take(self, whole: "array[float]") -> None:
        import numpy as np

        wave = np.frombuffer(whole, np.float32)
        steps = wave.reshape(-1, STEP)
        peaks = np.abs(steps).max(axis=1)
        with np.errstate(divide="ignore"):
            halves = np.clip(np.rint(-40 * np.log10(peaks)), 0, SILENT)
        before = np.concatenate([[self._before], wave[:-1]])
        # Where the sign changes, and where it is nothing: the first sample of the new side begins a piece, or ends one.
        crosses = ((before < 0) != (wave < 0)) | (wave == 0)
        steepness = np.where(crosses, np.maximum(np.abs(before), np.abs(wave)), np.inf).reshape(-1, STEP)
        gentlest = np.argpartition(steepness, CROSSINGS, axis=1)[:, :CROSSINGS]
        known = np.take_along_axis(steepness, gentlest, axis=1) < np.inf
        offsets = np.sort(np.where(known, gentlest, STEP), axis=1)
        self._samples += len(wave)
        self._levels += halves.astype(np.uint8).tobytes()
        self._counts += known.sum(axis=1).astype(np.uint8).tobytes()
        self._offsets += np.where(offsets == STEP, 0, offsets).astype(np.uint8).tobytes()
        self._before = float(wave[-1])
