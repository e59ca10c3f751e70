"""Mixes: loudness and volumes over everything, from operations, effects and settings."""

from shared.kompositions.importing.parts.effect_names import plain
from shared.kompositions.importing.parts.effects import Entry
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.importing.parts.sketch import Sketch
from shared.kompositions.importing.parts.volumes import read_volume

_NORMALIZE = {"normalizeaudio", "audionormalize", "audionormalization", "loudnorm", "loudness"}
_FIELDS: tuple[tuple[str, Names], ...] = (
    (
        "loudness",
        ("I", "i", "target_level", "targetLevel", "target_lufs", "targetLufs", "lufs", "integrated", "loudness"),
    ),
    ("truePeak", ("TP", "tp", "true_peak", "truePeak")),
    ("loudnessRange", ("LRA", "lra", "loudness_range", "loudnessRange")),
)
_DEFAULT_LOUDNESS = -14


def read_loudness(entry: Entry, sketch: Sketch) -> bool:
    """Whether an effect over everything is about loudness; then the mix aims at it."""
    if plain(entry.name) not in _NORMALIZE:
        return False
    found: dict[str, object] = {"loudness": _DEFAULT_LOUDNESS}
    if entry.params is not None:
        for name, keys in _FIELDS:
            number = entry.params.number(keys)
            if number is not None:
                found[name] = number
    if "loudness" in sketch.mix:
        detail = "The loudness is set elsewhere, which counts."
        sketch.notes.warn(entry.at, "loudness_conflict", detail, "Leave one of them out.")
        return True
    sketch.mix |= found
    sketch.mix_at = entry.at
    return True


def read_settings(settings: Fields | None, sketch: Sketch) -> None:
    """What settings for all sound say: the volume of the originals, or none of them."""
    if settings is None:
        return
    volume = read_volume(settings, ("speechVolume", "speech_volume", "originalVolume", "original_volume"))
    silent = settings.flag(("removeOriginalAudio", "remove_original_audio"))
    alone = settings.flag(("musicOnly", "music_only"))
    kept = settings.flag(("keepOriginalAudio", "keep_original_audio"))
    if silent or alone or kept is False:
        volume = 0
    if volume is not None and "originalVolume" not in sketch.mix:
        sketch.mix["originalVolume"] = volume
        sketch.mix_at = sketch.mix_at or settings.at
