"""Pieces: which stretches of the recording the film is made of, and how far each of their ends may be moved."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from shared.media.graph.counting import SAMPLE_RATE
from shared.paper_editing.edit import PaperEdit, Spacing
from shared.paper_editing.operations import Tightened
from shared.paper_editing.page import Element, Page

_REACH = SAMPLE_RATE * 3 // 100
"""Samples that an end may be moved for a better place to cut."""
_STRETCH_REACH = SAMPLE_RATE // 10
"""The same in footage without words, where nothing is lost."""
_ONSET = SAMPLE_RATE // 100
"""Samples of a word that goes that may stay, faded, where it runs into one that is kept: too short to be heard as anything."""
_LEAST = SAMPLE_RATE // 25
"""Samples of quiet that are worth a piece of their own."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Where an end of a piece had best be, and between which samples it must. `fixed`: the recording's own beginning or end.

    `spoken`: the sample at which the word next to it begins or ends; None where none is."""

    wanted: int
    low: int
    high: int
    spoken: int | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the recording that the film shows. `name` is unique in the film; `silenced`: the room is heard instead."""

    name: str
    start: Edge
    end: Edge
    silenced: bool = False
    goes_on: bool = False
    """It begins in the recording where the piece before ended: only the sound changes."""


def plan_pieces(edit: PaperEdit, file_seconds: Fraction | None = None) -> list[Piece]:
    """The pieces of the film, in its order; none goes on after the end of the file, where that is known."""
    page = edit.page
    before, after = _neighbours(page)
    seconds = edit.duration if file_seconds is None else min(edit.duration, float(file_seconds))
    total = floor(seconds * SAMPLE_RATE)
    pauses = _Pauses(page.tightened)
    found: list[Piece] = []
    previous: Element | None = None
    for run in _runs(page):
        first, last = run[0], run[-1]
        silenced = page.is_silenced(first.place)
        goes_on = bool(found) and previous is not None and previous.place == first.place - 1
        start = _start(run, before[first.place], edit.spacing, at_beginning=not found and first.place == 0)
        at_end = last.place == len(page.elements) - 1 == page.order[-1]
        end = _end(run, after[last.place], edit.spacing, total, at_end=at_end)
        piece = Piece(_name(first), start, end, silenced, goes_on)
        found += [piece] if silenced else _tightened(piece, pauses.between(start.wanted, end.wanted))
        previous = last
    return found


def film_seconds(edit: PaperEdit) -> float:
    """How long the film is, with the pauses between its pieces, before these are fitted to frames."""
    pieces = plan_pieces(edit)
    shown = sum(piece.end.wanted - piece.start.wanted for piece in pieces)
    pauses = (
        lacking(piece.end, piece.end.wanted, following.start, following.start.wanted, edit.spacing)
        for piece, following in pairwise(pieces)
        if not (piece.silenced or following.silenced)
    )
    return (shown + sum(pauses)) / SAMPLE_RATE


def lacking(end: Edge, ended: int, start: Edge, begun: int, spacing: Spacing) -> int:
    """Samples that lack between the last word of a piece, which has `ended` then, and the first of the next, which has `begun`,
    for both to be understood."""
    if end.spoken is None or start.spoken is None:
        return 0
    return max(0, round(spacing.pause * SAMPLE_RATE) - (ended - end.spoken) - (start.spoken - begun))


def _runs(page: Page) -> Iterator[list[Element]]:
    """What is kept, in runs that stand in the film as they do in the recording, all heard or all silenced."""
    run: list[Element] = []
    ended = 0.0
    for element in page.kept:
        follows = run and element.place == run[-1].place + 1
        alike = run and page.is_silenced(element.place) == page.is_silenced(run[-1].place)
        # Where two speak at once nothing can be cut between them.
        together = run and element.place > run[-1].place and element.start < ended
        if run and not ((follows or together) and alike):
            yield run
            run = []
        ended = max(ended, element.end) if run else element.end
        run.append(element)
    if run:
        yield run


