"""What must hold across the fields of a komposition. Every problem is named at once: where, which, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from shared.kompositions.timing import Timeline, effective_start, exact, plan_timeline, seconds_at

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition, Segment, Source, Transition

MAX_OUTPUT_SECONDS = 4 * 3600

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold: where, a stable code, and a sentence with the way out."""

    location: Location
    code: str
    detail: str


def refuse_problems(komposition: "Komposition") -> None:
    """Raise pydantic's `ValidationError` with one entry per problem, each at its own place; do nothing when all holds."""
    found = [*_duplicates(komposition), *_sources(komposition), *_slots(komposition), *_transitions(komposition)]
    if not found:
        found = list(_lengths(komposition, plan_timeline(komposition)))
    if found:
        raise ValidationError.from_exception_data("Komposition", [_entry(problem) for problem in found])


def _entry(problem: Problem) -> InitErrorDetails:
    error = PydanticCustomError(problem.code, "{detail}", {"detail": problem.detail})
    return InitErrorDetails(type=error, loc=problem.location, input=None)


def _duplicates(komposition: "Komposition") -> Iterator[Problem]:
    for name in ("sources", "segments"):
        seen: set[str] = set()
        for index, part_id in enumerate(part.id for part in getattr(komposition, name)):
            if part_id in seen:
                yield Problem(
                    (name, index, "id"), "duplicate_id", f"The id {part_id!r} is used before. Give each its own."
                )
            seen.add(part_id)


def _sources(komposition: "Komposition") -> Iterator[Problem]:
    sources = {source.id: source for source in komposition.sources}
    for index, segment in enumerate(komposition.segments):
        yield from _source(
            ("segments", index, "sourceId"),
            sources,
            segment.source_id,
            refused="audio",
            advice="A segment needs a picture. Use an audio source as audio.music.",
        )
    if komposition.audio.music is not None:
        yield from _source(
            ("audio", "music", "sourceId"),
            sources,
            komposition.audio.music.source_id,
            refused="image",
            advice="A picture has no sound. Name an audio or video source.",
        )


def _source(
    location: Location, sources: "Mapping[str, Source]", source_id: str, *, refused: str, advice: str
) -> Iterator[Problem]:
    if source_id not in sources:
        yield Problem(
            location, "unknown_source", f"There is no source {source_id!r}. Add it to sources or correct the id."
        )
    elif sources[source_id].kind == refused:
        yield Problem(location, "source_kind", advice)


def _slots(komposition: "Komposition") -> Iterator[Problem]:
    joined = {(transition.from_segment, transition.to_segment) for transition in komposition.transitions}
    before: Segment | None = None
    for index, segment in enumerate(komposition.segments):
        if segment.end_beat <= segment.start_beat:
            yield Problem(("segments", index, "endBeat"), "empty_slot", "endBeat must be greater than startBeat.")
        if before is not None:
            location = ("segments", index, "startBeat")
            if segment.start_beat < before.start_beat:
                yield Problem(
                    location, "slots_out_of_order", "Segments must be in order of startBeat. Move this one up."
                )
            elif segment.start_beat < before.end_beat and (before.id, segment.id) not in joined:
                detail = f"The slot overlaps that of {before.id!r}, which ends at beat {before.end_beat:g}. "
                yield Problem(
                    location, "overlap", detail + "Start there or later, or add a transition between the two."
                )
        before = segment


def _transitions(komposition: "Komposition") -> Iterator[Problem]:
    places = {segment.id: index for index, segment in enumerate(komposition.segments)}
    joined: set[str] = set()
    for index, transition in enumerate(komposition.transitions):
        unknown = list(_unknown_segments(index, transition, places))
        yield from unknown
        if unknown:
            continue
        if transition.to_segment in joined:
            detail = "These segments have a transition already. Remove one of them."
            yield Problem(("transitions", index), "duplicate_transition", detail)
        joined.add(transition.to_segment)
        place = places[transition.from_segment]
        if places[transition.to_segment] != place + 1:
            detail = "A transition joins a segment and the next one. Name the next one."
            yield Problem(("transitions", index, "toSegment"), "not_neighbours", detail)
        else:
            first, second = komposition.segments[place : place + 2]
            yield from _overlap(("transitions", index, "duration"), transition, first, second)


def _unknown_segments(index: int, transition: "Transition", places: Mapping[str, int]) -> Iterator[Problem]:
    for name, segment_id in (("fromSegment", transition.from_segment), ("toSegment", transition.to_segment)):
        if segment_id not in places:
            detail = f"There is no segment {segment_id!r}. Correct the id."
            yield Problem(("transitions", index, name), "unknown_segment", detail)


def _overlap(location: Location, transition: "Transition", first: "Segment", second: "Segment") -> Iterator[Problem]:
    overlap = exact(first.end_beat) - exact(second.start_beat)
    if overlap < 0:
        detail = f"There is a gap between the segments. Start {second.id!r} at beat {first.end_beat:g}."
        yield Problem(location, "transition_over_gap", detail)
    elif overlap > 0 and abs(overlap - exact(transition.duration)) > exact(1e-6):
        detail = f"The slots overlap by {float(overlap):g} beats. Make the duration {float(overlap):g}, or let the slots meet."
        yield Problem(location, "transition_duration", detail)
    elif effective_start(second, first, transition) < exact(first.start_beat):
        yield Problem(location, "transition_too_long", f"It is longer than {first.id!r}. Make it shorter.")


def _lengths(komposition: "Komposition", timeline: Timeline) -> Iterator[Problem]:
    end = float(seconds_at(exact(komposition.segments[-1].end_beat), komposition.bpm))
    if end > MAX_OUTPUT_SECONDS:
        detail = f"The result would last {end / 3600:.1f} hours; the most is 4. Split it into parts."
        yield Problem(("segments",), "too_long", detail)
    overlaps: Sequence[int] = [*(slot.overlap for slot in timeline.slots[1:]), 0]
    for slot, following in zip(timeline.slots, overlaps, strict=True):
        location = ("segments", slot.index)
        if slot.frames < 1:
            detail = "The slot is shorter than one frame of the output. Make it longer."
            yield Problem((*location, "endBeat"), "slot_too_short", detail)
        elif slot.transition is not None and slot.overlap < 1:
            place = komposition.transitions.index(slot.transition)
            detail = "The transition is shorter than one frame of the output. Make it longer."
            yield Problem(("transitions", place, "duration"), "transition_too_short", detail)
        elif slot.overlap + following > slot.frames:
            detail = "The transitions into and out of this segment overlap. Make them shorter or the slot longer."
            yield Problem(location, "transitions_overlap", detail)
