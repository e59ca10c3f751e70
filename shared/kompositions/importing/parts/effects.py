"""Effects: as a list, an object, names or one alone; those that the registry knows are taken, the rest is kept, never run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.effect_names import (
    effect_called,
    needs_two,
    parameter_called,
    plain,
    transition_called,
)
from shared.kompositions.importing.parts.fields import LARGEST, Fields
from shared.kompositions.importing.parts.pulse import Pulse
from shared.kompositions.importing.parts.sketch import EffectSketch
from shared.media.effects import EffectError, effect_errors, effect_names

RAW_FILTER = "ffmpeg_filter"
_SEE = "See GET /v1/operations."
_EDGES = ("opacity_start", "opacity_end")
_BEATS = ("duration_beats", "durationBeats")
_GENERIC = {"effect", "filter", "transition", "video", "audio", "videoeffect", "colorcorrection", "colorgrading"}
"""Types that only say what sort of thing the name names."""
_NO_PARAMETERS = frozenset(
    {
        *names.EFFECT_TYPE,
        *names.EFFECT_ID,
        *names.EFFECT_PARAMS,
        *("applies_to", "appliesTo", "children", "effects", "between", "enabled", "description", "order", "inputs"),
        *("startTime", "endTime", "start_time", "end_time", RAW_FILTER),
    }
)


@dataclass
class Entry:
    """One effect of a document, however it is written: its name, its own fields if it is an object, and where it is."""

    name: str
    at: Pointer
    value: Any
    fields: Fields | None = None
    params: Fields | None = None
    """The object that holds its parameters; `fields` itself where they stand beside its name."""
    number: Any = None
    """Its only parameter, where that is all there is."""

    @property
    def transition(self) -> str | None:
        """The transition that its name means, if no effect is called so."""
        return None if effect_called(self.name) or needs_two(self.name) else transition_called(self.name)


def read_entries(value: Any, at: Pointer, notes: Notes) -> Iterator[Entry]:
    """The effects of a list, of an object by name, or one that stands alone."""
    if isinstance(value, str):
        if value:
            yield Entry(value, at, value)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            where: Pointer = (*at, index)
            if isinstance(entry, dict):
                yield _object(entry, where, notes)
            elif isinstance(entry, str):
                yield Entry(entry, where, entry)
            else:
                notes.error(where, "not_an_effect", "An effect is an object with type and parameters.", "Write it so.")
    elif isinstance(value, dict):
        if any(isinstance(value.get(key), str) for key in (*names.EFFECT_TYPE, RAW_FILTER)):
            yield _object(value, at, notes)
        else:
            yield from (_named(name, entry, (*at, name), notes) for name, entry in value.items())
    elif value is not None:
        notes.error(at, "not_an_effect", "Effects are a list of objects with type and parameters.", "Write them so.")


def read_effect(entry: Entry, notes: Notes, pulse: Pulse) -> EffectSketch | None:
    """The effect, if it can be carried out; else a warning says why not. What it has besides stays in its fields."""
    if entry.fields is not None and entry.fields.flag(("enabled",)) is False:
        entry.fields.leave("enabled")
        notes.warn(entry.at, "effect_disabled", f"{entry.name} is switched off. It is kept, and has no effect.")
        return None
    if entry.fields is not None and isinstance(entry.fields.value.get(RAW_FILTER), str):
        filtered = _raw_filter(entry, entry.fields, notes)
        if filtered is not None:
            return filtered
    called = _opacity_fade(entry) or effect_called(entry.name)
    if called is None:
        if entry.name != RAW_FILTER:
            detail = f"There is no effect {entry.name[:100]!r}.{notes.did_you_mean(entry.name, effect_names())}"
            notes.warn(
                entry.at, "unknown_effect", f"{detail} It is kept, and has no effect.", "Use one of GET /v1/operations."
            )
        return None
    return _registered(entry, *called, notes, pulse)


def _object(value: dict[str, Any], at: Pointer, notes: Notes) -> Entry:
    fields = Fields(value, at, notes)
    texts = [key for key in names.EFFECT_TYPE if isinstance(value.get(key), str) and value[key]]
    specific = [key for key in texts if plain(value[key]) not in _GENERIC]
    key = next(iter([*specific, *texts]), None)
    if key is not None:
        fields.mark(key, "type")
    name = value[key] if key is not None else (RAW_FILTER if RAW_FILTER in value else "")
    return Entry(name, at, value, fields, fields.child(names.EFFECT_PARAMS) or fields)


def _named(name: str, value: Any, at: Pointer, notes: Notes) -> Entry:
    if isinstance(value, dict):
        fields = Fields(value, at, notes)
        return Entry(name, at, value, fields, fields.child(names.EFFECT_PARAMS) or fields)
    return Entry(name, at, value, number=None if isinstance(value, bool) else value)


def _raw_filter(entry: Entry, fields: Fields, notes: Notes) -> EffectSketch | None:
    params: dict[str, Any] = {"filter": fields.value[RAW_FILTER]}
    if isinstance(fields.value.get("intensity"), int | float):
        params["intensity"] = fields.value["intensity"]
    errors = effect_errors(RAW_FILTER, params, None)
    if errors:
        detail = f"This filter is not run: {errors[0].detail} It is kept, and has no effect."
        if errors[0].code == "unknown_effect":
            detail = "Filters of documents are not run. It is kept, and has no effect."
        notes.warn(fields.pointer(RAW_FILTER), "filter_not_allowed", detail, "Use an effect of GET /v1/operations.")
        return None
    for key in (RAW_FILTER, *(["intensity"] if "intensity" in params else [])):
        fields.mark(key)
    fields.places["params"] = (RAW_FILTER,)
    fields.leave(next((key for key in names.EFFECT_TYPE if key in fields.used), ""))
    return EffectSketch(RAW_FILTER, params, fields, entry.at)


def _opacity_fade(entry: Entry) -> tuple[str, dict[str, Any]] | None:
    """A change of one picture's opacity from or to nothing is a fade."""
    if entry.params is None or not needs_two(entry.name):
        return None
    start, end = (entry.params.value.get(key) for key in _EDGES)
    fade = "fade_in" if (start, end) == (0, 1) else "fade_out" if (start, end) == (1, 0) else None
    if fade is None or effect_called(fade) is None:
        return None
    for key in _EDGES:
        entry.params.mark(key)
    return fade, {}


