"""What is in a media file, proved by decoding. Runs in the child: the file may be made to do harm.

The work is bounded: some megabytes of headers, one frame of each stream, and the end of the file to see that nothing was
cut off.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import IO, TYPE_CHECKING

import av
from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.stream import VideoStream

from shared.media.errors import UnreadableMedia
from shared.media.formats import (
    FORMAT_WHITELIST,
    HEAD_BYTES,
    MAX_PIXELS,
    MAX_SECONDS,
    MAX_STREAMS,
    STILLS,
    still_format,
)
from shared.media.probing import matroska, mxf
from shared.media.probing.asf import promised_seconds
from shared.media.probing.streams import describe_streams, refuse_absurd_size
from shared.media.probing.wire import Json

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.index import IndexEntry

SECONDS_ALLOWED = 20.0
"""A file whose end is not found in this time is measured by what its header says."""
_ABSURD_SIZE = re.compile(r"Picture size (\d{4,})x(\d{4,}) (?:is invalid|exceeds)")
_HEIF = (b"ftypheic", b"ftypheix", b"ftypmif1")
_IN_TILES = (
    "This HEIC picture cannot be read as a whole: phones save them in tiles. Save it as JPEG or PNG and upload that."
)
_TAIL_SECONDS = Fraction(2)
_SHORT_BY = Fraction(1, 10)
"""Seconds by which a picture must end before its file does for that to be told."""
_BUFFER = 128 * 1024
_HEADER_OPTIONS = {
    "format_whitelist": FORMAT_WHITELIST,
    "protocol_whitelist": "file",
    "probesize": str(16 << 20),
    "analyzeduration": "10000000",
    "max_streams": str(MAX_STREAMS),
    "max_pixels": str(MAX_PIXELS),
}
_COUNTS_FROM_ZERO = "matroska,webm"
"""Its header says when the film ends, not how long it is, where the film begins later than at 0; not all writers agree."""
_TELLS_NO_LENGTHS = _COUNTS_FROM_ZERO
"""Of single streams."""
_GUESSES_LENGTHS = ("mpegts", "mpeg")
"""Without an index. FFmpeg takes the time of a stream's last packet, in which a tenth of a second of sound and more can be."""
_GUESSES_BY_BITS = {"mp3": Fraction(1, 4), "aac": Fraction(0), "ac3": Fraction(0), "eac3": Fraction(0)}
"""Sounds whose length FFmpeg takes from the bits of their first frames, and by how many seconds it must be wrong to be one
that was guessed: MP3 may have a header that tells, without what encoders put before and after the sound."""
_JUMPS_SOUGHT = 2.0
"""Seconds for which a file without an index is looked through for jumps of its clock."""
_BACK_BY, _ON_BY = 1, 10
"""Seconds between two packets of a stream that are a jump: FFmpeg itself takes ten for one."""
_HONEST_ABOUT_LENGTH = (
    *("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "flv", "asf", "mxf"),
    *("wav", "w64", "aiff", "flac"),
)


def look_into(file: IO[bytes], size: int) -> dict[str, Json]:
    """The fields of `MediaInfo` that follow from the content of a file of `size` bytes, fractions as "30000/1001".

    Raises `UnreadableMedia`, and MemoryError."""
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture() as said:
        try:
            found = _found(file, size)
            if found["container"] in _GUESSES_LENGTHS:
                _refuse_jumps(file)
            return found
        except UnreadableMedia:
            for _, _, line in said:
                if absurd := _ABSURD_SIZE.search(line):
                    refuse_absurd_size(int(absurd[1]), int(absurd[2]))
            raise


def _found(file: IO[bytes], size: int) -> dict[str, Json]:
    lacking = max(matroska.promised_bytes(file), mxf.promised_bytes(file)) > size
    promised = promised_seconds(file)
    with _opened(file) as container:
        streams = _described(container)
        if not streams:
            raise UnreadableMedia(
                "The file has no picture and no sound that can be decoded. Upload a video, an image or an audio file."
            )
        is_still = all(stream["kind"] == "image" for stream in streams)
        duration = Fraction(0) if is_still else _duration(container, size, promised, lacking=lacking)
        if container.format.name in _GUESSES_LENGTHS:
            duration = _correct_lengths(container, streams, duration)
        elif container.format.name == _TELLS_NO_LENGTHS:
            _measure_short_pictures(container, streams, duration)
        elif container.format.name in _GUESSES_BY_BITS:
            duration = _measure_sound(container, streams, duration)
        return {
            "container": container.format.name,
            "exact_duration": str(duration),
            "bit_rate": container.bit_rate or None,
            "is_still": is_still,
            "streams": [*streams],
        }


@contextmanager
def _opened(file: IO[bytes]) -> Iterator["InputContainer"]:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if head.startswith(b"WEBP", 8) and b"ANIM" in head:
        raise UnreadableMedia("This is an animated WebP, which cannot be read. Save it as GIF or MP4 and upload that.")
    try:
        with av.open(
            file,
            "r",
            format=still_format(head),
            container_options=_HEADER_OPTIONS,
            timeout=SECONDS_ALLOWED,
            buffer_size=_BUFFER,
            metadata_errors="replace",
        ) as container:
            yield container
    except (av.FFmpegError, OSError, ValueError, EOFError, ArithmeticError, MemoryError) as error:
        if head.startswith(_HEIF, 4):
            raise UnreadableMedia(_IN_TILES) from error
        if isinstance(error, MemoryError):
            raise
        raise UnreadableMedia(
            f"The file is damaged, incomplete or not a media file ({_reason(error)}). "
            "Play it on your own machine first; if it plays, export it as MP4 (H.264) and upload that."
        ) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error).split(":")[0].strip() or "unknown format"


