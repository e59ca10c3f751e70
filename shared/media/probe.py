"""`probe`: what is in a media file, proved by decoding, or a plain sentence that says why it cannot be used.

Files are opened only in the self-contained formats of `formats.py`, and the work is bounded: some megabytes of
headers, one frame of each stream, and the end of the file to see that nothing was cut off.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from shared.media.errors import UnreadableMedia
from shared.media.formats import FORMAT_WHITELIST, HEAD_BYTES, STILLS, still_format
from shared.media.info import MediaInfo, StreamInfo
from shared.media.streams import describe_streams

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.index import IndexEntry

SECONDS_ALLOWED = 20.0
"""A file whose end is not found in this time is measured by what its header says."""
_TAIL_SECONDS = Fraction(2)
_PIECE = 8 << 20
_HEADER_OPTIONS = {
    "format_whitelist": FORMAT_WHITELIST,
    "protocol_whitelist": "file",
    "probesize": str(16 << 20),
    "analyzeduration": "10000000",
    "max_streams": "64",
    "max_pixels": str(1 << 28),
}
_HONEST_ABOUT_LENGTH = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "wav", "w64", "flac")


def probe(source: Path | BinaryIO) -> MediaInfo:
    """Everything Kompo needs to know about a file: one on disk, or one open for reading at any position (an object in the
    cloud, of which only the parts that tell are fetched for that, and then the whole once, for its hash).

    Raises `UnreadableMedia` when it is missing, empty, damaged, cut short, not media, or larger than 16384 pixels a side."""
    if isinstance(source, Path):
        with _regular_file(source) as file:
            return probe(file)
    size = source.seek(0, os.SEEK_END)
    if size == 0:
        raise UnreadableMedia("The file is empty (0 bytes). Upload it again.")
    with _opened(source) as container:
        streams = _described(container)
        if not streams:
            raise UnreadableMedia(
                "The file has no picture and no sound that can be decoded. Upload a video, an image or an audio file."
            )
        is_still = all(stream.kind == "image" for stream in streams)
        duration = Fraction(0) if is_still else _duration(container, size)
        bit_rate = container.bit_rate
        name = container.format.name
    return MediaInfo(
        container=name,
        exact_duration=duration,
        size=size,
        sha256=_sha256(source),
        bit_rate=bit_rate or None,
        is_still=is_still,
        streams=streams,
    )


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _regular_file(path: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableMedia("This is not a file but a folder, pipe or device. Upload a media file.")
        return path.open("rb")
    except OSError as error:
        raise UnreadableMedia("The file is not there. Upload it again.") from error


@contextmanager
def _opened(file: BinaryIO) -> Iterator["InputContainer"]:
    import av

    av.logging.set_level(None)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    try:
        with av.open(
            file,
            "r",
            format=still_format(head),
            container_options=_HEADER_OPTIONS,
            timeout=SECONDS_ALLOWED,
            metadata_errors="replace",
        ) as container:
            yield container
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise UnreadableMedia(
            f"The file is damaged, incomplete or not a media file ({_reason(error)}). "
            "Play it on your own machine first; if it plays, export it as MP4 (H.264) and upload that."
        ) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error).split(":")[0].strip() or "unknown format"


def _described(container: "InputContainer") -> tuple[StreamInfo, ...]:
    """The streams that decode. Data, subtitles, cover pictures and unknown codecs are passed over."""
    from av.audio.stream import AudioStream
    from av.stream import Disposition
    from av.video.stream import VideoStream

    candidates = [
        stream
        for stream in container.streams
        if isinstance(stream, VideoStream | AudioStream)
        and stream.codec_context is not None
        and not stream.disposition & Disposition.attached_pic
    ]
    return describe_streams(container, candidates, still=container.format.name in STILLS) if candidates else ()


def _duration(container: "InputContainer", size: int) -> Fraction:
    """Seconds that the file plays. Where the header tells none, or the truth can be seen cheaply, packets are read."""
    stated = Fraction(container.duration or 0, 1_000_000)
    if not stated:
        measured = _end(container, Fraction(0))
        if not measured:
            raise UnreadableMedia("The file has no length: it holds no frames that follow each other. Export it again.")
        return measured
    if container.format.name in _HONEST_ABOUT_LENGTH:
        _refuse_cut_short(container, stated, size)
    return stated


def _refuse_cut_short(container: "InputContainer", stated: Fraction, size: int) -> None:
    listed = max((entry.pos + entry.size for entry in _index(container)), default=0)
    reached = _end(container, max(Fraction(0), stated - _TAIL_SECONDS))
    if listed > size or (reached is not None and reached < stated - max(_TAIL_SECONDS, stated / 20)):
        raise UnreadableMedia(
            f"The file is cut short: its header promises {float(stated):.1f} seconds, but the data ends before. "
            "The upload or export was interrupted; do it again."
        )


def _index(container: "InputContainer") -> Iterator["IndexEntry"]:
    """The last entries of every stream's index: positions of frames as the header lists them."""
    for stream in container.streams:
        entries = stream.index_entries
        yield from (entries[i] for i in range(max(0, len(entries) - 64), len(entries)))


def _end(container: "InputContainer", start: Fraction) -> Fraction | None:
    """Where the last packet after `start` seconds ends, relative to the first of the file; None when out of time."""
    import av

    deadline = time.monotonic() + SECONDS_ALLOWED
    origin = Fraction(container.start_time or 0, 1_000_000)
    last = Fraction(0)
    try:
        container.seek(int((origin + start) * 1_000_000))
        for packet in container.demux():
            if time.monotonic() > deadline:
                return None
            stamp = packet.pts if packet.pts is not None else packet.dts
            if stamp is not None and packet.time_base is not None:
                last = max(last, (stamp + (packet.duration or 0)) * packet.time_base - origin)
    except av.FFmpegError:
        return last
    return last
