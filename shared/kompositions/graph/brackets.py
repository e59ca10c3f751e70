"""Brackets: the segments of a track, grouped by the effects that lie over runs of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kompositions.effect_graph import Cover, plan_covers
from shared.kompositions.model import EffectNode, Komposition
from shared.kompositions.timing import Slot


@dataclass(frozen=True)
class Item:
    """A slot, or a bracket around items with an effect on all of them."""

    first: Slot
    last: Slot
    node: EffectNode | None = None
    items: "tuple[Item, ...]" = ()

    @property
    def start_frame(self) -> int:
        """Where it begins, in frames of the film."""
        return self.first.start_frame

    @property
    def end_frame(self) -> int:
        """Where it ends."""
        return self.last.end_frame


def bracket(slots: Sequence[Slot], covers: Sequence[Cover]) -> tuple[Item, ...]:
    """The track's items. `covers` are those over it, in the order in which they apply; smaller ones lie within larger ones."""
    items = [Item(slot, slot) for slot in slots]
    for cover in sorted(covers, key=lambda cover: cover.last - cover.first):
        inside = [item for item in items if cover.first <= item.first.index and item.last.index <= cover.last]
        place = items.index(inside[0])
        items[place : place + len(inside)] = [Item(inside[0].first, inside[-1].last, cover.node, tuple(inside))]
    return tuple(items)


@dataclass(frozen=True)
class Brackets:
    """The items of every video track, and the effects over the whole picture."""

    tracks: tuple[tuple[Item, ...], ...]
    whole: tuple[EffectNode, ...]


def plan_brackets(komposition: Komposition, tracks: Sequence[Sequence[Slot]]) -> Brackets:
    """Everything that the graph of effects lays over the tracks."""
    covers = plan_covers(komposition)
    by_track = [
        bracket(slots, [cover for cover in covers if cover.track == number]) for number, slots in enumerate(tracks)
    ]
    return Brackets(tuple(by_track), tuple(cover.node for cover in covers if cover.whole))