def _described(container: "InputContainer") -> list[dict[str, Json]]:
    """The streams that decode. Data, subtitles, cover pictures and unknown codecs are passed over.

    Raises `UnreadableMedia` for a picture of which each stream is but a part."""
    if any(stream.disposition & Disposition.dependent for stream in container.streams.video):
        raise UnreadableMedia(_IN_TILES)
    candidates = [
        stream
        for stream in container.streams
        if isinstance(stream, VideoStream | AudioStream)
        and stream.codec_context is not None
        and not stream.disposition & Disposition.attached_pic
    ]
    return describe_streams(container, candidates, still=container.format.name in STILLS) if candidates else []


def _duration(container: "InputContainer", size: int, promised: Fraction, *, lacking: bool) -> Fraction:
    """Seconds that the file plays. Where the header tells none, or the truth can be seen cheaply, packets are read.

    `promised`: what FFmpeg may leave out of what the header says; `lacking`: whether bytes are known to be missing at its end."""
    stated = max(
        Fraction(container.duration or 0, 1_000_000), promised if container.format.name == "asf" else Fraction(0)
    )
    if not 0 <= stated <= MAX_SECONDS:
        raise UnreadableMedia(
            f"The file claims to last {float(stated) / 86_400:.3g} days, which is more than can be used. Export it again."
        )
    if not stated:
        measured = _end(container, Fraction(0))
        if not measured:
            raise UnreadableMedia("The file has no length: it holds no frames that follow each other. Export it again.")
        return measured
    if container.format.name == _COUNTS_FROM_ZERO and (container.start_time or 0) > 0:
        left = max(Fraction(0), stated - Fraction(container.start_time or 0, 1_000_000))
        stated = max(left, _end(container, max(Fraction(0), left - _TAIL_SECONDS)) or left)
    if container.format.name in _HONEST_ABOUT_LENGTH:
        _refuse_cut_short(container, stated, size, _SHORT_BY if lacking else max(_TAIL_SECONDS, stated / 20))
    return stated


def _refuse_cut_short(container: "InputContainer", stated: Fraction, size: int, forgiven: Fraction) -> None:
    """Refuse a file of which an index lists more than is there, or whose last packets end `forgiven` seconds before it should."""
    listed = max((entry.pos + entry.size for entry in _index(container)), default=0)
    reached = _end(container, max(Fraction(0), stated - _TAIL_SECONDS))
    if listed > size or (reached is not None and reached < stated - forgiven):
        raise UnreadableMedia(
            f"The file is cut short: its header promises {float(stated):.1f} seconds, but the data ends before. "
            "The upload or export was interrupted; do it again."
        )


