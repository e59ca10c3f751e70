"""Lit: a cue in frames, and which of its words is being said in each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.kompositions.drawing.ass import Color
from shared.kompositions.drawing.ordering import line_mark, lines_run_right
from shared.typography import separator

if TYPE_CHECKING:
    from shared.kompositions.drawing.cues import Cue
    from shared.kompositions.timing import Clock


@dataclass(frozen=True, eq=False)
class LitWord:
    """A word, its colour when it is not being said, and the frames in which it is."""

    text: str
    color: Color
    first: int
    end: int


@dataclass(frozen=True)
class Voices:
    """What a transcript tells of how its words are set: its language (BCP 47), and the colour of each speaker."""

    language: str | None
    colors: Mapping[str, Color]
    color: Color
    """Of everybody else."""

    def color_of(self, speaker: str | None) -> Color:
        """The colour of what a speaker says."""
        return self.colors.get(speaker, self.color) if speaker is not None else self.color


@dataclass(frozen=True)
class LitCue:
    """Lines of words, seen in the frames from `first` up to, not including, `end`; `right`: the lines run from the right."""

    lines: tuple[tuple[LitWord, ...], ...]
    first: int
    end: int
    right: bool

    @classmethod
    def of(cls, cue: "Cue", first: int, end: int, clock: "Clock", voices: Voices) -> "LitCue":
        """A cue that is seen in these frames."""

        def lit(start: int, stop: int, text: str, speaker: str | None) -> LitWord:
            begin = min(max(first, start), end - 1)
            return LitWord(text, voices.color_of(speaker), begin, min(max(begin + 1, stop), end))

        lines = tuple(
            tuple(lit(clock.frame(word.start), clock.frame(word.end), word.text, word.speaker) for word in line)
            for line in cue.lines
        )
        text = " ".join(word.text for word in cue.words)
        return cls(lines, first, end, lines_run_right(text, voices.language))

    @cached_property
    def words(self) -> list[LitWord]:
        """All of them in order."""
        return [word for line in self.lines for word in line]

    def texts(self, mark: Callable[[LitWord], str] = lambda word: word.text) -> list[str]:
        """The lines, their words as `mark` puts them, with what belongs between them and what makes them run the right way."""
        lead = line_mark(" ".join(word.text for word in self.words), right=self.right)
        texts = []
        for line in self.lines:
            text = lead + mark(line[0])
            for before, word in pairwise(line):
                text += separator(before.text, word.text) + mark(word)
            texts.append(text)
        return texts

    def stretches(self) -> Iterator[tuple[int, int, LitWord | None]]:
        """The cue's frames in stretches, from one up to another, and the word that is being said in each."""
        edges = sorted({self.first, self.end, *(word.first for word in self.words), *(word.end for word in self.words)})
        for begin, stop in pairwise(edges):
            yield begin, stop, next((word for word in reversed(self.words) if word.first <= begin < word.end), None)
