"""Items: the overlays that are seen in a part of the film, in the order in which they are drawn, with their motion."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.kompositions.drawing.motion import Fade, Motion, Path, Placed

if TYPE_CHECKING:
    from shared.kompositions.model import ImageOverlay, Komposition, TextOverlay
    from shared.kompositions.timing import Timeline


@dataclass(frozen=True)
class Item:
    """An overlay on its way through the frames from `first` up to, not including, `end`."""

    overlay: "TextOverlay | ImageOverlay"
    pointer: str
    """Where it is in the document."""
    first: int
    end: int
    width: int
    """Of the frame, pixels."""
    height: int
    x: Motion
    y: Motion
    scale: Motion
    rotation: Motion
    opacity: Motion
    fade: Fade

    def placed(self, frame: int) -> Placed:
        """Where and how it is in a frame."""
        return (
            self.x.at(frame) * self.width,
            self.y.at(frame) * self.height,
            self.scale.at(frame),
            self.rotation.at(frame),
            self.opacity.at(frame) * self.fade.at(frame),
        )

    @property
    def path(self) -> Path:
        """Its whole way."""
        motions = (self.x, self.y, self.scale, self.rotation, self.opacity)
        breaks = {frame for motion in motions for frame in motion.frames}
        return Path(self.first, self.end, self.placed, frozenset(breaks.union(self.fade.breaks)))

    @property
    def name(self) -> str:
        """A name in scripts and graphs that no other item has: its place in the document."""
        return self.pointer.removeprefix("/tracks/overlay/").replace("/items/", "-")


def items_seen(komposition: "Komposition", timeline: "Timeline") -> Iterator[Item]:
    """The items of all overlay tracks that are seen in the part of the film that `timeline` renders."""
    for number, track in enumerate(komposition.tracks.overlay):
        for index, overlay in enumerate(track.items):
            item = _item(overlay, f"/tracks/overlay/{number}/items/{index}", komposition, timeline)
            if item.first < item.end and item.first < timeline.end_frame and item.end > timeline.start_frame:
                yield item


def _item(
    overlay: "TextOverlay | ImageOverlay", pointer: str, komposition: "Komposition", timeline: "Timeline"
) -> Item:
    clock, output = timeline.clock, komposition.output
    start = clock.seconds(overlay.start)
    end = clock.seconds(overlay.end) if overlay.end is not None else timeline.film_frames / clock.rate
    first, last = clock.frame(start), min(clock.frame(end), timeline.film_frames)
    fade_in, fade_out = clock.length(overlay.fade_in, start), clock.length_before(overlay.fade_out, end)
    return Item(
        overlay,
        pointer,
        first,
        last,
        output.width,
        output.height,
        Motion.of(overlay.x, start, clock),
        Motion.of(overlay.y, start, clock),
        Motion.of(overlay.scale, start, clock),
        Motion.of(overlay.rotation, start, clock),
        Motion.of(overlay.opacity, start, clock),
        Fade(first, last, clock.frame(fade_in), clock.frame(fade_out)),
    )
