"""Crossings: transitions, in a list of their own, in a segment's effects or in a tree of effects."""

from collections.abc import Iterator

from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts.effect_names import transition_called
from shared.kompositions.importing.parts.effects import Entry
from shared.kompositions.importing.parts.fields import Fields
from shared.kompositions.importing.parts.pulse import Pulse
from shared.kompositions.importing.parts.sketch import Crossing, Kept
from shared.kompositions.importing.parts.times import as_time, derived, take_time
from shared.kompositions.model import Time, Unit

_FIRST = ("from_segment", "fromSegment", "from_segment_id", "from", "first", "segment_a")
_SECOND = ("to_segment", "toSegment", "to_segment_id", "to", "second", "segment_b")
_BEATS = ("duration_beats", "durationBeats", "durationInBeats")
_START_BEATS = ("start_offset_beats", "startOffsetBeats")
_END_BEATS = ("end_offset_beats", "endOffsetBeats")


def read_crossings(parts: list[Fields], pulse: Pulse) -> Iterator[Crossing | Kept]:
    """The transitions of a list; one of an unknown type is kept."""
    for fields in parts:
        name = fields.text(("type", "transition", "transition_type", "effect", "name"), "type")
        crossing = start_crossing(name or "crossfade", fields)
        if crossing is None:
            yield Kept(fields.value, fields.at)
            continue
        pair = fields.value.get("between") or fields.value.get("segments")
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(name, str) for name in pair):
            crossing.first, crossing.second = pair
            fields.mark("between" if "between" in fields.value else "segments", "fromSegment")
        else:
            crossing.first = fields.text(_FIRST, "fromSegment")
            crossing.second = fields.text(_SECOND, "toSegment")
        read_length(crossing, fields, pulse)
        yield crossing


def start_crossing(name: str, fields: Fields) -> Crossing | None:
    """A transition of that name; a warning when there is none."""
    called = transition_called(name)
    if called is None:
        detail = f"There is no transition {name[:100]!r}. It is kept, and has no effect."
        fields.notes.warn(fields.at, "unknown_transition", detail, "Use one that the schema names, such as crossfade.")
        return None
    return Crossing(called, fields.at, fields=fields)


def crossing_of(entry: Entry, pulse: Pulse, notes: Notes) -> Crossing | None:
    """The transition that an effect of a segment is; None for one that is switched off."""
    called = transition_called(entry.name)
    if called is None:
        return None
    crossing = Crossing(called, entry.at, fields=entry.fields)
    if entry.fields is not None:
        if entry.fields.flag(("enabled",)) is False:
            entry.fields.leave("enabled")
            notes.warn(entry.at, "effect_disabled", f"{entry.name} is switched off. It is kept, and has no effect.")
            return None
        read_length(crossing, entry.fields, pulse)
    if entry.params is not None and entry.params is not entry.fields:
        read_length(crossing, entry.params, pulse)
    elif isinstance(entry.number, int | float) and entry.number > 0:
        crossing.duration = as_time(entry.number, Unit.SECONDS)
    return crossing


def read_length(crossing: Crossing, fields: Fields, pulse: Pulse) -> None:
    """Add duration and offset: beats by their name, else seconds; offsets count from the cut."""
    if crossing.duration is None:
        crossing.duration = take_time(fields, _BEATS, Unit.BEATS, "duration")
    if crossing.duration is None:
        crossing.duration = take_time(fields, ("duration", "duration_seconds"), Unit.SECONDS, "duration")
    if crossing.duration is not None and crossing.duration.value == 0:
        crossing.duration = None
    start = take_time(fields, _START_BEATS, Unit.BEATS, least=None)
    end = take_time(fields, _END_BEATS, Unit.BEATS, "offset", least=None)
    if end is not None:
        crossing.offset = end
    elif start is not None and crossing.duration is not None:
        beats = pulse.seconds(crossing.duration) / pulse.beat
        crossing.offset = derived(start.value + beats, Unit.BEATS)
        fields.places["offset"] = (*fields.prefix, fields.key(_START_BEATS) or "")
    if start is not None and end is not None:
        _agree(crossing, fields, start, end, pulse)


def _agree(crossing: Crossing, fields: Fields, start: Time, end: Time, pulse: Pulse) -> None:
    length = Time(end.value - start.value, Unit.BEATS)
    key = fields.key(_START_BEATS) or ""
    if crossing.duration is None and length.value > 0:
        crossing.duration = length
        fields.places["duration"] = (*fields.prefix, key)
    elif crossing.duration is not None and pulse.seconds(crossing.duration) != pulse.seconds(length):
        fields.leave(key)
        detail = (
            f"From {key} to the end offset are {length}, but the transition lasts {crossing.duration}, which counts."
        )
        fields.notes.warn(fields.pointer(key), "transition_offsets", detail, "Correct one of the three.")
