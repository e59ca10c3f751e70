"""Variants: the same moment in 15, 30 and 60 seconds."""

from collections.abc import Collection, Iterable, Iterator

from shared.clips.clip import Clip, ClipVariant, Selection, VariantOf, identity
from shared.clips.material import Material, Span
from shared.clips.ranking import Task

TARGETS = (15.0, 30.0, 60.0)
"""Seconds that platforms and viewers think in."""
NEAR = 0.8
"""Of the target: a moment that can be made that long at least has a variant for it."""

_TITLE = 120


def with_variants(selection: Selection, targets: Collection[float]) -> Selection:
    """The selection, and after its clips those of their variants that are at most so many seconds, as clips of their own.

    What is there already, as a clip or as a variant of another, is not there again."""
    made = {clip.segments: clip for clip in selection.clips}
    for clip in selection.clips:
        for variant in clip.variants:
            if variant.target in targets and variant.segments not in made:
                made[variant.segments] = _sibling(clip, variant)
    return selection.model_copy(update={"clips": tuple(made.values())})


def _sibling(clip: Clip, variant: ClipVariant) -> Clip:
    """Scored and measured as the clip is: it is the same moment."""
    length = f" ({variant.target:g} s)"
    told = {
        "id": identity(variant.segments, variant.transcript),
        "title": clip.title[: _TITLE - len(length)] + length,
        "segments": variant.segments,
        "transcript": variant.transcript,
        "variants": (),
        "variant_of": VariantOf(clip=clip.id, target=variant.target),
    }
    return clip.model_copy(update=told)


def variants(task: Task, spans: tuple[Span, ...], targets: Iterable[float] = TARGETS) -> tuple[ClipVariant, ...]:
    """The moment at most as long as each target: for one that is shorter than it, the sentences that carry it; for one that is
    longer, what is said around it. A target that the recording does not reach has no variant."""
    return tuple(_variants(task, spans, targets))


def _variants(task: Task, spans: tuple[Span, ...], targets: Iterable[float]) -> Iterator[ClipVariant]:
    material = task.material
    seconds = material.duration(spans)
    for target in targets:
        if seconds > target:
            shown = _shorter(task, spans, target)
        elif seconds >= NEAR * target:
            shown = spans
        else:
            shown = _longer(material, spans, target)
        if shown and (seconds > target or material.duration(shown) >= NEAR * target):
            segments = tuple(material.edges.segment(*span) for span in shown)
            yield ClipVariant(target=target, segments=segments, transcript=material.spoken(shown))


def _shorter(task: Task, spans: tuple[Span, ...], target: float) -> tuple[Span, ...]:
    """Its first sentence, then of the others the strongest that still fit, in the order in which they are said."""
    material = task.material
    inside = [unit for span in spans for unit in material.units_in(span)]
    if not inside:
        return ()
    first, *others = inside
    kept = {first}
    for unit in sorted(others, key=lambda unit: -task.strengths[unit]):
        longer = _joined(material, sorted(kept | {unit}))
        if material.duration(longer) <= target:
            kept.add(unit)
    shown = _joined(material, sorted(kept))
    return shown if material.duration(shown) <= target else ()


def _longer(material: Material, spans: tuple[Span, ...], target: float) -> tuple[Span, ...]:
    """They and the sentences after and before them, as far as the target allows."""
    while True:
        fitting = next((wider for wider in _wider(material, spans) if material.duration(wider) <= target), None)
        if fitting is None:
            return spans
        spans = fitting


def _wider(material: Material, spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """With the sentence that follows, and with the one before."""
    units = material.units
    after, before = material.units_in(spans[-1]).stop, material.units_in(spans[0]).start - 1
    if after < len(units):
        yield *spans[:-1], (spans[-1][0], units[after].last_gap)
    if before >= 0:
        yield (units[before].first_gap, spans[0][1]), *spans[1:]


def _joined(material: Material, units: Iterable[int]) -> tuple[Span, ...]:
    """The spans of units, those that follow one another as one."""
    spans: list[Span] = []
    for unit in units:
        first, last = material.units[unit].first_gap, material.units[unit].last_gap
        if spans and spans[-1][1] == first:
            spans[-1] = spans[-1][0], last
        else:
            spans.append((first, last))
    return tuple(spans)
