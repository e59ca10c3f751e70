"""Effects on picture and sound by name: typed parameters, and the FFmpeg filters that carry them out.

Importing this package is cheap; ffmpeg-python's streams are only handled, never made here."""

from shared.media.effects.registry import (
    EffectError,
    Frame,
    Medium,
    effect_errors,
    effect_names,
    filter_picture,
    filter_sound,
)

__all__ = [
    "EffectError",
    "Frame",
    "Medium",
    "effect_errors",
    "effect_names",
    "filter_picture",
    "filter_sound",
]
