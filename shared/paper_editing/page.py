"""Page: the recording as a person reads it after the operations: its words and wordless stretches, in the order of the film."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from shared.paper_editing.operations import Deleted, Moved, Operation, Restored, Tightened, WordRun
from shared.transcripts import Word

SPEECHLESS = 2.0
"""Seconds without a word from which on they are footage of their own, which stays when the words beside it go."""


@dataclass(frozen=True, slots=True)
class Element:
    """A word of the transcript, or a stretch without any of `SPEECHLESS` seconds or more. Seconds of the recording."""

    place: int
    """Among all elements of the recording, in order of time."""
    word: int | None
    start: float
    end: float


@dataclass(frozen=True)
class Page:
    """What of a recording is left, and in which order."""

    elements: tuple[Element, ...]
    """All of the recording's, in order of time."""
    order: tuple[int, ...]
    """Places of all elements, those that were deleted too, in the order of the film."""
    cut: dict[int, Deleted] = field(default_factory=dict)
    """By place: what took the element out."""
    tightened: tuple[Tightened, ...] = ()
    """What is taken out between words, in order of time."""

    @property
    def kept(self) -> list[Element]:
        """What is seen, in the order of the film: also what is silenced."""
        return [self.elements[place] for place in self.order if not self.is_gone(place)]

    @property
    def words(self) -> list[int]:
        """The words that are heard, in the order of the film."""
        heard = (self.elements[place].word for place in self.order if place not in self.cut)
        return [word for word in heard if word is not None]

    def is_gone(self, place: int) -> bool:
        """Whether an element is not in the film."""
        return place in self.cut and not self.cut[place].keep_time

    def is_silenced(self, place: int) -> bool:
        """Whether an element is seen and not heard."""
        return place in self.cut and self.cut[place].keep_time


def lay_elements(words: Sequence[Word], duration: float) -> tuple[Element, ...]:
    """The words and wordless stretches of a recording, in order of the words."""
    found: list[Element] = []
    reached = 0.0
    for number, word in enumerate(words):
        if word.start - reached >= SPEECHLESS:
            found.append(Element(len(found), None, reached, word.start))
        found.append(Element(len(found), number, word.start, max(word.start, word.end)))
        reached = max(reached, word.end)
    if duration - reached >= SPEECHLESS:
        found.append(Element(len(found), None, reached, duration))
    return tuple(found)


def read_page(elements: tuple[Element, ...], places: Mapping[int, int], operations: Iterable[Operation]) -> Page:
    """What the operations that stand make of a recording. `places`: of each word, among the elements."""
    order = list(range(len(elements)))
    cut: dict[int, Deleted] = {}
    tightened: list[Tightened] = []
    for operation in operations:
        if operation.undone is not None:
            continue
        match operation:
            case Deleted():
                cut |= dict.fromkeys(_covered(operation.runs, places), operation)
            case Restored():
                for place in _covered(operation.runs, places):
                    cut.pop(place, None)
            case Moved():
                order = _moved(order, set(_covered(operation.runs, places)), places.get(operation.before))
            case Tightened():
                tightened.append(operation)
    return Page(elements, tuple(order), cut, tuple(sorted(tightened, key=lambda each: (each.start, each.end))))


def gaps(elements: Sequence[Element], duration: float) -> list[tuple[float, float]]:
    """The stretches of the recording, long or short, in which nobody says a word, in order of time."""
    spoken = sorted((element.start, element.end) for element in elements if element.word is not None)
    reached, edges = 0.0, [(0.0, 0.0)]
    for start, end in spoken:
        reached = max(reached, end)
        edges.append((start, reached))
    edges.append((duration, duration))
    return [(end, start) for (_, end), (start, _) in pairwise(edges) if start > end]


def _covered(runs: Iterable[WordRun], places: Mapping[int, int]) -> Iterable[int]:
    """The places of what runs of words cover, the wordless stretches between them included."""
    for run in runs:
        yield from range(places[run.first], places[run.last] + 1)


def _moved(order: list[int], moved: set[int], before: int | None) -> list[int]:
    taken = [place for place in order if place in moved]
    rest = [place for place in order if place not in moved]
    at = len(rest) if before is None else rest.index(before)
    return [*rest[:at], *taken, *rest[at:]]
