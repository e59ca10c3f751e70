"""Loudness: how loud a sound was measured to be, and the gain that brings it to the loudness asked for."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Protocol

from shared.media.errors import UnreadableMedia
from shared.media.graph.counting import SAMPLE_RATE
from shared.media.graph.streams import Stream

CLOSE = 0.5
"""LU that the result may be off before it is measured again, and that more gain must bring to be worth its limiting."""
BLOCK = Fraction(2, 5)
"""Seconds that EBU R 128 looks at, at least: of less it tells nothing."""
PROMISED = 1.0
"""LU that the result may be off before that is told."""
MAX_MEASUREMENTS = 6
_PATIENCE = 4
"""Measurements after which what is promised is enough."""
_FAINT = -50.0
"""LUFS: of what is quieter, EBU R 128 takes passages for silence that count once there is gain: it is measured again with it."""
_SILENT = -69.0
"""LUFS: what is quieter is left as it is."""
_MIDDLE = -23.0
"""LUFS to which faint sound is lifted, so that it can be worked on."""
_MOST_GAIN = 80.0
"""dB: from silence to the loudest that can be asked for, and what the limiter takes."""
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
    exhausted: bool = False
    """Whether more gain brings nothing: the limiter takes all of it away."""

    @classmethod
    def parse(cls, log: str, before: "Loudness | None" = None, target: Target | None = None) -> "Loudness":
        """What a run of `measure` said; of a sound with the gain that `before` asked for, if given. Raises `UnreadableMedia`."""
        integrated, peak = _I.findall(log), _PEAK.findall(log)
        if not integrated or not peak:
            raise UnreadableMedia("FFmpeg could not measure how loud the sound is.")
        loud, peaks = _number(integrated[-1]), _number(peak[-1])
        if before is None or target is None:
            return cls(loud, peaks)
        gain, gained, measurements = before.gain_for(target), loud - before.integrated, before.measurements + 1
        more = gain - before.gain
        slope = gained / more if more else 1.0
        found = cls(loud, peaks, gain, measurements, min(1.0, max(_LEAST_SLOPE, slope)))
        if more >= 0 and gained < CLOSE and gained <= _LEAST_SLOPE * more and not found._is_within(CLOSE, target):
            return replace(before, measurements=measurements, exhausted=True)
        return found

    @property
    def is_silent(self) -> bool:
        """Whether it is too quiet to tell how loud it is."""
        return self.integrated <= _SILENT

    @property
    def is_faint(self) -> bool:
        """Whether it must be lifted before it can be measured well: silence, too."""
        return self.integrated < _FAINT

    def gain_for(self, target: Target) -> float:
        """The gain in dB that brings the sound to the loudness asked for, or as near as it gets; silence gets none."""
        if target.loudness is None or self.is_silent:
            return 0.0
        if self._settled:
            return self.gain
        return min(_MOST_GAIN, self.gain + (target.loudness - self.integrated) / self.slope)

    def is_enough(self, target: Target) -> bool:
        """Whether the gain can be relied on: where the limiter takes peaks away, loudness goes too, and more must be measured."""
        if target.loudness is None or self.is_silent or self._settled:
            return True
        if self.measurements == 1:
            return self.true_peak + target.loudness - self.integrated <= target.true_peak and not self.is_faint
        return self._is_within(CLOSE if self.measurements < _PATIENCE else PROMISED, target)

    def note(self, target: Target) -> str | None:
        """What to tell of a sound with which no more can be done and that is not as loud as was asked for."""
        if target.loudness is None:
            return None
        if self.is_silent:
            return f"The sound is silent, or quieter than {_SILENT:g} LUFS. It stays as it is."
        if not self._settled or self._is_within(PROMISED, target):
            return None
        return (
            f"The sound comes out at {self.integrated:.1f} LUFS, not at {target.loudness:g}: it gets no nearer with its "
            f"peaks under {target.true_peak:g} dBTP. Ask for less, or let its peaks go higher."
        )

    def _is_within(self, units: float, target: Target) -> bool:
        return target.loudness is None or abs(target.loudness - self.integrated) <= units

    @property
    def _settled(self) -> bool:
        return self.exhausted or self.measurements >= MAX_MEASUREMENTS


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


def lifted(stream: Stream, loudness: Loudness) -> Stream:
    """Faint sound, measured to be of this loudness, in the middle: all of it can be measured and worked on. Silence stays it."""
    return stream if loudness.is_silent else stream.filter("volume", f"{_MIDDLE - loudness.integrated:.3f}dB")


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
