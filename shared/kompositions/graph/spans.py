"""Spans: stretches of the film during which the same tracks are seen in the same places."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.kompositions.graph.cells import Cell, whole_frame
from shared.kompositions.graph.cells import cells as cells_of
from shared.kompositions.graph.film import Film
from shared.kompositions.model import Layout
from shared.kompositions.timing import Slot
from shared.media.graph.scaling import is_clear


@dataclass(frozen=True)
class Layer:
    """A video track in a place of the frame; `clear` when what lies below may show through."""

    track: int
    cell: Cell
    clear: bool = False


@dataclass(frozen=True)
class Span:
    """Frames of the film from `start` up to `end`, and what is seen in them, from the bottom up. Nothing: black."""

    start: int
    end: int
    layers: tuple[Layer, ...]


def plan_spans(film: Film, start: int, end: int) -> list[Span]:
    """The spans from frame `start` up to `end`. What other layers cover entirely is left out: it need not be made."""
    runs = [_runs(film, number) for number in range(len(film.timeline.tracks))]
    layouts = [(_frames(layout, film), layout) for layout in film.komposition.layouts]
    edges = {edge for listed in runs for run in listed for edge in (run.start, run.end)}
    edges |= {edge for (first, last), _ in layouts for edge in (first, last)}
    inner = sorted(edge for edge in edges if start < edge < end)
    spans: list[Span] = []
    for begin, stop in pairwise([start, *inner, end]):
        layout = next((layout for (first, last), layout in reversed(layouts) if first <= begin < last), None)
        layers = _layers(film, runs, layout, begin)
        if spans and spans[-1].layers == layers:
            spans[-1] = Span(spans[-1].start, stop, layers)
        else:
            spans.append(Span(begin, stop, layers))
    return spans


@dataclass(frozen=True)
class _Run:
    """Slots that follow each other without a gap; `clear` if a source in it may be transparent."""

    start: int
    end: int
    clear: bool


def _runs(film: Film, number: int) -> list[_Run]:
    runs: list[_Run] = []
    for slot in film.timeline.tracks[number]:
        clear = _is_clear(film, number, slot)
        if runs and slot.start_frame <= runs[-1].end and runs[-1].clear == clear:
            runs[-1] = _Run(runs[-1].start, slot.end_frame, clear)
        else:
            runs.append(_Run(slot.start_frame, slot.end_frame, clear))
    return runs


def _is_clear(film: Film, number: int, slot: Slot) -> bool:
    info = film.media[film.segment(number, slot).source_id].info.video
    return info is not None and is_clear(info)


def _frames(layout: Layout, film: Film) -> tuple[int, int]:
    end = film.timeline.film_frames if layout.end is None else film.clock.frame_of(layout.end)
    return film.clock.frame_of(layout.start), end


def _layers(film: Film, runs: Sequence[Sequence[_Run]], layout: Layout | None, frame: int) -> tuple[Layer, ...]:
    if layout is None:
        whole = whole_frame(film.size)
        return _uncovered([_layer(runs, number, whole, frame) for number in range(len(runs))])
    numbers = {track.id: number for number, track in enumerate(film.komposition.tracks.video)}
    placed = zip(layout.tracks, cells_of(layout, film.size), strict=False)
    return _uncovered([_layer(runs, numbers[name], cell, frame) for name, cell in placed])


def _layer(runs: Sequence[Sequence[_Run]], number: int, cell: Cell, frame: int) -> Layer | None:
    """The track's layer at a frame, if it has a segment there."""
    place = bisect_right(runs[number], frame, key=lambda run: run.start) - 1
    seen = [run for run in runs[number][max(0, place - 1) : place + 1] if run.start <= frame < run.end]
    return Layer(number, cell, any(run.clear for run in seen)) if seen else None


def _uncovered(layers: Sequence[Layer | None]) -> tuple[Layer, ...]:
    """The layers that are there, without those below one that covers them."""
    seen: list[Layer] = []
    for layer in layers:
        if layer is not None:
            if not layer.clear:
                seen = [below for below in seen if not layer.cell.covers(below.cell)]
            seen.append(layer)
    return tuple(seen)
