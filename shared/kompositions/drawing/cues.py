"""Cues: sentences cut into what is seen at once: a few words on a few lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from shared.kompositions.drawing.ground import ground_of
from shared.kompositions.drawing.sentence import Said, Sentence
from shared.kompositions.drawing.spoken import sentences
from shared.typography import Typeface, find_family, han_of, separator

if TYPE_CHECKING:
    from shared.kompositions.model import CaptionTrack, Komposition
    from shared.kompositions.timing import Timeline
    from shared.media.graph.source import SourceMedia

Words = tuple[Said, ...]

_LONGEST_WAIT = Fraction(3, 5)
"""Seconds that a cue stays when its words are over and the next one is not yet there."""
_TRIES = 6
"""At finding the narrowest lines: within a 64th of the width."""


@dataclass(frozen=True)
class Cue:
    """Lines of words, seen from `start` to `end`, seconds."""

    lines: tuple[Words, ...]
    start: Fraction
    end: Fraction

    @property
    def words(self) -> Words:
        """All of them in order."""
        return tuple(word for line in self.lines for word in line)


@dataclass(frozen=True)
class Room:
    """What a cue may have: words, lines, and the width of a line in line heights."""

    words: int
    lines: int
    width: float
    typeface: Typeface

    def cues(self, said: Sequence[Sentence]) -> list[Cue]:
        """Everything said, in cues; none overlaps the next."""
        return [cue for sentence in said for cue in self._cues(sentence)]

    def _cues(self, sentence: Sentence) -> Iterator[Cue]:
        groups = self._groups(tuple(piece for word in sentence.words for piece in self._pieces(word)))
        for place, group in enumerate(groups):
            start = sentence.start if place == 0 else group[0].start
            if place + 1 == len(groups):
                end = sentence.end
            else:
                following = groups[place + 1][0].start
                waits = following - group[-1].end <= _LONGEST_WAIT
                end = following if waits else group[-1].end
            if start < end:
                yield Cue(self._lines(group), start, end)

    def _groups(self, words: Words) -> list[Words]:
        """Words in groups as equal as can be that fit."""
        for count in range(ceil(len(words) / self.words), len(words) + 1):
            edges = [len(words) * n // count for n in range(count + 1)]
            groups = [words[begin:end] for begin, end in pairwise(edges)]
            if all(len(self._filled(group, self.width)) <= self.lines for group in groups):
                break
        return groups

    def _pieces(self, word: Said) -> list[Said]:
        """A word, or its parts where it is wider than a line."""
        parts = self.typeface.wrap(word.text, self.width)
        share = (word.end - word.start) / len(parts)
        return [
            replace(word, text=part, start=word.start + n * share, end=word.start + (n + 1) * share)
            for n, part in enumerate(parts)
        ]

    def _lines(self, words: Words) -> tuple[Words, ...]:
        """As few lines as will do, and those as equal as can be."""
        lines = self._filled(words, self.width)
        narrow, wide = 0.0, self.width
        for _ in range(_TRIES):
            middle = (narrow + wide) / 2
            if len(self._filled(words, middle)) > len(lines):
                narrow = middle
            else:
                wide = middle
        return self._filled(words, wide)

    def _filled(self, words: Words, width: float) -> tuple[Words, ...]:
        """Each line as full as can be."""
        lines: list[list[Said]] = [[]]
        used = 0.0
        for word in words:
            wide = self.typeface.width(word.text)
            space = self.typeface.width(separator(lines[-1][-1].text, word.text)) if lines[-1] else 0.0
            if lines[-1] and used + space + wide > width:
                lines.append([])
                used = space = 0.0
            lines[-1].append(word)
            used += space + wide
        return tuple(map(tuple, lines))


def cues_of(
    track: "CaptionTrack",
    number: int,
    komposition: "Komposition",
    timeline: "Timeline",
    media: "Mapping[str, SourceMedia] | None",
) -> list[Cue]:
    """The cues of the caption track with this number, in order; none overlaps the next."""
    said = sentences(track, f"/tracks/caption/{number}", komposition, timeline, media)
    ground = ground_of(track, komposition.output)
    room = Room(track.max_words, ground.lines, ground.width, typeface_of(track))
    return room.cues([_shouted(sentence) for sentence in said] if track.uppercase else said)


def typeface_of(track: "CaptionTrack") -> Typeface:
    """What the captions of a track are set in."""
    told = track.transcript
    text = "".join(cue.text for cue in told.segments) if told else ""
    han = han_of(text, told.language if told else None)
    return Typeface(find_family(track.font).face(bold=track.bold), han, track.bold)


def _shouted(sentence: Sentence) -> Sentence:
    words = tuple(replace(word, text=word.text.upper()) for word in sentence.words)
    return Sentence(words, sentence.start, sentence.end)