def _neighbours(page: Page) -> tuple[list[float], list[float]]:
    """For each element, when in the recording the words before it have ended, and when those after it begin."""
    ended, begins = [0.0], [float("inf")]
    for element in page.elements:
        ended.append(max(ended[-1], element.end if element.word is not None else 0.0))
    for element in reversed(page.elements):
        begins.append(min(begins[-1], element.start if element.word is not None else float("inf")))
    return ended[:-1], begins[-2::-1]


def _start(run: Sequence[Element], ended: float, spacing: Spacing, *, at_beginning: bool) -> Edge:
    if at_beginning:
        return Edge(0, 0, 0, fixed=True)
    first = run[0]
    high = floor(min(element.start for element in run) * SAMPLE_RATE)
    low = min(high, ceil(ended * SAMPLE_RATE))
    if first.word is None:
        return Edge(low, low, min(low + _STRETCH_REACH, floor(first.end * SAMPLE_RATE)))
    wanted = max(low, high - round(spacing.margin * SAMPLE_RATE))
    low = max(0, min(low, high - _ONSET))
    return Edge(wanted, max(low, wanted - _REACH), min(high, wanted + _REACH), high)


def _end(run: Sequence[Element], begins: float, spacing: Spacing, total: int, *, at_end: bool) -> Edge:
    if at_end:
        return Edge(total, total, total, fixed=True)
    last = run[-1]
    low = min(total, ceil(max(element.end for element in run) * SAMPLE_RATE))
    high = max(low, floor(min(begins * SAMPLE_RATE, total)))
    if last.word is None:
        return Edge(high, max(high - _STRETCH_REACH, ceil(last.start * SAMPLE_RATE)), high)
    wanted = min(high, low + round(spacing.margin * SAMPLE_RATE))
    high = min(total, max(high, low + _ONSET))
    return Edge(wanted, max(low, wanted - _REACH), min(high, wanted + _REACH), low)


class _Pauses:
    """What is taken out between words, to be found by when it is."""

    def __init__(self, cuts: Sequence[Tightened]) -> None:
        self._cuts = cuts
        self._starts = [cut.start * SAMPLE_RATE for cut in cuts]
        self._longest = max((cut.end - cut.start for cut in cuts), default=0.0) * SAMPLE_RATE

    def between(self, start: int, end: int) -> Sequence[Tightened]:
        """Those that may reach into the samples from one to another."""
        return self._cuts[bisect_left(self._starts, start - self._longest) : bisect_right(self._starts, end)]


def _tightened(piece: Piece, cuts: Sequence[Tightened]) -> list[Piece]:
    """The piece without the stretches that are taken out of it."""
    parts = [piece]
    for cut in cuts:
        whole = parts[-1]
        out, back = ceil(cut.start * SAMPLE_RATE), floor(cut.end * SAMPLE_RATE)
        if back <= whole.start.wanted or out >= whole.end.wanted:
            continue
        begins = out >= whole.start.wanted + _LEAST or whole.start.spoken is not None
        ends = back <= whole.end.wanted - _LEAST or whole.end.spoken is not None
        left = replace(whole, end=_inside(out, whole.start.wanted, back)) if begins else None
        name = f"{piece.name}-{len(parts) + 1}" if begins else whole.name
        right = replace(whole, name=name, start=_inside(back, out, whole.end.wanted), goes_on=False) if ends else None
        parts[-1:] = [part for part in (left, right) if part is not None]
        if not ends:
            break
    return parts


def _inside(wanted: int, low: int, high: int) -> Edge:
    """An edge where a stretch is taken out: it may move both ways, into the quiet that is kept and the quiet that goes."""
    reach = min(_REACH, (high - low) // 3)
    return Edge(wanted, max(low, wanted - reach), min(high, wanted + reach))


def _name(first: Element) -> str:
    return f"word-{first.word}" if first.word is not None else f"stretch-{first.place}"
