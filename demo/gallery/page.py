"""The gallery's page: every strip with its name, what it does and what it takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from demo.gallery.exhibits import Exhibit, all_exhibits
from shared.media.effects import EffectDescription, describe_effects

PICTURES = "gallery"
"""The folder of the strips, beside the page."""

_HEAD = """# Gallery

Everything that a komposition can show, as it renders: a few moments of each, from left to right. Made by
`python -m demo.gallery` from footage of its own; run it again when you add something.
"""
_INTRODUCTIONS = {
    "Transitions": "`type` of a transition. Here it lasts a second, from a landscape to a portrait.",
    "Effects": "`type` of an effect on a picture, in the `effects` of a segment or of the komposition. "
    "The first moment is without it. Size, rate and number of frames never change. `GET /v1/operations` has the JSON Schemas.",
    "Layouts": "`layouts` place several video tracks in the frame.",
    "Scales": "`scale` of a segment: how a picture of another shape fills the frame.",
    "Captions": "`style` of a caption track: words appear as they are said.",
    "Overlays": "Items of an overlay track: text and images, still or moving.",
}
_SOUND = """## Effects on sound

`type` of an effect on a segment, an audio track or the mix. Sound stays 48 kHz stereo, as long as it was, and in time.
"""


def gallery_page() -> str:
    """The text of docs/gallery.md."""
    described = {effect.name: effect for effect in describe_effects()}
    sections: dict[str, list[Exhibit]] = {}
    for exhibit in all_exhibits():
        sections.setdefault(exhibit.section, []).append(exhibit)
    parts = [_HEAD]
    for section, exhibits in sections.items():
        parts.append(f"## {section}\n\n{_INTRODUCTIONS[section]}\n")
        parts.append(_effects(exhibits, described) if section == "Effects" else _table(exhibits))
    sounds = [effect for effect in described.values() if "sound" in effect.media]
    parts.append(_SOUND)
    parts.append("\n".join(f"- **`{effect.name}`** {_told(effect)}" for effect in sounds) + "\n")
    return "\n".join(parts)


def _table(exhibits: Iterable[Exhibit]) -> str:
    rows = [f"| `{exhibit.name}` | {_image(exhibit)} |" for exhibit in exhibits]
    return "\n".join(["| | |", "|---|---|", *rows]) + "\n"


def _effects(exhibits: Iterable[Exhibit], described: Mapping[str, EffectDescription]) -> str:
    """Family by family; each effect with its strip under it."""
    parts, family = [], None
    for exhibit in exhibits:
        effect = described[exhibit.name]
        if effect.family != family:
            family = effect.family
            parts.append(f"### {family.capitalize()}\n")
        parts.append(f"**`{effect.name}`** {_told(effect)}\n\n{_image(exhibit)}\n")
    return "\n".join(parts)


def _image(exhibit: Exhibit) -> str:
    return f"![{exhibit.name}]({PICTURES}/{exhibit.file})"


def _told(effect: EffectDescription) -> str:
    """What it does and what it takes, in one paragraph."""
    taken = [_parameter(name, schema) for name, schema in effect.params["properties"].items()]
    words = " ".join(effect.description.split())
    return f"{words} {'; '.join(taken)}." if taken else words


def _parameter(name: str, schema: Mapping[str, Any]) -> str:
    """A parameter with its range, unit and default, as far as it has them."""
    low, high = (schema.get(bound, schema.get(f"exclusive{bound.capitalize()}")) for bound in ("minimum", "maximum"))
    told = [f"`{name}`"]
    if low is not None and high is not None:
        told.append(f"{low:g} to {high:g}")
    elif "enum" in schema:
        told.append(", ".join(schema["enum"]))
    if "unit" in schema:
        told.append(schema["unit"])
    if isinstance(default := schema.get("default"), int | float | str):
        told.append(f"({default:g})" if not isinstance(default, str) else f"({default})")
    return " ".join(told)