def _registered(
    entry: Entry, effect: str, implied: Mapping[str, Any], notes: Notes, pulse: Pulse
) -> EffectSketch | None:
    given: dict[str, tuple[str, Any]] = {}
    if entry.params is not None:
        flat = entry.params is entry.fields
        for key, value in entry.params.value.items():
            if key in entry.params.used or (flat and key in _NO_PARAMETERS):
                continue
            if key in _BEATS and type(value) in (int, float) and abs(value) <= LARGEST:
                given[key] = ("duration", float(value * pulse.beat))
            else:
                given[key] = (parameter_called(effect, key), value)
    params = {**implied, **dict(given.values())}
    if entry.number is not None:
        params[parameter_called(effect, "value")] = entry.number
    fitting = _fitting(effect, params)
    if fitting is None:
        errors = effect_errors(effect, params, None)
        detail = f"{entry.name[:100]} cannot be used so: {errors[0].detail if errors else ''}"
        notes.warn(entry.at, "unusable_effect", f"{detail} It is kept, and has no effect.", "Correct its parameters.")
        return None
    accepted, refused = fitting
    _mark_parameters(entry, effect, given, accepted, refused, notes)
    return EffectSketch(effect, accepted, entry.fields, entry.at)


def _mark_parameters(
    entry: Entry,
    effect: str,
    given: dict[str, tuple[str, Any]],
    accepted: dict[str, Any],
    refused: dict[str, str],
    notes: Notes,
) -> None:
    params = entry.params
    if params is None:
        for detail in refused.values():
            notes.warn(entry.at, "effect_parameter", f"{effect}: {detail} Its default is taken.", _SEE)
        return
    params.places.setdefault("params", params.prefix)
    for key, (name, _) in given.items():
        if name in accepted:
            params.mark(key)
        elif not (params is entry.fields and isinstance(params.value[key], dict | list)):
            detail = f"{effect}, {key}: {refused[name]} It is kept, and has no effect."
            notes.warn(params.pointer(key), "effect_parameter", detail, _SEE)


def _fitting(effect: str, params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The parameters that the effect takes, and why it does not take the others; None when it cannot be used with any."""
    accepted, refused = dict(params), dict[str, str]()
    for _ in range(len(params) + 1):
        errors = effect_errors(effect, accepted, None)
        if not errors:
            return accepted, refused
        wrong = {plain(str(error.location[1])): _reason(error) for error in errors if len(error.location) > 1}
        keys = [key for key in accepted if plain(key) in wrong]
        if not keys:
            return None
        for key in keys:
            del accepted[key]
            refused[key] = wrong[plain(key)]
    return None


def _reason(error: EffectError) -> str:
    return "There is no such parameter." if error.code == "extra_forbidden" else error.detail
