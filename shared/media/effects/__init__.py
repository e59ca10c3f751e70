"""Effects on picture and sound by name: typed parameters, and the FFmpeg filters that carry them out.

A picture comes and goes as yuv420p, BT.709, limited range, of the same size, rate and number of frames; sound as 48 kHz stereo
float with the same number of samples, at most 10 ms late. Effects are the same in every render. Importing this package is
cheap; ffmpeg-python's streams are only handled, never made here."""

from shared.media.effects.kind import Frame, Medium
from shared.media.effects.registry import (
    EffectDescription,
    EffectError,
    describe_effects,
    effect_errors,
    effect_names,
    filter_picture,
    filter_sound,
)

__all__ = [
    "EffectDescription",
    "EffectError",
    "Frame",
    "Medium",
    "describe_effects",
    "effect_errors",
    "effect_names",
    "filter_picture",
    "filter_sound",
]
