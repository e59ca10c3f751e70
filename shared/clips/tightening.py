"""Tightening: leaving out of a clip what was said again, and silences."""

from collections.abc import Iterator

from shared.clips.material import Material, Span

_SILENCE = 1.5
"""Seconds without a word; in a shorter pause people breathe or think."""
_SILENT = 0.8
"""Share of a pause in which nothing sounds: in others people laugh, or something is shown that one hears."""


def tightened(material: Material, span: Span, shortest: float) -> tuple[Span, ...]:
    """The span without takes that were said again in it, and without its silences: in parts, if something goes.

    Nothing goes that would make it shorter than `shortest` seconds. Silences are known of recordings whose sound was analysed."""
    parts = [span]
    for gone in sorted({*_retakes(material, span), *_silences(material, span)}):
        fewer = [part for each in parts for part in _without(each, gone)]
        if fewer and material.duration(fewer) >= shortest:
            parts = fewer
    return tuple(parts)


def _without(part: Span, gone: Span) -> Iterator[Span]:
    if gone[1] < part[0] or part[1] < gone[0]:
        yield part
        return
    if part[0] < gone[0]:
        yield part[0], gone[0]
    if gone[1] < part[1]:
        yield gone[1], part[1]


def _retakes(material: Material, span: Span) -> Iterator[Span]:
    ranks = {place: rank for rank, place in enumerate(material.places)}
    for retake in material.text.retakes:
        gone = material.words[ranks[retake.first_word]]
        kept = material.words[ranks[retake.kept_first_word]]
        first, last = material.edges.gap_at(gone.start), material.edges.gap_at(kept.start)
        if first is not None and last is not None and span[0] <= first < last <= span[1]:
            yield first, last


def _silences(material: Material, span: Span) -> Iterator[Span]:
    silences = material.media.silences if material.media is not None else ()
    for index in range(span[0] + 1, span[1]):
        gap = material.edges.gaps[index]
        heard = sum(max(0.0, min(gap.closes, each.end) - max(gap.opens, each.start)) for each in silences)
        if gap.length >= _SILENCE and heard >= _SILENT * gap.length:
            yield index, index
