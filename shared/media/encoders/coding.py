"""PictureCoding: how a picture is to be coded, whoever codes it."""

from dataclasses import dataclass
from fractions import Fraction

from shared.media.containers import AudioCodec, Container, Preset, VideoCodec

Options = dict[str, object]

_RANGE: Options = {"color_range": "tv"}


@dataclass(frozen=True)
class PictureCoding:
    """`crf` on x264's scale, `max_kbps` thousands of bits a second.

    `gop_frames`: the most from one key frame to the next; `fixed_gops`: exactly so many, so that renditions switch where
    others do. `transfer`: HLG's or PQ's curve, as FFmpeg names it, of a picture in 10 bits; None: 8 bits in BT.709."""

    codec: VideoCodec
    preset: Preset
    crf: int
    max_kbps: int | None
    frame_rate: Fraction
    gop_frames: int
    fixed_gops: bool = False
    transfer: str | None = None
    container: Container = "mp4"
    audio_bitrate: int = 0

    @property
    def coded(self) -> tuple[VideoCodec | None, AudioCodec | None]:
        """Its codecs: it is silent."""
        return self.codec, None

    @property
    def colors(self) -> Options:
        """What decoders are told of its colours."""
        if self.transfer is None:
            return {**_RANGE, "color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
        return {**_RANGE, "color_primaries": "bt2020", "color_trc": self.transfer, "colorspace": "bt2020nc"}

    @property
    def cap(self) -> Options:
        """The most bits, over two seconds, as most encoders are told."""
        return {} if self.max_kbps is None else {"maxrate": f"{self.max_kbps}k", "bufsize": f"{self.max_kbps * 2}k"}
