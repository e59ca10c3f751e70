"""Summing: what a file holds, held against what the encoder gave, packet by packet, without decoding.

FFmpeg writes every packet twice: into the file, and its CRC-32 into a list beside it. Muxers give packets another form than
encoders do (MP4 tells the length of a unit where an encoder puts a start code), so both sides are brought into one form
before they are summed: that of FFmpeg's filters that take coded pictures apart and put them together again."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from shared.media.containers import VideoCodec
from shared.media.errors import RenderFailed
from shared.media.teeing import tee_name

if TYPE_CHECKING:
    from av import Packet
    from av.video.stream import VideoStream

Sums = tuple[int, ...]
"""The CRC-32 of every packet, in the order of decoding."""

_FORMS: dict[str, str] = {
    "h264": "h264_metadata",
    "hevc": "hevc_metadata",
    "av1": "av1_metadata=td=remove",
    "vp9": "vp9_superframe",
}
"""The filter of each codec, by FFmpeg's names. In AV1, MP4 leaves out what only separates pictures."""


class Altered(RenderFailed):
    """A file holds other packets than its encoder gave."""


def summed(path: Path, codec: VideoCodec) -> str:
    """What FFmpeg is given as the name of an output, so that it writes the MP4 `path` of one picture and the sums beside it.

    The muxer is then `tee`."""
    form = _FORMS["hevc" if codec == "h265" else codec]
    return "|".join(
        (f"[f=mp4]{tee_name(path)}", f"[f=framehash:hash=CRC32:bsfs/v={form}]{tee_name(sums_beside(path))}")
    )


def sums_beside(path: Path) -> Path:
    """Where the sums of a file are written."""
    return path.with_suffix(".sums")


def read_sums(path: Path) -> Sums:
    """The sums that FFmpeg has written. Lines are: stream, decoded when, shown when, how long, bytes, sum."""
    lines = path.read_text("ascii").splitlines()
    return tuple(int(line.split(",")[5], 16) for line in lines if not line.startswith("#"))


class Proof:
    """Holds the packets of a picture, one after the other as they are read, against the sums of those that its encoder gave."""

    def __init__(self, stream: "VideoStream", sums: Sums) -> None:
        from av.bitstream import BitStreamFilterContext

        self._form = BitStreamFilterContext(_FORMS[stream.codec_context.codec.canonical_name], stream)
        self._sums = sums
        self._found = 0

    def take(self, packet: "Packet[Any]") -> None:
        """Look at the next packet, of which nothing is left then. Raises `Altered`, whose sentence says which is not as given."""
        import av

        try:
            formed = self._form.filter(packet)
        except av.FFmpegError as error:
            raise Altered(f"After packet {self._found} there is what no encoder gives.") from error
        for each in formed:
            if self._found >= len(self._sums) or crc32(bytes(each)) != self._sums[self._found]:
                raise self._altered()
            self._found += 1

    def end(self) -> None:
        """Raise `Altered` if the encoder gave more."""
        if self._found < len(self._sums):
            raise self._altered()

    def _altered(self) -> Altered:
        return Altered(f"Packet {self._found} of {len(self._sums)} is not what the encoder gave.")