def _refuse_jumps(file: IO[bytes]) -> None:
    """Refuse a file whose clock jumps, as where several recordings were put one after the other: nothing in it is where its
    times say. It is read from its beginning, for a while."""
    deadline, last = time.monotonic() + _JUMPS_SOUGHT, dict[int, Fraction]()
    with _opened(file) as container:
        for packet in container.demux():
            if time.monotonic() > deadline:
                return
            if packet.dts is None or packet.time_base is None or packet.stream.type not in ("video", "audio"):
                continue
            moment, index = packet.dts * packet.time_base, packet.stream.index
            jump = moment - last.get(index, moment)
            if not -_BACK_BY < jump < _ON_BY:
                raise UnreadableMedia(
                    f"The clock of the file jumps by {float(jump):+.1f} seconds: it is several recordings, one after the "
                    "other, or damaged. Cut it into its parts, or export it as MP4, and upload that."
                )
            last[index] = moment


def _index(container: "InputContainer") -> Iterator["IndexEntry"]:
    """The last entries of every stream's index: positions of frames as the header lists them."""
    for stream in container.streams:
        entries = stream.index_entries
        yield from (entries[i] for i in range(max(0, len(entries) - 64), len(entries)))


def _correct_lengths(container: "InputContainer", streams: list[dict[str, Json]], duration: Fraction) -> Fraction:
    """Give every stream that goes on to the end the length that its last frames show; when the last of all has ended."""
    ends = _ends(container, max(Fraction(0), duration - _TAIL_SECONDS)) or {}
    origin = Fraction(container.start_time or 0, 1_000_000)
    for described in streams:
        stream = container.streams[int(str(described["index"]))]
        if stream.index in ends and stream.start_time is not None and stream.time_base is not None:
            length = ends[stream.index] - (stream.start_time * stream.time_base - origin)
            described["exact_duration"] = str(max(length, Fraction(str(described["exact_duration"] or 0))))
    return max(duration, *ends.values()) if ends else duration


def _measure_short_pictures(container: "InputContainer", streams: list[dict[str, Json]], duration: Fraction) -> None:
    """Give pictures that end before the file does the length that their last frames show.

    Of a single frame FFmpeg tells the length of the file."""
    for described in streams:
        if described["kind"] != "video":
            continue
        index, back = int(str(described["index"])), _TAIL_SECONDS
        while index not in (ends := _ends(container, max(Fraction(0), duration - back)) or {}) and back < duration:
            back *= 4
        if index in ends and ends[index] < duration - _SHORT_BY:
            described["exact_duration"] = str(ends[index])


def _measure_sound(container: "InputContainer", streams: list[dict[str, Json]], duration: Fraction) -> Fraction:
    """Give a sound the length that all its packets have together, where the one that was told is far from it."""
    measured = _end(container, Fraction(0))
    if not measured or abs(measured - duration) <= _GUESSES_BY_BITS[container.format.name]:
        return duration
    for described in streams:
        described["exact_duration"] = str(measured)
    return measured


def _end(container: "InputContainer", start: Fraction) -> Fraction | None:
    """Where the last packet after `start` seconds ends, relative to the first of the file; None when out of time."""
    ends = _ends(container, start)
    return None if ends is None else max(ends.values(), default=Fraction(0))


def _ends(container: "InputContainer", start: Fraction) -> dict[int, Fraction] | None:
    """The same of every stream that has a packet there, by its index."""
    deadline = time.monotonic() + SECONDS_ALLOWED
    origin = Fraction(container.start_time or 0, 1_000_000)
    ends: dict[int, Fraction] = {}
    try:
        container.seek(int((origin + start) * 1_000_000))
        for packet in container.demux():
            if time.monotonic() > deadline:
                return None
            stamp = packet.pts if packet.pts is not None else packet.dts
            if stamp is not None and packet.time_base is not None:
                end = (stamp + (packet.duration or 0)) * packet.time_base - origin
                ends[packet.stream.index] = max(ends.get(packet.stream.index, Fraction(0)), end)
    except av.FFmpegError:
        return ends
    return ends
