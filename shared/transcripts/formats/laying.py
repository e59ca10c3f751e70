"""Laying out: segments as what is shown at once: two lines of 42 characters, broken where the words' times allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.transcripts.transcript import Segment, Transcript, Word
from shared.transcripts.wording import joined, separator

LINE = 42
LINES = 2
LONGEST = 7.0
"""Seconds that one cue stays at most."""
SHORTEST = 0.001
"""Players pass over what has no length."""
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True)
class Shown:
    """Words that are shown at once, by line."""

    start: float
    end: float
    lines: tuple[tuple[Word, ...], ...]
    speaker: str | None

    @property
    def text(self) -> str:
        """With line breaks."""
        return "\n".join(joined(word.word for word in line) for line in self.lines)


def layout(transcript: Transcript) -> Iterator[Shown]:
    """All segments in cues, in order of time."""
    return (shown for segment in transcript.segments for shown in _cues(segment))


def _cues(segment: Segment) -> Iterator[Shown]:
    groups = list(_groups(segment.words))
    for place, group in enumerate(groups):
        start = segment.start if place == 0 else group[0].start
        end = segment.end if place + 1 == len(groups) else min(group[-1].end, groups[place + 1][0].start)
        yield Shown(start, max(end, start + SHORTEST), _lines(group), group[0].speaker or segment.speaker)


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words that fit on two lines, of one speaker, said within seven seconds."""
    group: list[Word] = []
    for word in words:
        while group and not _fits(group, word):
            kept = _last_end(group) if word.speaker == group[0].speaker else len(group)
            yield group[:kept]
            group = group[kept:]
        group.append(word)
    if group:
        yield group


def _fits(group: list[Word], word: Word) -> bool:
    same = word.speaker == group[0].speaker
    return same and word.end - group[0].start <= LONGEST and len(_filled([*group, word], LINE)) <= LINES


def _last_end(group: list[Word]) -> int:
    """How many words to keep together: up to the last end of a sentence in the second half, else all."""
    ends = [place for place, word in enumerate(group, 1) if word.word.endswith(_SENTENCE_ENDS)]
    return ends[-1] if ends and ends[-1] * 2 > len(group) else len(group)


def _lines(words: Sequence[Word]) -> tuple[tuple[Word, ...], ...]:
    """As few lines as will do, and those as equal as can be."""
    width = LINE
    lines = _filled(words, width)
    if len(lines) == LINES:
        total = len(joined(word.word for word in words))
        balanced = (filled for width in range(total // LINES, LINE) if len(filled := _filled(words, width)) == LINES)
        lines = next(balanced, lines)
    return lines


def _filled(words: Sequence[Word], width: int) -> tuple[tuple[Word, ...], ...]:
    lines: list[list[Word]] = [[]]
    used = 0
    for word in words:
        wide = len(word.word) + (len(separator(lines[-1][-1].word, word.word)) if lines[-1] else 0)
        if lines[-1] and used + wide > width:
            lines.append([])
            used, wide = 0, len(word.word)
        lines[-1].append(word)
        used += wide
    return tuple(map(tuple, lines))
