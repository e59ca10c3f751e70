"""Rolling captions: YouTube shows each line twice, first as it is said, then above the next one. It is said once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.transcripts.formats.payload import spans_of
from shared.transcripts.wording import plain

_TOUCHING = 0.1
"""Seconds between two cues that follow one another."""


@dataclass(frozen=True)
class ShownLines:
    """A cue as it is in the file: raw lines, seen from `start` to `end`. `name`: what stands above its time.
    `lingers`: as Cue has it. `offset`: seconds by which times within its lines are still to be moved, as its own were."""

    start: float
    end: float
    lines: tuple[str, ...]
    line: int
    name: str = ""
    lingers: bool = False
    offset: float = 0.0


def unrolled(shown: Sequence[ShownLines]) -> list[ShownLines]:
    """Each line once, where lines roll; else all as they are. Cues that show nothing new are left out."""
    if not _rolls(shown):
        return list(shown)
    kept = []
    before: ShownLines | None = None
    for cue in shown:
        fresh = cue.lines[_repeated(before, cue) :]
        if any(_text(line) for line in fresh):
            kept.append(replace(cue, lines=fresh, lingers=True))
        before = cue
    return kept


def _rolls(shown: Sequence[ShownLines]) -> bool:
    """Whether a third of the cues begins with what the one before ended with, and words have times, as YouTube has it."""
    timed = any("<c>" in line and "<0" in line for cue in shown for line in cue.lines)
    return timed and sum(_repeated(*pair) > 0 for pair in pairwise(shown)) * 3 >= len(shown) - 1


def _repeated(before: ShownLines | None, cue: ShownLines) -> int:
    """How many lines of the cue are the last ones of the cue before it."""
    if before is None or cue.start - before.end > _TOUCHING:
        return 0
    last, first = ([text for line in each.lines if (text := _text(line))] for each in (before, cue))
    most = min(len(last), len(first))
    count = next((count for count in range(most, 0, -1) if last[-count:] == first[:count]), 0)
    # Blank lines before and between them are theirs.
    seen = [place for place, line in enumerate(cue.lines) if _text(line)]
    return seen[count - 1] + 1 if count else 0


def _text(line: str) -> str:
    return plain("".join(span.text for span in spans_of(line)))
