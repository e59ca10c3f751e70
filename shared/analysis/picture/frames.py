"""Frames: pictures of one size as they come through a pipe, and the moments at which a player shows them."""

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

STAMP = "{ptsi} {tbi}"
"""What FFmpeg is to tell of every frame: its presentation time in the time base of its stream, and that base."""


class Frames:
    """Cuts bytes into frames of `shape` (height, width[, channels]) and gives each to `look`, with its number."""

    def __init__(self, shape: tuple[int, ...], look: "Callable[[int, np.ndarray], object]") -> None:
        self.count = 0
        self._shape = shape
        self._look = look
        self._size = 1
        for side in shape:
            self._size *= side
        self._pending = bytearray()

    def read(self, data: bytes) -> None:
        """Take the next bytes."""
        import numpy as np

        self._pending += data
        while len(self._pending) >= self._size:
            frame = np.frombuffer(bytes(self._pending[: self._size]), dtype=np.uint8).reshape(self._shape)
            del self._pending[: self._size]
            self._look(self.count, frame)
            self.count += 1


class Times:
    """Reads what FFmpeg tells of every frame by `STAMP`."""

    def __init__(self) -> None:
        self._told = bytearray()

    def read(self, data: bytes) -> None:
        """Take the next bytes."""
        self._told += data

    def seconds(self) -> list[Fraction]:
        """Of every frame told of, exactly; a frame without a time has that of the one before."""
        found: list[Fraction] = []
        for line in self._told.decode("ascii", "replace").splitlines():
            stamp, _, base = line.partition(" ")
            try:
                found.append(int(stamp) * Fraction(base))
            except (ValueError, ZeroDivisionError):
                found.append(found[-1] if found else Fraction(0))
        return found
