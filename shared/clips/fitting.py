"""Fitting: making a stretch that somebody named into a moment of the length that was asked for."""

from collections.abc import Sequence

from shared.clips.material import Material, Span
from shared.clips.ranking.task import Task


def fitted(task: Task, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order of time, without what is in them twice, neither shorter nor longer than asked for.

    What is too long keeps its best part, what is too short gets what is said after or before it. None if that does not help."""
    shortest, longest = task.request.duration
    shown = merged(spans)
    if task.material.duration(shown) > longest:
        shown = _shorter(task, shown, longest)
    if shown and task.material.duration(shown) < shortest:
        shown = _longer(task.material, shown, shortest, longest)
    return shown if shown and task.material.duration(shown) <= longest else ()


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order of time, those that touch or overlap as one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def _shorter(task: Task, spans: Sequence[Span], longest: float) -> tuple[Span, ...]:
    """As many spans from the beginning as fit; if the first does not, the best candidate that lies in it."""
    kept: tuple[Span, ...] = ()
    for span in spans:
        if task.material.duration((*kept, span)) > longest:
            break
        kept = (*kept, span)
    return kept or _best_inside(task, spans[0])


def _best_inside(task: Task, span: Span) -> tuple[Span, ...]:
    inside = [
        (worth, candidate)
        for candidate, worth in zip(task.candidates, task.worths, strict=True)
        if span[0] <= candidate[0] and candidate[1] <= span[1]
    ]
    return (max(inside)[1],) if inside else ()


def _longer(material: Material, spans: tuple[Span, ...], shortest: float, longest: float) -> tuple[Span, ...]:
    """With the units after the last span, or before the first one, until it is long enough."""
    while material.duration(spans) < shortest:
        wider = [merged((*spans, span)) for span in _neighbours(material, spans)]
        fitting = [each for each in wider if material.duration(each) <= longest]
        if not fitting:
            return ()
        spans = fitting[0]
    return spans


def _neighbours(material: Material, spans: tuple[Span, ...]) -> list[Span]:
    """The unit after the last span and the one before the first, as far as there are such."""
    units = material.units
    after, before = material.units_in(spans[-1]).stop, material.units_in(spans[0]).start - 1
    return [(units[place].first_gap, units[place].last_gap) for place in (after, before) if 0 <= place < len(units)]
