"""The files to make."""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from shared.kompositions.model.part import Part
from shared.media.containers import CODECS, MOST_GIF_RATE, AudioCodec, Container, Preset, VideoCodec


class Output(Part):
    """A file. The first one of a komposition sets the frame grid; the others are scaled from it, padded where shapes differ."""

    name: str | None = Field(default=None, min_length=1, max_length=100, pattern=r"^[^/\\\x00-\x1f]+$")
    width: int = Field(default=1280, ge=16, le=7680, multiple_of=2)
    height: int = Field(default=720, ge=16, le=7680, multiple_of=2)
    fps: float = Field(default=30.0, ge=1, le=120, description="23.976, 29.97 and 59.94 mean 24, 30 and 60 over 1.001")
    container: Container = "mp4"
    video_codec: VideoCodec | None = Field(default=None, description="Left out: the container's usual one")
    audio_codec: AudioCodec | None = Field(default=None, description="Left out: the container's usual one")
    crf: int = Field(default=21, ge=0, le=51, description="Quality on x264's scale: lower is better and larger")
    preset: Preset = "veryfast"
    audio_bitrate: int = Field(default=192, ge=32, le=512, description="Thousands of bits a second")
    scale: Literal["contain", "cover", "stretch", "blur"] = Field(
        default="contain", description="How the film fills this output where its shape is another than the first one's"
    )

    @property
    def frame_rate(self) -> Fraction:
        """The exact rate: a film or TV rate for its rounded decimal; of a GIF at most what players can show."""
        return min(self._told_rate, MOST_GIF_RATE) if self.container == "gif" else self._told_rate

    @property
    def _told_rate(self) -> Fraction:
        for whole in (24, 30, 48, 60, 120):
            if abs(self.fps - whole / 1.001) < 0.005:
                return Fraction(whole * 1000, 1001)
        return Fraction(str(self.fps)).limit_denominator(1001)

    @property
    def coded(self) -> tuple[VideoCodec | None, AudioCodec | None]:
        """The codecs of picture and sound; None: the container holds none."""
        pictures, sounds = CODECS[self.container]
        return (
            self.video_codec or (pictures[0] if pictures else None),
            self.audio_codec or (sounds[0] if sounds else None),
        )
