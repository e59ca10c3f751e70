"""The registry of effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

Medium = Literal["picture", "sound"]
Stream = Any
"""A stream of ffmpeg-python, which has no types."""


@dataclass(frozen=True)
class Frame:
    """The picture that an effect works on: pixels, rate, and how many frames."""

    width: int
    height: int
    rate: Fraction
    frames: int


@dataclass(frozen=True)
class EffectError:
    """Why an effect cannot be used: where below it, a stable code, a sentence with the way out."""

    location: tuple[str | int, ...]
    code: str
    detail: str


class Params(BaseModel):
    """Parameters of an effect: camelCase or snake_case; unknown ones are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class EffectKind:
    """An effect by its name: what it takes and what it does to a picture, to sound, or to both."""

    name: str
    params: type[Params] = Params
    picture: Callable[[Stream, Any, Frame], Stream] | None = None
    sound: Callable[[Stream, Any, int], Stream] | None = None


def _leica_look(stream: Stream, _params: Params, _frame: Frame) -> Stream:
    return (
        stream.filter("curves", preset="vintage")
        .filter("eq", contrast=1.1, brightness=0.05, saturation=0.9, gamma=1.05)
        .filter("colorbalance", rs=0.1, gs=-0.05, bs=-0.1, rm=0.05, bm=-0.05, rh=-0.05, gh=0.05, bh=0.1)
        .filter("unsharp", 5, 5, 0.8, 3, 3, 0.4)
    )


EFFECTS: Mapping[str, EffectKind] = {"leica_look": EffectKind("leica_look", picture=_leica_look)}


def effect_names() -> list[str]:
    """Every effect there is."""
    return sorted(EFFECTS)


def effect_errors(name: str, params: Mapping[str, Any], medium: Medium | None = None) -> list[EffectError]:
    """Why `name` with `params` cannot be used (on `medium`, if given); nothing when it can. Locations are below the effect."""
    kind = EFFECTS.get(name)
    if kind is None:
        return [EffectError(("type",), "unknown_effect", f"There is no effect {name!r}. See GET /v1/operations.")]
    if medium is not None and getattr(kind, medium) is None:
        return [EffectError(("type",), "effect_medium", f"{name} does not work on {medium}.")]
    try:
        kind.params.model_validate(params)
    except ValidationError as error:
        return [
            EffectError(("params", *entry["loc"]), entry["type"], f"{entry['msg'].rstrip('.')}.")
            for entry in error.errors(include_url=False, include_context=False)
        ]
    return []


def filter_picture(stream: Stream, name: str, params: Mapping[str, Any], frame: Frame) -> Stream:
    """The picture with the effect on it: same size, rate and number of frames. An effect on sound only leaves it as it is."""
    kind = EFFECTS[name]
    return kind.picture(stream, kind.params.model_validate(params), frame) if kind.picture else stream


def filter_sound(stream: Stream, name: str, params: Mapping[str, Any], samples: int) -> Stream:
    """The sound (48 kHz stereo float, `samples` long) with the effect on it. An effect on pictures only leaves it as it is."""
    kind = EFFECTS[name]
    return kind.sound(stream, kind.params.model_validate(params), samples) if kind.sound else stream
