"""Material: a recording as rankers see it: what is said between the places where a clip may begin or end."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.analysis import Embedder, MediaAnalysis, TextAnalysis
from shared.clips.snapping import WordEdges
from shared.transcripts import Transcript, Word

if TYPE_CHECKING:
    import numpy as np

_SCENE_GAP = 0.3
"""Seconds without a word around a change of scene that make it a place to begin or end at; in a shorter pause it would tear a
sentence."""


@dataclass(frozen=True)
class Unit:
    """What is said between two neighbouring edges: a sentence, or a part of one that is long.

    `first_gap`, `last_gap`: where it lies in `Material.edges`. `first_word`, `last_word`: in `Material.words`, the last not
    included. `begins`, `finishes`: whether a sentence begins with it, and ends with it."""

    first_gap: int
    last_gap: int
    first_word: int
    last_word: int
    text: str
    speaker: str | None
    begins: bool
    finishes: bool


Span = tuple[int, int]
"""From which gap to which gap of `Material.edges`."""


@dataclass(frozen=True)
class Material:
    """A recording. `words`: in order of time, `places` being where each stood in the transcript. `word_at`: for every gap of
    `edges`, how many words are said before it. `units`: all of them, in order, each beginning in the gap where the one before it
    ends."""

    language: str | None
    words: tuple[Word, ...]
    places: tuple[int, ...]
    edges: WordEdges
    word_at: tuple[int, ...]
    units: tuple[Unit, ...]
    text: TextAnalysis
    media: MediaAnalysis | None
    embedder: Embedder

    @cached_property
    def directions(self) -> "np.ndarray":
        """The embedding of every unit, a row each."""
        return self.embedder.embed([unit.text for unit in self.units])

    @cached_property
    def starts(self) -> frozenset[int]:
        """Gaps in which a sentence begins."""
        return frozenset(unit.first_gap for unit in self.units if unit.begins)

    @cached_property
    def ends(self) -> frozenset[int]:
        """Gaps in which a sentence ends."""
        return frozenset(unit.last_gap for unit in self.units if unit.finishes)

    @cached_property
    def _firsts(self) -> tuple[int, ...]:
        return tuple(unit.first_gap for unit in self.units)

    def words_in(self, spans: Sequence[Span]) -> Iterator[Word]:
        """What is said in these spans, in their order."""
        for first, last in spans:
            yield from self.words[self.word_at[first] : self.word_at[last]]

    def word_range(self, span: Span) -> tuple[int, int]:
        """The places of a span's words in `words`, the last not included."""
        return self.word_at[span[0]], self.word_at[span[1]]

    def units_in(self, span: Span) -> range:
        """Which units lie in a span, at least with their beginning."""
        return range(bisect_left(self._firsts, span[0]), bisect_left(self._firsts, span[1]))

    def meaning(self, spans: Sequence[Span]) -> "np.ndarray":
        """The direction that these spans have together, of length 1."""
        import numpy as np

        total = sum(self.directions[self.units_in(span)].sum(axis=0) for span in spans)
        length = float(np.linalg.norm(total))
        return np.asarray(total / length if length else total)

    def spoken(self, spans: Sequence[Span]) -> str:
        """The words of these spans as one text."""
        return " ".join(word.word for word in self.words_in(spans))

    def duration(self, spans: Sequence[Span]) -> float:
        """Seconds that a clip of these spans takes."""
        return sum(self.edges.duration(first, last) for first, last in spans)


def read_material(
    transcript: Transcript,
    text: TextAnalysis,
    media: MediaAnalysis | None,
    embedder: Embedder,
    *,
    longest: float,
    unmarked: float | None = None,
) -> Material:
    """The material of a transcript and of what was analysed. No unit is longer than `longest` seconds, if people pause at all;
    nor than `unmarked`, if given, where no mark says that a sentence ends with it."""
    spoken = tuple(transcript.words)
    places = tuple(sorted(range(len(spoken)), key=lambda place: (spoken[place].start, spoken[place].end, place)))
    words = tuple(spoken[place] for place in places)
    cuts = [scene.start for scene in media.scenes[1:]] if media is not None else []
    lasts = media.duration if media is not None else transcript.duration
    edges = WordEdges(words, duration=lasts, scenes=cuts)
    word_at = _word_at(words, edges)
    wanted = _wanted(edges, [spoken[each.first_word].start for each in text.sentences], cuts)
    units = tuple(_units(words, edges, word_at, wanted, (longest, unmarked or longest))) if len(edges.gaps) > 1 else ()
    return Material(transcript.language, words, places, edges, word_at, units, text, media, embedder)


def _word_at(words: Sequence[Word], edges: WordEdges) -> tuple[int, ...]:
    starts = [word.start for word in words]
    return (0, *(bisect_left(starts, gap.closes) for gap in edges.gaps[1:-1]), len(words))


def _wanted(edges: WordEdges, sentences: Iterable[float], cuts: Iterable[float]) -> dict[int, bool]:
    """The gaps to part at, in order, and whether a sentence begins there: given when sentences start and when scenes change."""
    begins = {gap for at in sentences if (gap := edges.gap_at(at)) is not None}
    shown = {gap for at in cuts if (gap := edges.gap_at(at)) is not None and edges.gaps[gap].length >= _SCENE_GAP}
    last = len(edges.gaps) - 1
    return {gap: gap in begins or gap in (0, last) for gap in sorted(begins | shown | {0, last})}


def _units(
    words: Sequence[Word],
    edges: WordEdges,
    word_at: Sequence[int],
    wanted: Mapping[int, bool],
    longest: tuple[float, float],
) -> Iterator[Unit]:
    unmarked = [words[word_at[last] - 1].word[-1:].isalnum() for last in tuple(wanted)[1:]]
    limits = [longest[each] for each in unmarked]
    for first, last in _shortened(edges, tuple(wanted), limits):
        said = words[word_at[first] : word_at[last]]
        yield Unit(
            first_gap=first,
            last_gap=last,
            first_word=word_at[first],
            last_word=word_at[last],
            text=" ".join(word.word for word in said),
            speaker=said[0].speaker,
            begins=wanted.get(first, False),
            finishes=wanted.get(last, False),
        )


def _shortened(edges: WordEdges, wanted: Sequence[int], limits: Sequence[float]) -> Iterator[Span]:
    """The spans between wanted gaps; one that is too long is parted at the longest pause of its middle, again and again.
    `limits`: seconds, of each."""
    for (first, last), longest in zip(pairwise(wanted), limits, strict=True):
        waiting = [(first, last)]
        while waiting:
            begin, end = waiting.pop()
            if end - begin == 1 or edges.duration(begin, end) <= longest:
                yield begin, end
                continue
            third = (end - begin) // 3
            inner = range(begin + max(third, 1), end - third) if end - begin > 2 else range(begin + 1, end)
            cut = max(inner, key=lambda gap: edges.gaps[gap].length)
            waiting += [(cut, end), (begin, cut)]
