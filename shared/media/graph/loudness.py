"""Loudness: how loud a sound was measured to be, and the gain that brings it to the loudness asked for."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Protocol

from shared.media.errors import UnreadableMedia
from shared.media.graph.counting import SAMPLE_RATE
from shared.media.graph.streams import Stream

CLOSE = 0.5
"""LU that the result may be off before it is measured again."""
BLOCK = Fraction(2, 5)
"""Seconds that EBU R 128 looks at, at least: of less it tells nothing."""
MAX_MEASUREMENTS = 4
_SILENT = -69.0
"""LUFS: what is quieter is left as it is."""
_MOST_GAIN = 40.0
_LEAST_SLOPE = 0.2
_OVERSHOOT = 0.3
"""dB below the ceiling at which the limiter works: coding adds peaks."""
_OVERSAMPLED = 4 * SAMPLE_RATE
_I = re.compile(r"^\s+I:\s+(-?[\d.]+|-?inf|nan) LUFS", re.MULTILINE)
_LOW = re.compile(r"^\s+LRA low:\s+(-?[\d.]+|-?inf|nan) LUFS", re.MULTILINE)
_LRA = re.compile(r"^\s+LRA:\s+(-?[\d.]+|-?inf|nan) LU", re.MULTILINE)
_PEAK = re.compile(r"^\s+Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", re.MULTILINE)


class Target(Protocol):
    """What to aim at: integrated LUFS, None for any; and the ceiling in dBTP."""

    @property
    def loudness(self) -> float | None: ...
    @property
    def true_peak(self) -> float: ...


@dataclass(frozen=True)
class Loudness:
    """What a sound with `gain` dB on it, limited, was measured to be: integrated LUFS and true peak, dBTP."""

    integrated: float
    true_peak: float
    gain: float = 0.0
    measurements: int = 1
    slope: float = 1.0
    """How many LU the last dB of gain brought: less than one where the limiter takes peaks away."""

    @classmethod
    def parse(cls, log: str, before: "Loudness | None" = None, target: Target | None = None) -> "Loudness":
        """What a run of `measure` said; of a sound with the gain that `before` asked for, if given. Raises `UnreadableMedia`."""
        integrated, peak = _I.findall(log), _PEAK.findall(log)
        if not integrated or not peak:
            raise UnreadableMedia("FFmpeg could not measure how loud the sound is.")
        loud, peaks = _number(integrated[-1]), _number(peak[-1])
        if before is None or target is None:
            return cls(loud, peaks)
        gain = before.gain_for(target)
        slope = (loud - before.integrated) / (gain - before.gain) if gain != before.gain else 1.0
        return cls(loud, peaks, gain, before.measurements + 1, min(1.0, max(_LEAST_SLOPE, slope)))

    def gain_for(self, target: Target) -> float:
        """The gain in dB that brings the sound to the loudness asked for; silence gets none."""
        if target.loudness is None or self.integrated <= _SILENT:
            return 0.0
        return min(_MOST_GAIN, self.gain + (target.loudness - self.integrated) / self.slope)

    def is_enough(self, target: Target) -> bool:
        """Whether the gain can be relied on: where the limiter takes peaks away, loudness goes too, and more must be measured."""
        if target.loudness is None or self.integrated <= _SILENT or self.measurements >= MAX_MEASUREMENTS:
            return True
        missing = target.loudness - self.integrated
        return self.true_peak + missing <= target.true_peak if self.measurements == 1 else abs(missing) <= CLOSE


@dataclass(frozen=True)
class Range:
    """How far quiet and loud passages of a sound lie apart, LU, and where the quiet ones are, LUFS."""

    loudness: Loudness
    range: float
    low: float

    @classmethod
    def parse(cls, log: str) -> "Range":
        """What a run of `measure` said. Raises `UnreadableMedia`."""
        loudness, ranges, lows = Loudness.parse(log), _LRA.findall(log), _LOW.findall(log)
        if not ranges or not lows:
            raise UnreadableMedia("FFmpeg could not measure the range of the sound.")
        return cls(loudness, _number(ranges[-1]), _number(lows[-1]))


def narrowed(stream: Stream, wanted: float, measured: Range) -> Stream:
    """The sound with its loud passages brought down to the quiet ones until about `wanted` LU lie between them.

    A slow compressor from the level of the quiet ones on: what lay `measured.range` apart then lies `wanted` apart."""
    return stream.filter(
        "acompressor",
        threshold=f"{min(1.0, max(0.001, 10 ** (measured.low / 20))):.6f}",
        ratio=f"{min(20.0, max(1.0, measured.range / wanted)):.3f}",
        attack=200,
        release=1000,
        knee=1,
        detection="rms",
    )


def measure(stream: Stream) -> Stream:
    """The sound, with its loudness told in FFmpeg's log at the end."""
    return stream.filter("ebur128", peak="true", framelog="quiet")


def limit(stream: Stream, ceiling: float) -> Stream:
    """No peak above `ceiling` dB, those between samples included: they show at four times the rate."""
    level = 10 ** ((ceiling - _OVERSHOOT) / 20)
    limited = stream.filter("aresample", _OVERSAMPLED).filter("alimiter", limit=f"{level:.6f}", level=0, latency=1)
    return limited.filter("aresample", SAMPLE_RATE)


def _number(text: str) -> float:
    value = float(text)
    return value if isfinite(value) else -120.0
