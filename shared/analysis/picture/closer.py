"""A closer look: every frame around places of a film, and what begins a scene there."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.analysis.picture.passing_over import Doubt, Shown
from shared.analysis.picture.scenes import Differences, first_frames
from shared.media import RenderCancelled
from shared.media.pictures import convertible

if TYPE_CHECKING:
    import numpy as np
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    Small = NDArray[np.uint8]


class CloserLook:
    """At frames of a stream that was read from before. `size`: width and height of the pictures that are compared."""

    def __init__(self, container: "InputContainer", stream: "VideoStream", shown: Shown, size: tuple[int, int]) -> None:
        from av.video.reformatter import VideoReformatter

        self._container, self._stream, self._shown, self._size = container, stream, shown, size
        self._reformatter = VideoReformatter()
        stream.codec_context.options = {"skip_loop_filter": "all"}

    def cuts(
        self, doubts: Sequence[Doubt], tell: Callable[[float], None], should_cancel: Callable[[], bool]
    ) -> list[Fraction]:
        """When the frames are shown that begin a scene where there was a doubt. In order, as `doubts` are; `tell` is told 0 to 1.
        Raises `RenderCancelled` when `should_cancel` says so."""
        found: set[int] = set()
        for number, together in enumerate(groups := list(_together(doubts, self._shown))):
            if should_cancel():
                raise RenderCancelled("Looking for scenes was stopped.")
            pictures = dict(self._pictures(together))
            for doubt in together:
                found |= set(_begins(doubt, pictures))
            tell((number + 1) / len(groups))
        return [self._shown.at(place) for place in sorted(found)]

    def _pictures(self, doubts: Sequence[Doubt]) -> "Iterator[tuple[int, Small]]":
        """The frames of doubts, small, each with its number: decoded in one go."""
        wanted = {place for doubt in doubts for place in range(doubt.first, doubt.last + 1)}
        for place, frame in self._decoded(doubts[0].first, doubts[-1].last, wanted):
            if place in wanted:
                yield place, self._small(frame)

    def _decoded(self, first: int, last: int, wanted: set[int]) -> "Iterator[tuple[int, VideoFrame]]":
        """Frames from the key frame before `first` to `last`; of those that no other is made from, only the wanted."""
        import av

        context = self._stream.codec_context
        for packet in self._packets(first):
            if packet.pts is not None:
                context.skip_frame = "DEFAULT" if self._shown.place(packet.pts) in wanted else "NONREF"
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                place = self._shown.place(frame.pts) if frame.pts is not None else first
                if place > last:
                    return
                yield place, frame

    def _packets(self, place: int) -> "Iterator[Packet[VideoStream]]":
        """From the key frame on that a frame needs. Some containers seek by when frames are shown, some by when they are
        decoded."""
        key = self._shown.key_for(place)
        shown, decoded = self._shown.keys[key], self._shown.decoded[key]
        for stamp in (shown, decoded, decoded - round(1 / self._shown.base)):
            self._container.seek(stamp, stream=self._stream, backward=True)
            packets = self._container.demux(self._stream)
            first = next(packets)
            if first.dts is None or first.dts <= decoded:
                break
        yield first
        yield from packets

    def _small(self, frame: "VideoFrame") -> "Small":
        import numpy as np

        width, height = self._size
        small = self._reformatter.reformat(
            convertible(frame), width, height, format="bgr24", interpolation="FAST_BILINEAR"
        )
        return np.asarray(small.to_ndarray(), np.uint8)


def _together(doubts: Sequence[Doubt], shown: Shown) -> Iterator[list[Doubt]]:
    """Doubts that are decoded in one go, since there is no key frame between them."""
    group: list[Doubt] = []
    for doubt in doubts:
        if group and shown.begin(doubt.first) > group[-1].last:
            yield group
            group = []
        group.append(doubt)
    if group:
        yield group


def _begins(doubt: Doubt, pictures: "dict[int, Small]") -> Iterator[int]:
    """The frames that begin a scene, of those that are in doubt. What is damaged there is as the first look had it."""
    if any(place not in pictures for place in range(doubt.after, doubt.until + 1)):
        return iter([doubt.until] if doubt.likely else [])
    places = [place for place in range(doubt.first, doubt.last + 1) if place in pictures]
    differences = Differences()
    for place in places:
        differences.look(place, pictures[place])
    return (
        places[number] for number in first_frames(differences.values) if doubt.after < places[number] <= doubt.until
    )
