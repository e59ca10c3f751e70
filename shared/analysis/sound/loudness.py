"""Loudness: momentary, of EBU R 128, as FFmpeg's filter tells it ten times a second."""

import re
from math import ceil, isfinite

from shared.analysis.curve import Curve
from shared.analysis.media_analysis import STEP

FILTER = "ebur128=metadata=1:framelog=quiet,ametadata=mode=print:key=lavfi.r128.M:file={loudness!filter}"
_SILENT = -69.0
"""LUFS: what is quieter is silence, which has no loudness."""
_LATE = 2
"""Values: each is of the 0.4 s that end with it, so that two later is the one around the moment."""
_VALUE = re.compile(rb"lavfi\.r128\.M=(\S+)")


class LoudnessReader:
    """Reads what `FILTER` prints."""

    def __init__(self) -> None:
        self._values: list[float | None] = []
        self._pending = b""

    def read(self, data: bytes) -> None:
        """Take the next bytes."""
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            told = _VALUE.match(line)
            if told:
                value = float(told[1])
                self._values.append(round(value, 1) if isfinite(value) and value > _SILENT else None)

    def curve(self, duration: float) -> Curve:
        """LUFS at each moment of a sound so long."""
        count = ceil(duration / STEP - 1e-6)
        values = self._values[_LATE:] or self._values
        last = values[-1] if values else None
        return Curve(
            step=STEP, values=tuple(values[:count] + [last] * (min(count, len(self._values)) - len(values[:count])))
        )
