"""What is known about a media file: `MediaInfo`, the answer of `probe`, kept with every asset version.

Times are seconds, exact as `Fraction` (JSON: "30000/1001"); sizes are bytes; bit rates are bits per second.
"""

from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue, computed_field
from pydantic.alias_generators import to_camel

StreamKind = Literal["video", "image", "audio"]


class StreamInfo(BaseModel):
    """One decodable stream. Fields that do not apply to its kind, or that the file does not tell, are None."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")

    index: int
    """Position among all streams of the file, as FFmpeg counts (`0:<index>`)."""
    kind: StreamKind
    codec: str
    profile: str | None = None
    bit_rate: int | None = None
    exact_duration: Fraction | None = None
    start: Fraction = Fraction(0)
    """Seconds from the beginning of the file to that of the stream."""
    frame_count: int | None = None
    """Frames that are shown, when the container states them."""

    width: int | None = None
    """Stored width in pixels, before rotation and sample aspect."""
    height: int | None = None
    frame_rate: Fraction | None = None
    """The nominal rate: of a constant-rate stream, the rate; of a variable one, the highest that fits its time stamps."""
    average_frame_rate: Fraction | None = None
    variable_frame_rate: bool = False
    pixel_format: str | None = None
    rotation: int = 0
    """Degrees counter-clockwise that a player turns the picture, 0 to 359. By any but a right angle it is turned in the frame."""
    sample_aspect_ratio: Fraction = Fraction(1)
    interlaced: bool = False
    """Whether a frame is two fields of different moments, each every other line."""
    color_space: str | None = None
    color_primaries: str | None = None
    color_transfer: str | None = None
    color_range: str | None = None

    sample_rate: int | None = None
    channels: int | None = None
    channel_layout: str | None = None

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height in square pixels as a viewer sees them: sample aspect applied, then turned upright."""
        width = max(1, round((self.width or 1) * self.sample_aspect_ratio))
        height = self.height or 1
        return (height, width) if self.lies else (width, height)

    @property
    def lies(self) -> bool:
        """Whether it is stored lying on its side: its width is seen as its height."""
        return self.rotation % 180 == 90


class MediaInfo(BaseModel):
    """A media file that was opened, of which at least one frame of every stream listed here was decoded."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")

    container: str
    """FFmpeg's name of the format, such as `mov,mp4,m4a,3gp,3g2,mj2` or `png_pipe`."""
    exact_duration: Fraction
    """Seconds from the first to the end of the last frame; 0 for a still."""
    size: int
    sha256: str = ""
    """Of the whole file, in hexadecimal; empty where it was not asked for."""
    bit_rate: int | None = None
    is_still: bool = False
    streams: tuple[StreamInfo, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def duration(self) -> float:
        """Seconds, rounded to a microsecond."""
        return round(float(self.exact_duration), 6)

    @property
    def video(self) -> StreamInfo | None:
        """The first stream that moves; where none does, the first still. A moving AVIF begins with a still of it."""
        shown = [stream for stream in self.streams if stream.kind != "audio"]
        return next((stream for stream in shown if stream.kind == "video"), shown[0] if shown else None)

    @property
    def audio(self) -> StreamInfo | None:
        """The first stream that sounds."""
        return next((stream for stream in self.streams if stream.kind == "audio"), None)

    @property
    def kind(self) -> StreamKind:
        """What the file is: `video` moves, `image` stands still, `audio` has no picture."""
        video = self.video
        return video.kind if video else "audio"

    def to_json(self) -> dict[str, JsonValue]:
        """camelCase JSON; `MediaInfo.model_validate` reads it back, equal."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
