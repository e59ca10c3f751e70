"""Splitting: speech as pieces that an engine can hear, cut where nobody speaks.

Where somebody speaks on and on, two pieces overlap: the word at the cut is whole in one of them, and joining finds out which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from shared.transcripts.recognition.voice import FRAME, SILENCE, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.transcripts.engines.engine import Samples
    from shared.transcripts.recognition.decoding import Sound

    Curve = Sequence[float] | NDArray[np.float32]

OVERLAP = 1.5
"""Seconds that two pieces have in common where there was no pause to cut at: longer than nearly every word."""
_PAUSE = 5
"""Frames, 160 ms, that are quiet on average where a cut needs no overlap."""


@dataclass(frozen=True)
class Piece:
    """Spans of the recording that are heard one after the other, as if nothing were between them.

    `overlaps`: it begins `OVERLAP` seconds before the end of the piece before it."""

    spans: tuple[Span, ...]
    overlaps: bool = False

    @property
    def start(self) -> float:
        """Seconds of the recording."""
        return self.spans[0].start

    @property
    def end(self) -> float:
        """Seconds of the recording."""
        return self.spans[-1].end

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return self._ends[-1]

    def samples(self, sound: "Sound") -> "Samples":
        """What is heard."""
        import numpy as np

        return np.concatenate([sound.cut(span.start, span.end) for span in self.spans])

    def span_at(self, second: float) -> tuple[float, Span]:
        """Which span sounds at that second of the piece, and at which second of the piece it begins."""
        number = next((n for n, end in enumerate(self._ends) if second < end), len(self.spans) - 1)
        return self._ends[number] - self.spans[number].seconds, self.spans[number]

    @cached_property
    def _ends(self) -> list[float]:
        return list(accumulate(span.seconds for span in self.spans))


def split(spans: Sequence[Span], curve: "Curve", longest: float) -> list[Piece]:
    """Pieces of at most so many seconds with all of the spans, in order."""
    pieces: list[Piece] = []
    held: list[Span] = []
    overlaps = False
    for span in spans:
        for part, runs_on in _parts(span, curve, longest):
            if held and (runs_on or sum(each.seconds for each in [*held, part]) > longest):
                pieces.append(Piece(tuple(held), overlaps))
                held, overlaps = [], runs_on
            held.append(part)
    return [*pieces, Piece(tuple(held), overlaps)] if held else pieces


def _parts(span: Span, curve: "Curve", longest: float) -> Iterator[tuple[Span, bool]]:
    """The span in parts that are short enough, and whether each overlaps the one before."""
    overlaps = False
    while span.seconds > longest:
        at, quiet = _quietest(curve, span.start + longest / 2, span.start + longest - OVERLAP / 2)
        reach = 0.0 if quiet else OVERLAP / 2
        yield Span(span.start, at + reach), overlaps
        span, overlaps = Span(at - reach, span.end), not quiet
    yield span, overlaps


def _quietest(curve: "Curve", start: float, end: float) -> tuple[float, bool]:
    """The moment between two at which speech is least probable, and whether there is none there."""
    import numpy as np

    first, last = int(start / FRAME), max(int(start / FRAME) + 1, int(end / FRAME) - _PAUSE)
    around = np.convolve(np.asarray(curve[first : last + _PAUSE - 1]), np.full(_PAUSE, 1 / _PAUSE), mode="valid")
    if len(around) == 0:
        return (start + end) / 2, False
    best = int(np.argmin(around))
    return (first + best + _PAUSE / 2) * FRAME, bool(around[best] < SILENCE)
