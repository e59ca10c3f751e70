"""The segments of a track lie in order, and its transitions join neighbours that can meet."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from shared.kompositions.timing import Clock, plan_track
from shared.kompositions.validation.problem import Location, Problem

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition, Segment, Transition, VideoTrack


def track_problems(komposition: "Komposition") -> Iterator[Problem]:
    """What is wrong on each video track: first in its order, then, if that holds, in its lengths."""
    clock = Clock.of(komposition)
    for number, track in enumerate(komposition.tracks.video):
        at: Location = ("tracks", "video", number)
        found = [*_slots(at, track, clock), *_transitions(at, track, clock)]
        yield from found or _lengths(at, track, clock)


def _slots(at: Location, track: "VideoTrack", clock: Clock) -> Iterator[Problem]:
    joined = {(transition.from_segment, transition.to_segment) for transition in track.transitions}
    before: Segment | None = None
    for index, segment in enumerate(track.segments):
        if not clock.is_before(segment.start, segment.end):
            yield Problem((*at, "segments", index, "end"), "empty_slot", "end must be after start.")
        if before is not None:
            location = (*at, "segments", index, "start")
            if clock.is_before(segment.start, before.start):
                detail = "Segments must be in order of start. Move this one up."
                yield Problem(location, "slots_out_of_order", detail)
            elif clock.is_before(segment.start, before.end) and (before.id, segment.id) not in joined:
                detail = f"The slot overlaps that of {before.id!r}, which ends at {before.end}. "
                advice = "Start there or later, add a transition between the two, or use another track."
                yield Problem(location, "overlap", detail + advice)
        before = segment


def _transitions(at: Location, track: "VideoTrack", clock: Clock) -> Iterator[Problem]:
    places = {segment.id: index for index, segment in enumerate(track.segments)}
    joined: set[str] = set()
    for index, transition in enumerate(track.transitions):
        where = (*at, "transitions", index)
        unknown = list(_unknown_segments(where, transition, places))
        yield from unknown
        if unknown:
            continue
        if transition.to_segment in joined:
            detail = "These segments have a transition already. Remove one of them."
            yield Problem(where, "duplicate_transition", detail)
        joined.add(transition.to_segment)
        place = places[transition.from_segment]
        if places[transition.to_segment] != place + 1:
            detail = "A transition joins a segment and the next one. Name the next one."
            yield Problem((*where, "toSegment"), "not_neighbours", detail)
        else:
            first, second = track.segments[place : place + 2]
            yield from _meeting(where, transition, first, second, clock)


def _unknown_segments(where: Location, transition: "Transition", places: Mapping[str, int]) -> Iterator[Problem]:
    for name, segment_id in (("fromSegment", transition.from_segment), ("toSegment", transition.to_segment)):
        if segment_id not in places:
            yield Problem((*where, name), "unknown_segment", f"There is no segment {segment_id!r}. Correct the id.")


def _meeting(
    where: Location, transition: "Transition", first: "Segment", second: "Segment", clock: Clock
) -> Iterator[Problem]:
    out, cut = clock.seconds(first.end), clock.seconds(second.start)
    duration = clock.length(transition.duration, cut)
    if out < cut:
        detail = f"There is a gap between the segments. Start {second.id!r} at {first.end}."
        yield Problem((*where, "duration"), "transition_over_gap", detail)
    elif out > cut and abs(out - cut - duration) * clock.rate >= 1:
        lasting = f"{float(out - cut):g} seconds"
        detail = f"The slots overlap by {lasting}. Make the duration as long, or let the slots meet."
        yield Problem((*where, "duration"), "transition_duration", detail)


def _lengths(at: Location, track: "VideoTrack", clock: Clock) -> Iterator[Problem]:
    slots = plan_track(track, clock)
    numbers = {transition.to_segment: number for number, transition in enumerate(track.transitions)}
    for place, slot in enumerate(slots):
        location = (*at, "segments", slot.index)
        following = slots[place + 1].overlap if place + 1 < len(slots) else 0
        if slot.frames < 1:
            detail = "The slot is shorter than one frame of the output. Make it longer."
            yield Problem((*location, "end"), "slot_too_short", detail)
        elif slot.transition is not None and slot.overlap < 1:
            where = (*at, "transitions", numbers[slot.transition.to_segment], "duration")
            detail = "The transition is shorter than one frame of the output. Make it longer."
            yield Problem(where, "transition_too_short", detail)
        elif slot.transition is not None and (slot.start_frame < 0 or slot.overlap > slots[place - 1].frames):
            where = (*at, "transitions", numbers[slot.transition.to_segment], "duration")
            detail = f"It is longer than {slot.transition.from_segment!r}. Make it shorter."
            yield Problem(where, "transition_too_long", detail)
        elif following <= slot.frames < slot.overlap + following:
            detail = "The transitions into and out of this segment overlap. Make them shorter or the slot longer."
            yield Problem(location, "transitions_overlap", detail)
