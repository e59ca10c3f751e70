"""Snapping: clips start and end between words, with a breath before the first and after the last, and never inside one."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from shared.clips.clip import ClipSegment
from shared.transcripts import Word

SEARCH = 1.5
"""Seconds that an end may be moved to a better place."""
LEAD = 0.35
"""Seconds heard before the first word, at most."""
TAIL = 0.45
"""Seconds heard after the last word, at most."""
_LEAST = 0.001
"""Seconds that a segment lasts at the least: its times are whole milliseconds."""


@dataclass(frozen=True)
class Gap:
    """A place where nobody is in the middle of a word: from the end of all that was said before (`opens`) to the start of the
    next word (`closes`), seconds. It may have no length."""

    opens: float
    closes: float

    @property
    def length(self) -> float:
        return self.closes - self.opens


class WordEdges:
    """The gaps of a recording, in order of time; the first is before the first word, the last after the last one.

    A stretch from gap `i` to gap `j` (`i` < `j`) holds whole words only. Two stretches share at most a gap, and then each has
    its half of it: stretches that share no word share no second."""

    def __init__(self, words: Iterable[Word], *, duration: float | None = None, scenes: Collection[float] = ()) -> None:
        """`duration`: of the recording; unset, it ends with its last word. `scenes`: when its picture changes."""
        spoken = sorted((word.start, word.end) for word in words)
        self.gaps = _gaps(spoken, duration)
        self._opens = [gap.opens for gap in self.gaps]
        self._closes = [gap.closes for gap in self.gaps]
        # What takes no time is only seen with what is around it, whatever scene that is of.
        self._scenes = sorted(scenes) if any(end > start for start, end in spoken) else []

    def segment(self, first: int, last: int) -> ClipSegment:
        """What is heard from gap `first` to gap `last`: the words between them, a lead and a tail."""
        return ClipSegment(start=self._start(first), end=self._end(last))

    def duration(self, first: int, last: int) -> float:
        """Seconds of `segment`."""
        return self._end(last) - self._start(first)

    def gap_at(self, at: float) -> int | None:
        """The gap that `at` lies in, its edges included; None in the middle of a word."""
        index = bisect_left(self._closes, at)
        return index if index < len(self.gaps) and self.gaps[index].opens <= at else None

    def gap_before(self, at: float) -> int:
        """The last gap that closes at or before `at`, or the first one."""
        return min(max(bisect_right(self._closes, at) - 1, 0), len(self.gaps) - 2)

    def gap_after(self, at: float) -> int:
        """The first gap that opens at or after `at`, or the last one."""
        return max(min(bisect_left(self._opens, at), len(self.gaps) - 1), 1)

    def snap(
        self, start: float, end: float, *, starts: Collection[int] = (), ends: Collection[int] = ()
    ) -> tuple[int, int]:
        """The gaps that a stretch roughly from `start` to `end` seconds is meant to begin and end in.

        Of the gaps within SEARCH of each end it takes the nearest, but rather one of `starts` and `ends`: where sentences begin
        and end. Where somebody speaks for longer than that without a gap, the stretch grows to the next one."""
        first = self._nearest(self._closes[:-1], start, starts)
        last = self._nearest(self._opens[1:], end, {gap - 1 for gap in ends})
        begin = first if first is not None else self.gap_before(start)
        finish = last + 1 if last is not None else self.gap_after(end)
        return begin, max(finish, begin + 1)

    def _nearest(self, times: Sequence[float], at: float, preferred: Collection[int]) -> int | None:
        near = range(bisect_left(times, at - SEARCH), bisect_right(times, at + SEARCH))
        return min(near, key=lambda index: (index not in preferred, abs(times[index] - at)), default=None)

    def _start(self, index: int) -> float:
        gap = self.gaps[index]
        start = gap.closes - min(LEAD, gap.length if index == 0 else gap.length / 2)
        cut = bisect_right(self._scenes, gap.closes) - 1
        if cut >= 0 and self._scenes[cut] > start:
            start = self._scenes[cut]
        return min(max(round(start, 3), gap.opens), gap.closes)

    def _end(self, index: int) -> float:
        gap = self.gaps[index]
        end = gap.opens + min(TAIL, gap.length if index == len(self.gaps) - 1 else gap.length / 2)
        cut = bisect_left(self._scenes, gap.opens)
        if cut < len(self._scenes) and self._scenes[cut] < end:
            end = self._scenes[cut]
        return min(max(round(end, 3), gap.opens), gap.closes)


def _gaps(spoken: Sequence[tuple[float, float]], duration: float | None) -> tuple[Gap, ...]:
    """The gaps around and between words, given by start and end in order of their starts. Between words that overlap, as those
    of two people do, there is none; nor before a word that takes no time: it is heard with what was said before. Where no word
    takes any time, they are heard together with the silence around them, if there is any."""
    gaps: list[Gap] = []
    reached = 0.0
    for start, end in spoken:
        if end > start >= reached:
            gaps.append(Gap(reached, start))
        reached = max(reached, end)
    last = Gap(reached, max(reached, duration or 0.0))
    if not gaps and spoken:
        first = Gap(0.0, spoken[0][0])
        return (first, last) if max(first.length, last.length) >= _LEAST else (last,)
    return (*gaps, last)
