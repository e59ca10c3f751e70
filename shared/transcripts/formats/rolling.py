"""Rolling captions: YouTube, and live television, show each line twice, first as it is said, then above the next one. It is said
once, also where a converter (yt-dlp's, to SRT) has dropped the times of the words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.transcripts.formats.cue import Piece
from shared.transcripts.formats.payload import spans_of
from shared.transcripts.wording import plain

TOUCHING = 0.1
"""Seconds between two cues that follow one another."""
_MOMENT = 0.05
"""A cue that short, in seconds, is seen by nobody: YouTube has one wherever a line rolls up."""
_FEWEST = 3
"""Lines that roll in a file in which no word has a time; fewer can be a refrain."""


@dataclass(frozen=True)
class ShownLines:
    """A cue as it is in the file: raw lines, seen from `start` to `end`. `name`: what stands above its time.
    `lingers`: as Cue has it. `offset`: seconds by which times within its lines are still to be moved, as its own were.
    `pieces`: what was seen when, where that is known."""

    start: float
    end: float
    lines: tuple[str, ...]
    line: int
    name: str = ""
    lingers: bool = False
    offset: float = 0.0
    pieces: tuple[Piece, ...] = ()


def unrolled(shown: Sequence[ShownLines]) -> list[ShownLines]:
    """Each line once, where lines roll; else all as they are. Cues that show nothing new are left out."""
    if not _rolls(shown):
        return list(shown)
    kept = []
    before: ShownLines | None = None
    for cue in shown:
        fresh = cue.lines[_repeated(before, cue) :]
        if any(shown_text(line) for line in fresh):
            kept.append(replace(cue, lines=fresh, lingers=True))
        before = cue
    return kept


def _rolls(shown: Sequence[ShownLines]) -> bool:
    """Whether a third of the cues begins with what the one before ended with, and words have times, as YouTube has it; or half
    of them does, and has a new line below it or is there for a moment only."""
    pairs = list(pairwise(shown))
    if any("<c>" in line and "<0" in line for cue in shown for line in cue.lines):
        return sum(_repeated(*pair) > 0 for pair in pairs) * 3 >= len(pairs)
    rolled = sum(_has_rolled(*pair) for pair in pairs)
    return rolled >= _FEWEST and rolled * 2 >= len(pairs)


def _has_rolled(before: ShownLines, cue: ShownLines) -> bool:
    count = _repeated(before, cue)
    return count > 0 and (any(map(shown_text, cue.lines[count:])) or cue.end - cue.start <= _MOMENT)


def _repeated(before: ShownLines | None, cue: ShownLines) -> int:
    """How many lines of the cue are the last ones of the cue before it."""
    if before is None or cue.start - before.end > TOUCHING:
        return 0
    last, first = ([text for line in each.lines if (text := shown_text(line))] for each in (before, cue))
    most = min(len(last), len(first))
    count = next((count for count in range(most, 0, -1) if last[-count:] == first[:count]), 0)
    # Blank lines before and between them are theirs.
    seen = [place for place, line in enumerate(cue.lines) if shown_text(line)]
    return seen[count - 1] + 1 if count else 0


def shown_text(line: str) -> str:
    """A line without its tags."""
    return plain("".join(span.text for span in spans_of(line)))
