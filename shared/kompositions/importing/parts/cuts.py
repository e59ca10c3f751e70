"""Cuts: the segments of a document."""

from typing import Any

from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.crossings import crossing_of
from shared.kompositions.importing.parts.effect_names import effect_called, plain
from shared.kompositions.importing.parts.effects import Entry, read_effect, read_entries
from shared.kompositions.importing.parts.fields import Fields
from shared.kompositions.importing.parts.sketch import Cut, Kept, Sketch
from shared.kompositions.importing.parts.slots import Reading, read_slot
from shared.kompositions.importing.parts.sounds import read_cut_sound
from shared.kompositions.importing.parts.sources import kind_named
from shared.kompositions.importing.parts.trims import FITS, check_stretch, read_params, read_trim
from shared.kompositions.model import Unit

_EFFECTS = ("effects", "filters", "effect", "video_effects", "videoEffects")
_SECONDS = Unit.SECONDS
_FITS = {"stretch", "trim", "loop", "freeze"}
_SLOTS = ("timing", "time_slot", "timeSlot", "slot", "target_timing")
_TRIMS = ("source_timing", "sourceTiming", "timing", "trim", "cutting")


def read_cut(fields: Fields, sketch: Sketch, reading: Reading) -> Cut:
    """A segment under whatever names its fields have."""
    cut = Cut(fields)
    cut.id = fields.text(names.PART_ID, "id")
    cut.ref = fields.text(names.SOURCE, "sourceId")
    cut.kind = _kind(fields)
    _read_times(cut, fields, sketch, reading)
    _read_operation(cut, fields, sketch)
    check_stretch(cut, fields, sketch.pulse)
    read_cut_sound(cut, fields, sketch)
    for key in _EFFECTS:
        if key in fields.value:
            fields.mark(key, "effects")
            _read_effects(cut, fields.value[key], key, sketch)
    if "ffmpeg_filter" in fields.value:
        raw = {"ffmpeg_filter": fields.value["ffmpeg_filter"]}
        fields.mark("ffmpeg_filter")
        add_effect(cut, next(read_entries(raw, fields.at, sketch.notes)), sketch)
    return cut


def _kind(fields: Fields) -> Any:
    for key in ("sourceType", "source_type", "mediatype", "mediaType", "media_type"):
        kind = kind_named(fields.value.get(key)) if isinstance(fields.value.get(key), str) else None
        if kind is not None:
            fields.mark(key)
            return kind
    return None


def _read_times(cut: Cut, fields: Fields, sketch: Sketch, reading: Reading) -> None:
    for key in _SLOTS:
        slot = fields.child((key,)) if key in fields.value else None
        if slot is not None:
            seconds = Reading(slot=reading.slot if key == "timing" else _SECONDS, duration=_SECONDS)
            read_slot(cut, slot, sketch.pulse, seconds)
    read_slot(cut, fields, sketch.pulse, reading)
    read_trim(cut, fields)
    for key in _TRIMS:
        trim = fields.child((key,)) if key in fields.value else None
        if trim is not None:
            read_trim(cut, trim)


def _read_operation(cut: Cut, fields: Fields, sketch: Sketch) -> None:
    """What is done to the piece: how it fills its slot, or an effect by the operation's name."""
    params = fields.child(("params", "parameters"))
    key = fields.key(names.OPERATION)
    name = fields.value[key] if key is not None and isinstance(fields.value[key], str) else None
    if params is not None:
        read_params(cut, params)
    fit = fields.value.get("fit")
    if isinstance(fit, str) and fit in _FITS:
        fields.mark("fit", "fit")
        cut.fit = fit
    if key is None or name is None:
        return
    if name in FITS:
        cut.fit = cut.fit or FITS[name]
    elif plain(name) in {"reverse", "reversed"}:
        cut.reverse = True
        fields.mark(key, "reverse")
    elif effect_called(name):
        fields.mark(key)
        add_effect(cut, Entry(name, fields.pointer(key), name, params=params), sketch)
    else:
        detail = f"There is no operation {name[:100]!r}. It is kept, and has no effect."
        sketch.notes.warn(fields.pointer(key), "unknown_operation", detail, "Use one of GET /v1/operations.")


def _read_effects(cut: Cut, value: Any, key: str, sketch: Sketch) -> None:
    for entry in read_entries(value, cut.fields.pointer(key), sketch.notes):
        if plain(entry.name) in {"reverse", "reversed"}:
            cut.reverse = True
        else:
            add_effect(cut, entry, sketch)


def add_effect(cut: Cut, entry: Entry, sketch: Sketch) -> None:
    """An effect of a segment, a transition that stands among them, or something to keep."""
    if entry.transition is not None:
        crossing = crossing_of(entry, sketch.pulse, sketch.notes)
        if crossing is not None:
            cut.crossing.append(crossing)
            return
        effect = None
    else:
        effect = read_effect(entry, sketch.notes, sketch.pulse)
    if effect is None:
        cut.kept.append(Kept(entry.value, entry.at))
        return
    if entry.fields is not None and (entry.fields.has("startTime", "start_time", "endTime", "end_time")):
        detail = "The effect works on the whole segment. Its times are kept, and have no effect."
        sketch.notes.warn(entry.at, "effect_range", detail, "Split the segment where it should begin and end.")
    cut.effects.append(effect)
