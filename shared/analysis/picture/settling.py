"""Settling: the cuts of a film after a first look that left frames out."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from shared.analysis.picture.closer import CloserLook
from shared.analysis.picture.passing_over import effort, read_shown, weigh
from shared.media import StreamInfo
from shared.media.packets import open_packets

_WORTH = 0.4
"""Of a film's frames: where more would have to be decoded again, the whole film is better looked at frame by frame."""


def settle(
    path: Path,
    stream: StreamInfo,
    size: tuple[int, int],
    differences: Sequence[float],
    seen: Sequence[Fraction],
    tell: Callable[[float], None],
    should_cancel: Callable[[], bool],
) -> list[Fraction] | None:
    """The cuts of a film in order, in presentation times. `differences` and `seen` are what the first look had of each frame;
    `size` is that of its pictures, upright. None when every frame has to be looked at: there is too much doubt, or the packets of
    the file do not tell when their frames are shown. Raises `RenderCancelled` when `should_cancel` says so."""
    with open_packets(path) as container:
        picture = next((each for each in container.streams.video if each.index == stream.index), None)
        shown = read_shown(container, picture) if picture is not None else None
        if picture is None or shown is None:
            return None
        weighed = weigh(differences, seen, shown)
        if weighed is None or effort(weighed[1], shown) > _WORTH * len(shown.stamps):
            return None
        certain, doubts = weighed
        closer = CloserLook(container, picture, shown, size[::-1] if stream.lies else size)
        return sorted({*certain, *closer.cuts(doubts, tell, should_cancel)})
