"""Timecode: frames as `HH:MM:SS:FF`, by count or, for 29.97 and 59.94, by the clock with frame numbers dropped (SMPTE 12M)."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

_WRITTEN = re.compile(r"(\d{1,2}):([0-5]?\d):([0-5]?\d)([:;.,])(\d{1,3})")
_DAY_HOURS = 24


@dataclass(frozen=True)
class Timecode:
    """How frames of a rate are numbered. Drop frame skips numbers, never frames: two of 30 a minute, but not every tenth."""

    rate: Fraction
    drop: bool = False

    @classmethod
    def of(cls, rate: Fraction) -> "Timecode":
        """The usual one: drop frame where the clock would run away."""
        return cls(rate, rate in (Fraction(30000, 1001), Fraction(60000, 1001)))

    @cached_property
    def nominal(self) -> int:
        """Frame numbers a second."""
        return ceil(self.rate)

    @cached_property
    def _dropped(self) -> int:
        return self.nominal // 15 if self.drop else 0

    def write(self, frames: int) -> str:
        """The timecode of a frame, from midnight; after a day it begins anew."""
        base, dropped = self.nominal, self._dropped
        per_minute, per_ten = base * 60 - dropped, base * 600 - dropped * 9
        frames %= per_ten * 6 * _DAY_HOURS
        tens, rest = divmod(frames, per_ten)
        minutes = max(rest - dropped, 0) // per_minute
        number = frames + dropped * (9 * tens + minutes)
        seconds, frame = divmod(number, base)
        mark = ";" if self.drop else ":"
        digits = max(2, len(str(base - 1)))
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{frame:0{digits}}"

    def read(self, text: str) -> int | None:
        """The frame at a timecode; None if it is none, or numbers a frame that is not there."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        hours, minutes, seconds, frame = (int(found[group]) for group in (1, 2, 3, 5))
        skipped = self._dropped and frame < self._dropped and seconds == 0 and minutes % 10
        if hours >= _DAY_HOURS or frame >= self.nominal or skipped:
            return None
        total = hours * 60 + minutes
        return (total * 60 + seconds) * self.nominal + frame - self._dropped * (total - total // 10)


def frame_number(text: str) -> int | None:
    """The last field of what looks like a timecode."""
    found = _WRITTEN.fullmatch(text)
    return int(found[5]) if found else None


def drops(text: str) -> bool:
    """Whether a timecode is written as drop frame."""
    return ";" in text or "," in text
