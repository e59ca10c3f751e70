"""Growing captions: live ones (Zoom's, Teams', television's) show the same words again whenever another is heard, and lines roll
up when there are enough. Each word is said once, when it is first seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from shared.transcripts.formats.cue import Piece
from shared.transcripts.formats.rolling import TOUCHING, ShownLines, shown_text, unrolled
from shared.transcripts.wording import separator, spoken_form, words_in

_FEWEST = 3
"""Cues that go on with what the one before has, in a file that grows; fewer can be a way of speaking."""
_LEAST = 2
"""Words that have stayed where others have rolled out of sight."""


def said_once(shown: Sequence[ShownLines]) -> list[ShownLines]:
    """Where captions grow, one cue for all that grew into one, with the moments at which its words came; where lines roll, each
    line once; else all as they are."""
    said = [_words(cue) for cue in shown]
    return list(_grown(shown, said)) if _grow(shown, said) else unrolled(shown)


def _grow(shown: Sequence[ShownLines], said: Sequence[Sequence[str]]) -> bool:
    """Whether half of the cues have all of the one before, and more words in as many lines."""
    grow = sum(
        len(words) > len(last) == _kept(before, cue, last, words) and _lines(before) == _lines(cue)
        for (before, cue), (last, words) in zip(pairwise(shown), pairwise(said), strict=True)
    )
    return grow >= _FEWEST and grow * 2 >= len(shown) - 1


def _lines(cue: ShownLines) -> int:
    return sum(1 for line in cue.lines if shown_text(line))


@dataclass
class _Growing:
    """What has grown until now: words, and since when each is seen."""

    cue: ShownLines
    words: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    def add(self, cue: ShownLines, words: Sequence[str], kept: int) -> None:
        """`words` are seen, of which the first `kept` were, perhaps written otherwise."""
        own = min(kept, len(self.words))
        if own:
            self.words[-own:] = words[kept - own : kept]
        start = max(cue.start, self.cue.end) if self.words else cue.start
        self.words += words[kept:]
        self.starts += [min(start, cue.end)] * (len(words) - kept)
        self.cue = replace(self.cue, end=max(self.cue.end, cue.end))

    def whole(self) -> ShownLines:
        pieces = tuple(Piece("".join(_spaced(self.words, places)), start) for start, places in self._by_start())
        return replace(self.cue, pieces=pieces, lingers=True)

    def _by_start(self) -> Iterator[tuple[float, list[int]]]:
        for start, places in groupby(range(len(self.words)), key=self.starts.__getitem__):
            yield start, list(places)


def _grown(shown: Sequence[ShownLines], said: Sequence[list[str]]) -> Iterator[ShownLines]:
    growing: _Growing | None = None
    before: tuple[ShownLines, list[str]] | None = None
    for cue, words in zip(shown, said, strict=True):
        if not words:
            continue
        kept = _kept(before[0], cue, before[1], words) if before is not None else 0
        if growing is None or before is None or kept < len(before[1]):
            if growing is not None and growing.words:
                yield growing.whole()
            growing = _Growing(replace(cue, end=cue.start))
            growing.add(cue, words[kept:], 0)
        else:
            growing.add(cue, words, kept)
        before = cue, words
    if growing is not None and growing.words:
        yield growing.whole()


def _kept(before: ShownLines, cue: ShownLines, last: Sequence[str], words: Sequence[str]) -> int:
    """How many words of the cue are the last ones of the one before: all of these where it has grown."""
    if not last or cue.start - before.end > TOUCHING:
        return 0
    for count in range(min(len(last), len(words)), 0, -1):
        if count < min(_LEAST, len(last)):
            break
        if _same(last[-count:], words[:count]):
            return count
    return 0


def _same(last: Sequence[str], words: Sequence[str]) -> bool:
    """Whether they are the same words; the newest may have been heard in part only."""
    *others, newest = map(spoken_form, last)
    *those, that = map(spoken_form, words)
    return others == those and that.startswith(newest)


def _words(cue: ShownLines) -> list[str]:
    return words_in(" ".join(map(shown_text, cue.lines)))


def _spaced(words: Sequence[str], places: Sequence[int]) -> Iterator[str]:
    """The words at these places, each with what stands before the next."""
    for place in places:
        after = words[place + 1] if place + 1 < len(words) else ""
        yield f"{words[place]}{separator(words[place], after) if after else ''}"
