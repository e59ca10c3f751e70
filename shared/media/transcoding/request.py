"""TranscodeRequest: what is asked for. What is left out follows from the profile, and what that leaves out from the source."""

from typing import Annotated, Literal

from pydantic import Field

from shared.media.containers import Preset
from shared.media.effects.kind import Params, unit
from shared.media.encoders import Encoder

ProfileName = Literal[
    "social", "professional", "preview", "tiktok", "instagram", "youtube_shorts", "linkedin", "ladder"
]
Codec = Literal["h264", "h265", "av1", "vp9"]
FileContainer = Literal["mp4", "mov", "mkv", "webm"]
Fit = Literal["contain", "cover", "blur"]
DynamicRange = Literal["sdr", "keep"]

_KBPS = unit("thousands of bits a second")
_Pixels = Annotated[int, Field(ge=16, le=7680, multiple_of=2, json_schema_extra=unit("pixels"))]


class TranscodeRequest(Params):
    """A profile, and what is to be different from it."""

    profile: ProfileName | None = Field(
        default=None, description="ladder: HLS and DASH by the source's size. Left out: one file like the source"
    )
    width: _Pixels | None = None
    height: _Pixels | None = None
    fit: Fit = Field(default="contain", description="How the picture fills a frame of another shape")
    fps: Annotated[float, Field(ge=1, le=120)] | Literal["source"] | None = Field(
        default=None, json_schema_extra=unit("frames a second"), description="source: those of the source, at most 120"
    )
    codec: Codec = "h264"
    crf: int | None = Field(
        default=None, ge=0, le=51, description="Quality on x264's scale: lower is better and larger"
    )
    bitrate: int | None = Field(
        default=None, ge=50, le=200_000, json_schema_extra=_KBPS, description="At most; easy pictures take fewer"
    )
    preset: Preset | None = Field(default=None, description="Slower is smaller at the same quality")
    container: FileContainer | None = Field(default=None, description="Left out: mp4")
    audio_bitrate: int | None = Field(default=None, ge=32, le=512, json_schema_extra=_KBPS)
    encoder: Encoder = Field(
        default="auto", description="auto: a GPU where there is one that encodes; gpu: it or nothing"
    )
    dynamic_range: DynamicRange = Field(
        default="sdr",
        description="sdr: high dynamic range is tone-mapped; keep: it stays, in 10 bits, but not in H.264",
    )
    trim: bool = Field(default=False, description="Cut what is longer than the profile's platform takes")
    poster: bool | None = Field(default=None, description="A picture to show before playing; left out: with a ladder")
    thumbnails: bool | None = Field(
        default=None, description="Pictures from all over the film; left out: with a ladder"
    )
    sprites: bool | None = Field(default=None, description="Previews for a seek bar; left out: with a ladder")
    waveform: bool | None = Field(default=None, description="Peaks of the sound; left out: with a ladder")
