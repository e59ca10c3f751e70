"""Operation: what it is called, what it takes, what it can write, and what carries it out."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from shared.core.errors import FieldError
from shared.media.containers import Container, Preset
from shared.media.effects.kind import Params, unit
from shared.media.info import MediaInfo

if TYPE_CHECKING:
    from shared.media.operations.run import Run

Need = Literal["video", "image", "sound", "media"]
"""What an input must have: moving pictures, a still, something to hear, or something to see move or hear."""

VIDEO_FILES: tuple[Container, ...] = ("mp4", "mov", "mkv")
SOUND_FILES: tuple[Container, ...] = ("m4a", "mp3", "wav", "flac")


def _thousands(value: Any) -> Any:
    """A bit rate as FFmpeg's users write it, such as 192k."""
    written = re.fullmatch(r"(\d{1,6})k", value) if isinstance(value, str) else None
    return int(written[1]) if written else value


Kbps = Annotated[int, BeforeValidator(_thousands), Field(json_schema_extra=unit("thousands of bits a second"))]


class SoundCoding(Params):
    """How sound is encoded."""

    audio_bitrate: Kbps = Field(default=192, ge=32, le=512, description="Of sound that is encoded and not copied")


class FilmCoding(SoundCoding):
    """How pictures and sound are encoded."""

    crf: int = Field(default=21, ge=0, le=51, description="Quality on x264's scale: lower is better and larger")
    preset: Preset = Field(default="veryfast", description="Slower is smaller at the same quality")


Start = Annotated[float, Field(ge=0, le=86_400, json_schema_extra=unit("seconds"))]
Length = Annotated[float, Field(gt=0, le=86_400, json_schema_extra=unit("seconds"))]
MOST_PIXELS = 7680
"""Of a side that is asked for."""
Pixels = Annotated[int, Field(ge=16, le=MOST_PIXELS, multiple_of=2, json_schema_extra=unit("pixels"))]

Writes = Callable[[Sequence[MediaInfo], Any], Sequence[Container]]
Check = Callable[[Sequence[MediaInfo], Any], Iterator[FieldError]]


def writes_video(_infos: Sequence[MediaInfo], _params: Any) -> Sequence[Container]:
    """For `Operation.writes`: films."""
    return VIDEO_FILES


def writes_like_input(infos: Sequence[MediaInfo], _params: Any) -> Sequence[Container]:
    """For `Operation.writes`: a film of a film; of sound alone, sound."""
    return VIDEO_FILES if infos[0].kind == "video" else SOUND_FILES


def nothing_else(_infos: Sequence[MediaInfo], _params: Any) -> Iterator[FieldError]:
    """For `Operation.check`: whatever its parameters allow can be done."""
    return iter(())


@dataclass(frozen=True)
class Operation:
    """One thing that can be done to media.

    `inputs` says what each must have; up to `most` there may be, the others like the last. `writes` gives the containers that it
    can write, the usual one first. `check` finds what these files cannot give, before anything runs. `make` does it."""

    name: str
    description: str
    family: str
    params: type[Params]
    make: "Callable[[Run, Any], None]"
    inputs: tuple[Need, ...]
    least: int = 0
    most: int = 0
    writes: Writes = writes_video
    check: Check = field(default=nothing_else)

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name.replace("_", " ").capitalize()

    @property
    def count(self) -> tuple[int, int]:
        """How many inputs it takes, at least and at most."""
        return self.least or len(self.inputs), self.most or len(self.inputs)

    def need(self, place: int) -> Need:
        """What the input at `place` must have."""
        return self.inputs[min(place, len(self.inputs) - 1)]


def operation(
    make: "Callable[[Run, Any], None]", params: type[Params], family: str, inputs: tuple[Need, ...], **more: Any
) -> Operation:
    """The operation that `make` carries out; it has the function's name and docstring."""
    return Operation(make.__name__, inspect.getdoc(make) or "", family, params, make, inputs, **more)
