"""Describes the streams of an open file from their headers and their first decoded frames."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import av

from shared.media.errors import UnreadableMedia
from shared.media.formats import MAX_PIXELS, MAX_SIDE
from shared.media.probing.wire import Json

if TYPE_CHECKING:
    from av import AudioFrame, Packet, VideoFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

_MARGIN = 128
"""Pixels that FFmpeg counts on top of each side."""
_PACKETS_READ = 1500
"""Packets in which every stream must give a frame: several seconds of any real file."""
_LEFT_OUT = Fraction(5, 2)
"""Frames: pictures of fields may last two of what the file tells."""
_STAMPS_READ = 120
"""Video packets whose times tell whether the frame rate varies."""

_CLEAR_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""FFmpeg's decoders that read the transparency in a WebM; its own leave it out."""
_SPACES = {
    1: "bt709",
    5: "bt470bg",
    6: "smpte170m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    12: "chroma-derived-nc",
    13: "chroma-derived-c",
    14: "ictcp",
}
_PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 11: "smpte431", 12: "smpte432"}
_TRANSFERS = {
    1: "bt709",
    6: "smpte170m",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    18: "arib-std-b67",
}
_RANGES = {1: "tv", 2: "pc"}


@dataclass
class _Opening:
    """What the first packets of one stream gave."""

    frame: "VideoFrame | AudioFrame | None" = None
    stamps: list[int] = field(default_factory=list)
    hidden: int = 0
    """Packets that an edit list keeps from being shown."""
    hurried: bool = False
    """Whether its decoder has been asked for the frame before it would have given it."""
    decoded_to: int | None = None
    """Every frame that is shown up to this moment is among those read: decoding never comes after showing."""

    @property
    def complete_stamps(self) -> list[int]:
        """When frames are shown, without those at the end between which others are still to come."""
        end = self.decoded_to
        return self.stamps if end is None else [stamp for stamp in self.stamps if stamp <= end]


def describe_streams(
    container: "InputContainer", streams: "Sequence[VideoStream | AudioStream]", *, still: bool
) -> list[dict[str, Json]]:
    """The fields of `StreamInfo` of every stream that decodes. Reads the beginning of the file; `still` says it is a picture.

    Raises `UnreadableMedia` for a picture larger than we decode."""
    for stream in streams:
        stream.codec_context.thread_count = 1
        if stream.type == "video":
            refuse_absurd_size(stream.codec_context.width, stream.codec_context.height)
    openings = _read_openings(container, streams)
    origin = Fraction(container.start_time or 0, 1_000_000)
    sounds = any(stream.type == "audio" and openings[stream.index].frame for stream in streams)
    return [
        {**_describe(stream, opening, still, sounds), "start": str(_start(stream, opening, origin))}
        for stream in streams
        if (opening := openings[stream.index]).frame
    ]


def refuse_absurd_size(width: int, height: int) -> None:
    """Raise `UnreadableMedia` when a picture has more pixels than FFmpeg decodes, or we would."""
    if width > MAX_SIDE or height > MAX_SIDE or (width + _MARGIN) * (height + _MARGIN) > MAX_PIXELS:
        raise UnreadableMedia(
            f"The picture is {width} x {height} pixels, which is too large: at most {MAX_SIDE} a side, "
            f"{MAX_PIXELS // 1_000_000} million in all. Scale it down and upload it again."
        )


def _read_openings(container: "InputContainer", streams: "Sequence[VideoStream | AudioStream]") -> dict[int, _Opening]:
    openings = {stream.index: _Opening() for stream in streams}
    videos = {stream.index for stream in streams if stream.type == "video"}
    for number, packet in enumerate(container.demux(*streams)):
        opening = openings[packet.stream.index]
        if packet.is_discard:
            opening.hidden += 1
        elif packet.pts is not None:
            opening.stamps.append(packet.pts)
        if packet.dts is not None:
            opening.decoded_to = packet.dts
        if opening.frame is None:
            try:
                opening.frame = _first_frame(packet, opening)
            except av.InvalidDataError:
                continue
        timed = all(len(openings[index].stamps) >= _STAMPS_READ for index in videos)
        if number >= _PACKETS_READ or (timed and all(opening.frame for opening in openings.values())):
            break
    return openings


