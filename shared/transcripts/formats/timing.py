"""Timing: every word of a cue gets its time: where the file tells it, from there; else from the cue's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from shared.transcripts.building import Said, segments_of
from shared.transcripts.formats.cue import Cue, Cues, Piece
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.turns import by_turns
from shared.transcripts.spreading import PACE, longest, spread
from shared.transcripts.transcript import MOST_SEGMENTS, Origin, Transcript, Word
from shared.transcripts.wording import plain, separator, words_in

_LONGEST_NAME = 100


def transcript_of(told: Cues, format_name: str) -> Transcript:
    """What a file says, every word with its time. Raises MalformedTranscript where that is too much for one transcript."""
    said = [_said(cue) for cue in _apart(_merged(map(_named, by_turns(told.cues))))]
    segments = segments_of(said)
    if len(segments) > MOST_SEGMENTS:
        detail = f"It has {len(segments):,} sentences, and a transcript {MOST_SEGMENTS:,} at most: part the file."
        raise MalformedTranscript(detail, "too-many-sentences")
    return Transcript(
        language=told.language,
        duration=told.length,
        origin=Origin(kind="import", name=format_name),
        segments=segments,
    )


def _named(cue: Cue) -> Cue:
    return replace(cue, speaker=plain(cue.speaker)[:_LONGEST_NAME] or None) if cue.speaker is not None else cue


def _merged(cues: Iterable[Cue]) -> list[Cue]:
    """In order of time. What one speaker has at the same moment twice, as above and below in the picture, is one cue."""
    ordered = sorted(cues, key=lambda cue: cue.start)
    return [_one(list(same)) for _, same in groupby(ordered, key=lambda cue: (cue.start, cue.speaker))]


def _one(cues: Sequence[Cue]) -> Cue:
    distinct = list({cue.text: cue for cue in cues}.values())
    pieces = tuple(piece for cue in distinct for piece in (Piece("\n"), *cue.pieces))
    end = max(cue.end for cue in cues)
    return replace(cues[0], pieces=pieces, end=end) if len(distinct) > 1 else replace(cues[0], end=end)


def _apart(cues: Sequence[Cue]) -> list[Cue]:
    """A cue that stays while the next one of its speaker is there already was said before it; one that stays for no time is said
    in the time that its words take, and before the next one."""
    following: dict[str | None, float] = {}
    apart = []
    for cue in reversed(cues):
        end = cue.end if cue.end > cue.start else cue.start + PACE * len(words_in(cue.text))
        limit = following.get(cue.speaker, end)
        following[cue.speaker] = cue.start
        apart.append(replace(cue, end=min(end, limit)) if cue.start < limit else cue)
    return apart[::-1]


def _said(cue: Cue) -> Said:
    words = [
        Word(word=word, start=start, end=end, speaker=cue.speaker)
        for run in _runs(cue)
        for word, (start, end) in zip(run.words, run.times(), strict=True)
    ]
    end = max((word.end for word in words), default=cue.end) if cue.lingers else cue.end
    return Said(cue.start, max(end, cue.start), words, cue.speaker, plain(cue.text))


@dataclass(frozen=True)
class _Run:
    """Words between two moments that are known. `ended`: there the last word ends, not only the next one begins."""

    words: Sequence[str]
    start: float
    end: float
    ended: bool

    def times(self) -> list[tuple[float, float]]:
        end = self.end if self.ended else min(self.end, self.start + sum(map(longest, self.words)))
        return spread(self.words, self.start, end)


def _runs(cue: Cue) -> Iterator[_Run]:
    """A moment outside the cue, or before the one before it, says nothing."""
    texts, starts = [""], [cue.start]
    for piece in cue.pieces:
        start = piece.start
        if start is None or not starts[-1] <= start <= cue.end or _is_inside_word(texts[-1], piece.text):
            texts[-1] += piece.text
        else:
            texts.append(piece.text)
            starts.append(start)
    ends = [*starts[1:], cue.end]
    for place, (text, start, end) in enumerate(zip(texts, starts, ends, strict=True)):
        words = words_in(text)
        told = place + 1 < len(texts) and not texts[place + 1].strip()
        if words:
            yield _Run(words, start, end, told or not cue.lingers)


def _is_inside_word(before: str, after: str) -> bool:
    """Whether a syllable follows, not a word."""
    told = bool(before.strip()) and bool(after.strip())
    return told and not before[-1].isspace() and not after[0].isspace() and separator(before, after) == " "
