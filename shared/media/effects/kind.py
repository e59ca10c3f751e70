"""EffectKind: what an effect is called, what it takes and what it does; and the frame that a picture effect works on."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Medium = Literal["picture", "sound"]
Stream = Any
"""A stream of ffmpeg-python, which has no types."""

SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class Frame:
    """The picture that an effect works on: pixels (even numbers), rate, and how many frames the whole clip has.

    The stream begins with the clip's first frame, stamps from 0, one tick a frame."""

    width: int
    height: int
    rate: Fraction
    frames: int

    def pixels(self, lines: float) -> float:
        """A length given for a picture of 1080 lines, in pixels of this one: an effect looks the same at every size."""
        return lines * self.height / 1080

    @property
    def number(self) -> str:
        """The number of a frame from 0, as an expression: filters do not agree on what their own `n` begins with."""
        return f"round(t*{self.rate.numerator}/{self.rate.denominator})"

    def count(self, seconds: float) -> int:
        """The number of frames nearest to `seconds`."""
        return round(Fraction(seconds).limit_denominator(1_000_000) * self.rate)


class Params(BaseModel):
    """Parameters of an effect: camelCase or snake_case; unknown ones are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", allow_inf_nan=False)


def unit(name: str) -> dict[str, Any]:
    """For `json_schema_extra`: the unit in which a parameter is given."""
    return {"unit": name}


Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=86_400, json_schema_extra=unit("seconds"))]
Lines = Annotated[float, Field(ge=0, le=500, json_schema_extra=unit("pixels of a picture 1080 lines high"))]
Decibels = Annotated[float, Field(ge=-60, le=60, json_schema_extra=unit("dB"))]
Hertz = Annotated[float, Field(ge=10, le=22_000, json_schema_extra=unit("Hz"))]
Milliseconds = Annotated[float, Field(ge=0.1, le=2000, json_schema_extra=unit("ms"))]
Color = Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$", json_schema_extra=unit("#rrggbb"))]


class Look(Params):
    """Parameters of every look."""

    intensity: Share = Field(default=1.0, description="How much of the look is blended over the picture")


PictureFunction = Callable[[Stream, Any, Frame], Stream]
SoundFunction = Callable[[Stream, Any, int], Stream]


@dataclass(frozen=True)
class EffectKind:
    """An effect by its name: what it takes and what it does to a picture, to sound, or to both.

    `medium_of` says on which medium certain parameters work, where that depends on them; None: on what functions there are."""

    name: str
    description: str
    params: type[Params] = Params
    picture: PictureFunction | None = None
    sound: SoundFunction | None = None
    medium_of: Callable[[Any], Medium] | None = None

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name.replace("_", " ").capitalize()

    @property
    def media(self) -> tuple[Medium, ...]:
        """What it can work on."""
        return (*(("picture",) if self.picture else ()), *(("sound",) if self.sound else ()))

    def works_on(self, medium: Medium, params: Params) -> bool:
        """Whether it does anything to `medium` with these parameters."""
        return medium in self.media if self.medium_of is None else self.medium_of(params) == medium


def picture_effect(function: PictureFunction, params: type[Params] = Params) -> EffectKind:
    """The effect on pictures that `function` carries out; it has the function's name and docstring."""
    return EffectKind(function.__name__, inspect.getdoc(function) or "", params, picture=function)


def sound_effect(function: SoundFunction, params: type[Params] = Params) -> EffectKind:
    """The effect on sound that `function` carries out; it has the function's name and docstring."""
    return EffectKind(function.__name__, inspect.getdoc(function) or "", params, sound=function)