def _first_frame(packet: "Packet[Any]", opening: _Opening) -> "VideoFrame | AudioFrame | None":
    """The first frame of a stream, if it can be had with this packet.

    Decoders of pictures wait for some packets more, to tell the order of frames: at the first key frame they are asked not to,
    unless an edit list hides it: what can be seen is decoded only after it."""
    hidden = packet.is_discard
    frame = next(iter(packet.decode()), None)
    context = packet.stream.codec_context
    if frame is None and packet.stream.type == "video" and packet.is_keyframe and not (hidden or opening.hurried):
        opening.hurried = True
        frame = next(iter(context.decode(None)), None)
        context.flush_buffers()
    return frame


def _describe(stream: "VideoStream | AudioStream", opening: _Opening, still: bool, sounds: bool) -> dict[str, Json]:
    if stream.type == "video":
        # A single picture that stands while there is something to hear is a film.
        lone = still or (not sounds and stream.frames == 1 and len(opening.stamps) <= 1)
        return _describe_video(stream, opening, lone)
    return _describe_audio(stream)


def _start(stream: "VideoStream | AudioStream", opening: _Opening, origin: Fraction) -> Fraction:
    """Seconds from `origin` on. AVI tells when the first picture is decoded; when it is shown is told by the pictures."""
    told = [stamp for stamp in (stream.start_time, min(opening.complete_stamps, default=None)) if stamp is not None]
    if not told or stream.time_base is None:
        return Fraction(0)
    return max(Fraction(0), (max(told) if stream.type == "video" else told[0]) * stream.time_base - origin)


def _describe_video(stream: "VideoStream", opening: _Opening, lone: bool) -> dict[str, Json]:
    context = stream.codec_context
    frame: VideoFrame = opening.frame  # type: ignore[assignment]
    rate = stream.guessed_rate or stream.average_rate
    clear = _is_clear(stream, frame)
    return {
        "index": stream.index,
        "kind": "image" if lone else "video",
        "codec": _CLEAR_DECODERS[context.codec.canonical_name] if clear else context.codec.name,
        "profile": stream.profile,
        "bit_rate": context.bit_rate or None,
        "exact_duration": _seconds(stream),
        "frame_count": 1 if lone else max(0, stream.frames - opening.hidden) or None,
        "width": frame.width,
        "height": frame.height,
        "frame_rate": None if lone else _told(rate),
        "average_frame_rate": None if lone else _told(stream.average_rate),
        "variable_frame_rate": not lone and _varies(opening.complete_stamps, _ticks(stream, rate)),
        "pixel_format": frame.format.name.replace("yuv", "yuva", 1) if clear else frame.format.name,
        "interlaced": not lone and bool(frame.interlaced_frame),
        "rotation": int(frame.rotation) % 360,
        "sample_aspect_ratio": str(stream.sample_aspect_ratio or 1),
        "color_space": _SPACES.get(int(frame.colorspace)),
        "color_primaries": _PRIMARIES.get(int(frame.color_primaries)),
        "color_transfer": _TRANSFERS.get(int(frame.color_trc)),
        "color_range": _RANGES.get(int(frame.color_range)),
    }


def _is_clear(stream: "VideoStream", frame: "VideoFrame") -> bool:
    """Whether there is transparency beside the picture, which only some decoders read."""
    coded = stream.codec_context.codec.canonical_name
    return coded in _CLEAR_DECODERS and frame.format.name == "yuv420p" and stream.metadata.get("alpha_mode") == "1"


def _describe_audio(stream: "AudioStream") -> dict[str, Json]:
    context = stream.codec_context
    return {
        "index": stream.index,
        "kind": "audio",
        "codec": context.codec.name,
        "profile": stream.profile,
        "bit_rate": context.bit_rate or None,
        "exact_duration": _seconds(stream),
        "sample_rate": context.sample_rate,
        "channels": context.layout.nb_channels,
        "channel_layout": context.layout.name,
    }


def _seconds(stream: "VideoStream | AudioStream") -> str | None:
    return str(stream.duration * stream.time_base) if stream.duration and stream.time_base else None


def _told(rate: Fraction | None) -> str | None:
    return None if rate is None else str(rate)


def _ticks(stream: "VideoStream", rate: Fraction | None) -> Fraction | None:
    """How many ticks of its clock a frame lasts."""
    return 1 / rate / stream.time_base if rate and stream.time_base else None


def _varies(stamps: Sequence[int], frame: Fraction | None) -> bool:
    """True when frames last unequally, or equally for some times `frame`, as the file tells of one: several are left out between.

    A difference of two ticks is rounding of the container's clock."""
    ordered = sorted(stamps)
    lasting = sorted(after - before for before, after in pairwise(ordered))
    if not lasting:
        return False
    median = lasting[len(lasting) // 2]
    return lasting[-1] - lasting[0] > max(2, median // 5) or (frame is not None and median > _LEFT_OUT * frame)
