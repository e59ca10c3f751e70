"""Joining coded pictures without re-encoding: packets of several files become one film, stamped on one grid of frames.

Nothing is decoded: a frame of the film is the frame that it was, bit for bit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.media.errors import RenderCancelled, UnreadableMedia
from shared.media.packets import CodedPicture, open_packets, packets_of, picture_of
from shared.media.parameter_sets import with_parameter_sets
from shared.media.partials import partials

if TYPE_CHECKING:
    from av import Packet
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream

_ASKED_EVERY = 500
"""Packets between two looks at `should_cancel`: some milliseconds."""
_MUXERS = {"mp4": {"movflags": "+faststart"}, "mov": {"movflags": "+faststart"}, "matroska": {}, "webm": {}}
"""The formats that can be joined, by FFmpeg's names, with the options of their muxers."""


@dataclass(frozen=True)
class Piece:
    """The frames of a file's picture from `start` up to, not including, `stop`, counted from its first."""

    path: Path
    start: int
    stop: int

    @property
    def frames(self) -> int:
        """How many."""
        return self.stop - self.start


def can_join(container: str) -> bool:
    """Whether files of this format (FFmpeg's name) can be joined."""
    return container in _MUXERS


def join_pieces(
    pieces: Sequence[Piece],
    pictures: Mapping[Path, CodedPicture],
    output: Path,
    *,
    rate: Fraction,
    container: str,
    sound: Path | None = None,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    lasting: bool = True,
) -> None:
    """Write the frames of all `pieces`, one after the other at `rate`, with the first sound of the file `sound`, to `output`.

    `pictures` are those of the pieces' files, as `read_picture` gave them. Where their parameter sets differ, every key frame
    is given its own (H.264 only). `output` appears when it is whole, `lasting` as `run_graph` has it.
    Raises `UnreadableMedia` when a piece cannot be taken out, and `RenderCancelled`."""
    _refuse_broken(pieces, pictures)
    with partials([output], lasting=lasting) as asides, ExitStack() as stack:
        _write(
            _Joint(pieces, pictures, rate),
            asides[output],
            container,
            sound,
            stack,
            _watch(pieces, on_progress, should_cancel),
        )


@dataclass(frozen=True)
class _Joint:
    """All pieces as one run of packets in decoding order."""

    pieces: Sequence[Piece]
    pictures: Mapping[Path, CodedPicture]
    rate: Fraction

    @property
    def mixed(self) -> bool:
        """Whether the pieces' parameter sets differ."""
        return len({self.pictures[piece.path].extradata for piece in self.pieces}) > 1

    def delay(self) -> int:
        """How many frames decoding must run ahead of showing, so that every picture is there when it is due."""
        place, late = 0, 0
        for piece in self.pieces:
            shown = self.pictures[piece.path].shown
            first = shown.index(piece.start)
            behind = (number - piece.start for number in shown[first : first + piece.frames])
            late = max(late, *(index - number for index, number in enumerate(behind)))
            place += piece.frames
        return late

    def packets(self, stack: ExitStack) -> "Iterator[Packet[Any]]":
        """Every packet, stamped in frames of the film."""
        opened: dict[Path, InputContainer] = {}
        mixed, delay, place, tick = self.mixed, self.delay(), 0, 1 / self.rate
        for piece in self.pieces:
            if piece.path not in opened:
                opened[piece.path] = stack.enter_context(open_packets(piece.path))
            picture = self.pictures[piece.path]
            first = picture.shown.index(piece.start)
            for index, taken in enumerate(_taken(opened[piece.path], picture, piece, self.rate)):
                packet = with_parameter_sets(taken, picture) if mixed else taken
                packet.time_base = tick
                packet.pts = place + picture.shown[first + index] - piece.start
                packet.dts = place + index - delay
                packet.duration = 1
                yield packet
            place += piece.frames


