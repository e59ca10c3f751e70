"""TranscodePlan: everything that will be made of a source, before anything is. A job keeps it as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal

from pydantic import JsonValue, TypeAdapter

from shared.media.containers import AudioCodec, Preset
from shared.media.graph.scaling import Scale
from shared.media.info import MediaInfo
from shared.media.transcoding.request import Codec, FileContainer, TranscodeRequest

SEGMENT_GOPS = 3
"""Groups of pictures in a segment of a package: about six seconds."""


@dataclass(frozen=True)
class Rendition:
    """One picture of the film: its frame, how it is coded, `crf` on x264's scale, at most how many bits (thousands a second)."""

    name: str
    width: int
    height: int
    codec: Codec
    preset: Preset
    crf: int
    max_kbps: int | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height


@dataclass(frozen=True)
class SoundPlan:
    """How the sound, 48 kHz stereo, is coded; `kbps` of both channels together."""

    codec: AudioCodec
    kbps: int


@dataclass(frozen=True)
class TranscodePlan:
    """`frames` frames at `frame_rate` in every rendition, smallest first.

    `gop_frames`: a closed group of pictures; it begins at its multiples in all renditions of a ladder, and wherever a chunk
    begins. `package`: one `file`, or `cmaf`, fragments with playlists of HLS and DASH. `tone_map`: from high dynamic range
    to standard; `hdr`: the high range is kept, in 10 bits."""

    info: MediaInfo
    request: TranscodeRequest
    renditions: tuple[Rendition, ...]
    sound: SoundPlan | None
    frame_rate: Fraction
    frames: int
    gop_frames: int
    package: Literal["file", "cmaf"]
    container: FileContainer
    tone_map: bool = False
    hdr: bool = False

    @property
    def seconds(self) -> Fraction:
        """How long the film is."""
        return self.frames / self.frame_rate

    @property
    def scale(self) -> Scale:
        """How the picture fills its frames. Where their size follows from the picture, they have its shape."""
        asked = self.request
        sized = asked.profile not in (None, "ladder") or (asked.width is not None and asked.height is not None)
        return asked.fit if sized else "stretch"

    @property
    def segment_frames(self) -> int:
        """Frames in every segment of a package but the last."""
        return self.gop_frames * SEGMENT_GOPS

    def rendition(self, name: str) -> Rendition:
        """The one of that name."""
        return next(each for each in self.renditions if each.name == name)

    def to_json(self) -> dict[str, JsonValue]:
        """JSON; `from_json` reads it back, equal."""
        found: dict[str, JsonValue] = _adapter().dump_python(self, mode="json", by_alias=True)
        return found

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "TranscodePlan":
        """What `to_json` gave. Raises pydantic's `ValidationError` for anything else."""
        return _adapter().validate_python(dict(document))


@cache
def _adapter() -> TypeAdapter[TranscodePlan]:
    return TypeAdapter(TranscodePlan)
