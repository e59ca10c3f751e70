"""Watching: gaps between segments, and segments past the end that the document gives itself."""

from shared.kompositions.importing.parts.sketch import Cut, Sketch
from shared.kompositions.model import Time, beats


def watch_slots(sketch: Sketch, cuts: list[Cut]) -> None:
    """Warnings for the segments in order."""
    if sketch.sounding == "segments":
        _watch_gaps(sketch, cuts)
    if sketch.last_beat is not None:
        _watch_end(sketch, cuts, sketch.last_beat)


def _watch_gaps(sketch: Sketch, cuts: list[Cut]) -> None:
    reached: Time = beats(0)
    for cut in cuts:
        if cut.start is None or cut.end is None:
            continue
        if _later(cut.start, reached, sketch):
            at = cut.fields.at + cut.fields.places.get("start", ())
            where = f"from {reached} to {cut.start}"
            detail = f"Nothing is shown {where}: the picture is black."
            sketch.notes.warn(at, "gap", detail, f"Let a segment begin at {reached}.")
        if _later(cut.end, reached, sketch):
            reached = cut.end


def _watch_end(sketch: Sketch, cuts: list[Cut], last: Time) -> None:
    for cut in cuts:
        if cut.end is not None and _later(cut.end, last, sketch):
            at = cut.fields.at + cut.fields.places.get("end", ())
            detail = f"The segment ends at {cut.end}, past the end of the document at {last}. All of it is shown."
            sketch.notes.warn(at, "past_end", detail, "Move the segment, or let the document end later.")


def _later(one: Time, other: Time, sketch: Sketch) -> bool:
    """Whether a time is after another, by more than a frame where their units differ."""
    if one.unit is other.unit:
        return one.value > other.value
    return (sketch.pulse.seconds(one) - sketch.pulse.seconds(other)) * sketch.pulse.rate > 1