def _taken(container: "InputContainer", picture: CodedPicture, piece: Piece, rate: Fraction) -> "Iterator[Packet[Any]]":
    """The packets of a piece, in the order in which they lie in the file."""
    stream = picture_of(container)
    assert stream.time_base is not None
    beginning = (Fraction(container.start_time or 0, 1_000_000) + picture.begin) / stream.time_base
    frame = 1 / (rate * stream.time_base)
    # Half a frame later: containers round, and seeking goes back to the key frame at or before a moment.
    container.seek(int(beginning + (piece.start + Fraction(1, 2)) * frame), stream=stream, backward=True)
    first, near = float(beginning + piece.start * frame), float(frame / 2)
    begun, left = False, piece.frames
    for packet in packets_of(container, stream):
        begun = begun or abs((packet.pts or 0) - first) < near
        if begun:
            yield packet
            left -= 1
            if left == 0:
                return
    raise UnreadableMedia(f"{piece.path.name} ends before frame {piece.stop}.")


def _write(
    joint: _Joint, aside: Path, container: str, sound: Path | None, stack: ExitStack, watch: Callable[[], None]
) -> None:
    import av

    target = stack.enter_context(av.open(str(aside), "w", format=container, options=dict(_MUXERS[container])))
    first = stack.enter_context(open_packets(joint.pieces[0].path))
    film = _like(target, picture_of(first), joint.rate)
    lines: list[Iterator[Packet[Any]]] = [_aimed(joint.packets(stack), film)]
    if sound is not None:
        heard = stack.enter_context(open_packets(sound))
        track = target.add_stream_from_template(heard.streams.audio[0])
        lines.append(_aimed((packet for packet in heard.demux(heard.streams.audio[0]) if packet.size), track))
    for packet in _in_time(lines):
        watch()
        target.mux(packet)


def _like(target: "OutputContainer", stream: "VideoStream", rate: Fraction) -> "VideoStream":
    copy = target.add_stream_from_template(stream)
    copy.time_base = 1 / rate
    return copy


def _aimed(packets: "Iterator[Packet[Any]]", stream: "VideoStream | AudioStream") -> "Iterator[Packet[Any]]":
    for packet in packets:
        packet.stream = stream
        yield packet


def _in_time(lines: "Sequence[Iterator[Packet[Any]]]") -> "Iterator[Packet[Any]]":
    """The packets of all streams in the order in which they are due, as a file that is played while it loads wants them."""
    from heapq import merge

    return iter(merge(*lines, key=_due))


def _due(packet: "Packet[Any]") -> float:
    return (packet.dts or 0) * float(packet.time_base or 0)


def _watch(
    pieces: Sequence[Piece], on_progress: Callable[[float], None] | None, should_cancel: Callable[[], bool] | None
) -> Callable[[], None]:
    total, count = sum(piece.frames for piece in pieces), 0

    def watch() -> None:
        nonlocal count
        count += 1
        if count % _ASKED_EVERY:
            return
        if should_cancel is not None and should_cancel():
            raise RenderCancelled("The render was cancelled.")
        if on_progress is not None:
            on_progress(min(1.0, count / total))

    return watch


def _refuse_broken(pieces: Sequence[Piece], pictures: Mapping[Path, CodedPicture]) -> None:
    for piece in pieces:
        if not pictures[piece.path].has_whole(piece.start, piece.stop):
            raise UnreadableMedia(
                f"Frames {piece.start} to {piece.stop} of {piece.path.name} cannot be taken out whole."
            )
    for one, other in pairwise(dict.fromkeys(piece.path for piece in pieces)):
        first, second = pictures[one], pictures[other]
        if (first.codec, first.size) != (second.codec, second.size):
            raise UnreadableMedia(f"{one.name} and {other.name} are coded differently.")
        if first.extradata != second.extradata and first.codec != "h264":
            raise UnreadableMedia(f"{one.name} and {other.name} were encoded with different settings.")
