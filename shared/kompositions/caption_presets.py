"""Caption presets: looks by name, and how a look becomes a track. A brand's own look is a `CaptionLook` like any of these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared.core.declared import read_declared
from shared.core.errors import InvalidInput
from shared.kompositions.model import CaptionLook, CaptionTrack

_FILE = Path(__file__).with_suffix(".yaml")
_SPEAKER_COLORS = ("#ffffff", "#ffd400", "#5ad1ff", "#7dff8a", "#ff9ad5", "#ffb057", "#c9a6ff", "#b8f5e6")
"""Read well on a dark outline and told apart also by those who see few colours: they differ in lightness too."""
_LIT = frozenset({"karaoke", "highlight"})
"""Styles in which the word being said is told by its colour alone."""
_APART = 96
"""By how much red, green and blue of two colours differ together, at least, for one not to be taken for the other."""


@dataclass(frozen=True)
class CaptionPreset:
    """A look by name, and what it looks like in a few words."""

    name: str
    description: str
    look: CaptionLook


@cache
def caption_presets() -> Mapping[str, CaptionPreset]:
    """All of them, by name."""
    told: dict[str, dict[str, Any]] = read_declared(_FILE)
    return {
        name: CaptionPreset(name, preset["description"], CaptionLook.model_validate(preset["look"]))
        for name, preset in told.items()
    }


def caption_look(name: str, **changes: Any) -> CaptionLook:
    """The look of this name with other values for some of its fields. Raises `InvalidInput` for a name that is not known."""
    presets = caption_presets()
    if name not in presets:
        detail = f"There are no captions called {name!r}. Choose one of {', '.join(presets)}."
        raise InvalidInput(detail, pointer="/captions")
    return CaptionLook.model_validate(_fields(presets[name].look) | changes)


def caption_track(look: CaptionLook, **fields: Any) -> CaptionTrack:
    """A caption track of this look; `fields` are the others: `transcript` or `transcript_id`, `source_id`, `mode`."""
    return CaptionTrack.model_validate(_fields(look) | fields)


def speaker_colors(speakers: Iterable[str], look: CaptionLook | None = None) -> dict[str, str]:
    """A colour for each speaker, in this order; after the eighth they begin again. One that would hide which word is being said
    in captions of this `look` is left out."""
    lit = look.highlight_color if look is not None and look.style in _LIT else None
    colors = [color for color in _SPEAKER_COLORS if lit is None or _difference(color, lit) >= _APART]
    return {name: colors[number % len(colors)] for number, name in enumerate(dict.fromkeys(speakers))}


def _difference(one: str, other: str) -> int:
    """Of two colours, written #RRGGBB or #RRGGBBAA."""
    parts = (bytes.fromhex(color[1:7]) for color in (one, other))
    return sum(abs(first - second) for first, second in zip(*parts, strict=True))


def _fields(look: CaptionLook) -> dict[str, Any]:
    return {name: getattr(look, name) for name in CaptionLook.model_fields if name in look.model_fields_set}
