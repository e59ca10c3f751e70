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


def speaker_colors(speakers: Iterable[str]) -> dict[str, str]:
    """A colour for each speaker, in this order; after the eighth they begin again."""
    names = dict.fromkeys(speakers)
    return {name: _SPEAKER_COLORS[number % len(_SPEAKER_COLORS)] for number, name in enumerate(names)}


def _fields(look: CaptionLook) -> dict[str, Any]:
    return {name: getattr(look, name) for name in CaptionLook.model_fields if name in look.model_fields_set}
