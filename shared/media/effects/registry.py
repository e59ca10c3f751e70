"""The registry of effects: what there is, whether parameters fit, and the filters that carry an effect out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from shared.media.effects import (
    adjustments,
    fades,
    geometry,
    levels,
    looks,
    mastering,
    motion,
    raw,
    regions,
    texture,
    tone,
)
from shared.media.effects.kind import EffectKind, Frame, Medium, Stream

_FAMILIES = {
    "look": looks.EFFECTS,
    "adjustment": adjustments.EFFECTS,
    "texture": texture.EFFECTS,
    "fade": fades.EFFECTS,
    "geometry": geometry.EFFECTS,
    "motion": motion.EFFECTS,
    "region": regions.EFFECTS,
    "level": levels.EFFECTS,
    "tone": tone.EFFECTS,
    "mastering": mastering.EFFECTS,
    "raw": raw.EFFECTS,
}
EFFECTS: Mapping[str, EffectKind] = {kind.name: kind for kinds in _FAMILIES.values() for kind in kinds}


@dataclass(frozen=True)
class EffectError:
    """Why an effect cannot be used: where below it, a stable code, a sentence with the way out."""

    location: tuple[str | int, ...]
    code: str
    detail: str


@dataclass(frozen=True)
class EffectDescription:
    """An effect for people and forms: `params` is the JSON Schema of its parameters, with their units, ranges and defaults."""

    name: str
    title: str
    description: str
    family: str
    media: tuple[Medium, ...]
    params: Mapping[str, Any]


def effect_names() -> list[str]:
    """Every effect there is."""
    return sorted(EFFECTS)


@cache
def describe_effects() -> tuple[EffectDescription, ...]:
    """Every effect there is, by family and name."""
    return tuple(
        EffectDescription(
            kind.name, kind.title, kind.description, family, kind.media, kind.params.model_json_schema(by_alias=True)
        )
        for family, kinds in _FAMILIES.items()
        for kind in sorted(kinds, key=lambda kind: kind.name)
    )


def effect_errors(name: str, params: Mapping[str, Any], medium: Medium | None = None) -> list[EffectError]:
    """Why `name` with `params` cannot be used (on `medium`, if given); nothing when it can. Locations are below the effect."""
    kind = EFFECTS.get(name)
    if kind is None:
        return [EffectError(("type",), "unknown_effect", f"There is no effect {name!r}. See GET /v1/operations.")]
    if medium is not None and medium not in kind.media:
        return [_wrong_medium(kind, medium)]
    try:
        given = kind.params.model_validate(params)
    except ValidationError as error:
        return [
            EffectError(("params", *entry["loc"]), entry["type"], f"{entry['msg'].rstrip('.')}.")
            for entry in error.errors(include_url=False, include_context=False)
        ]
    return [_wrong_medium(kind, medium)] if medium is not None and not kind.works_on(medium, given) else []


def filter_picture(stream: Stream, name: str, params: Mapping[str, Any], frame: Frame) -> Stream:
    """The picture with the effect on it: same size, rate and number of frames. An effect on sound only leaves it as it is."""
    kind, given = EFFECTS[name], EFFECTS[name].params.model_validate(params)
    return kind.picture(stream, given, frame) if kind.picture and kind.works_on("picture", given) else stream


def filter_sound(stream: Stream, name: str, params: Mapping[str, Any], samples: int) -> Stream:
    """The sound (48 kHz stereo float, `samples` long) with the effect on it. An effect on pictures only leaves it as it is."""
    kind, given = EFFECTS[name], EFFECTS[name].params.model_validate(params)
    return kind.sound(stream, given, samples) if kind.sound and kind.works_on("sound", given) else stream


def _wrong_medium(kind: EffectKind, medium: Medium) -> EffectError:
    others = ", ".join(sorted(name for name, other in EFFECTS.items() if other.media == (medium,)))
    detail = f"{kind.name} does not work on {medium} here. Leave it out, or use one of: {others}."
    return EffectError(("type",), "effect_medium", detail)
