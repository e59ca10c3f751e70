"""Segments, over all video tracks, for one may have moved to another track; and the transitions between them."""

from collections.abc import Hashable, Sequence

from shared.kompositions.diff.fields import tell_fields
from shared.kompositions.diff.lists import Kind, compare_parts
from shared.kompositions.diff.matching import Found, Matches, listed, match, out_of_order
from shared.kompositions.diff.slots import compare_slot, shifted
from shared.kompositions.diff.telling import Subject, Telling
from shared.kompositions.diff.values import differing
from shared.kompositions.diff.words import length, ordinal, quoted, span, with_article
from shared.kompositions.model import Segment, Transition, VideoTrack

Tracks = list[VideoTrack]
_TOLD = frozenset(("id", "start", "end", "source_id"))


def match_segments(telling: Telling, before: Tracks, after: Tracks) -> Matches[Segment]:
    """Segments by id, else by what they show and when."""
    sources = telling.renames("source")
    earlier = [found for n, track in enumerate(before) for found in _listed(track, n, sources)]
    later = [found for n, track in enumerate(after) for found in _listed(track, n, {})]
    found = match(earlier, later, _by_id, _by_all, _by_piece, _by_slot, _by_start, _by_place)
    for old, new in found.pairs:
        if old.part.id != new.part.id:
            subject = _subject(old, len(before) > 1 and before[old.track].id)
            telling.rename("segment", subject, old.part.id, new.part.id, f"{new.pointer}/id")
    return found


def compare_segments(
    telling: Telling, found: Matches[Segment], before: Tracks, after: Tracks, kept: dict[int, int]
) -> None:
    """Tell of every segment, but not of those that came or went with their track.

    `kept` has the later index of each track that is still there, by its earlier one."""
    several = len(before) > 1 or len(after) > 1
    lasting = set(kept.values())
    for old in (gone for gone in found.removed if gone.track in kept):
        tail = f" of {quoted(old.part.source_id)} {span(old.part.start, old.part.end)}"
        subject = _subject(old, several and before[old.track].id)
        telling.tell("removed", old.pointer, subject, tail, "", verb="Removed ", before=old.part)
    for new in (come for come in found.added if come.track in lasting):
        tail = f" of {quoted(new.part.source_id)} {span(new.part.start, new.part.end)}"
        subject = _subject(new, several and after[new.track].id)
        telling.tell("added", new.pointer, subject, tail, "", verb="Added ", after=new.part)
    stayed: list[tuple[Found[Segment], Found[Segment]]] = []
    for old, new in found.pairs:
        if kept.get(old.track) != new.track:
            text = f" moved from track {quoted(before[old.track].id)}"
            telling.tell("moved", new.pointer, _subject(new, after[new.track].id), text, text)
        if names := differing(old.part, new.part):
            _compare(telling, old, new, _subject(new, several and after[new.track].id), names)
        else:
            stayed.append((old, new))
    for index in range(len(after)):
        within = [pair for pair in stayed if pair[1].track == index and kept.get(pair[0].track) == index]
        for old, new in out_of_order(within):
            text = f" is now the {ordinal(new.index + 1)} on its track"
            telling.tell("moved", new.pointer, _subject(new, False), text, before=old.index, after=new.index)


def _compare(
    telling: Telling, old: Found[Segment], new: Found[Segment], subject: Subject, names: Sequence[str]
) -> None:
    before, after = old.part, new.part
    if "start" in names or "end" in names:
        compare_slot(telling, subject, new.pointer, (before.start, before.end), (after.start, after.end))
    if "source_id" in names:
        _compare_source(telling, subject, f"{new.pointer}/sourceId", before.source_id, after.source_id)
    rest = [name for name in names if name not in _TOLD]
    if rest:
        tell_fields(telling, subject, old.pointer, new.pointer, before, after, rest)


def _compare_source(telling: Telling, subject: Subject, pointer: str, before: str, after: str) -> None:
    if not telling.follows("source", before, after, pointer):
        tail = f" {quoted(after)} instead of {quoted(before)}"
        telling.tell("changed", pointer, subject, f" shows{tail}", f" show{tail}", before=before, after=after)


def compare_transitions(telling: Telling, before: Tracks, after: Tracks, kept: dict[int, int]) -> None:
    """Tell of every transition on tracks that are still there: which, how long, where."""
    segments = telling.renames("segment")
    for track, index in kept.items():
        found = match(
            listed(before[track].transitions, f"/tracks/video/{track}/transitions", renamed=segments),
            listed(after[index].transitions, f"/tracks/video/{index}/transitions"),
            *(_by_ends, _by_target, _by_origin),
        )
        compare_parts(telling, found, _TRANSITION)
        for old, new in found.pairs:
            _compare_transition(telling, old, new)


def _compare_transition(telling: Telling, old: Found[Transition], new: Found[Transition]) -> None:
    before, after = old.part, new.part
    subject = _joint(before, f"the {before.type}")
    if before.type != after.type:
        text = f" became {with_article(after.type)}"
        telling.tell("changed", f"{new.pointer}/type", subject, text, before=before.type, after=after.type)
    if before.duration != after.duration:
        size = shifted(telling, before.duration, after.duration, ("longer", "shorter"))
        text = f" is {size}" if size else f" lasts {length(after.duration)} instead of {length(before.duration)}"
        at = f"{new.pointer}/duration"
        telling.tell("changed", at, subject, text, before=before.duration, after=after.duration)


def _joint(transition: Transition, noun: str) -> Subject:
    return Subject(f"{noun} between {quoted(transition.from_segment)} and {quoted(transition.to_segment)}")


_TRANSITION: Kind[Transition] = Kind(
    lambda found: _joint(found.part, f"the {found.part.type}"),
    skip=frozenset(("type", "duration")),
    detail=lambda transition: f", {length(transition.duration)} long",
    fresh=lambda found: _joint(found.part, with_article(found.part.type)),
)


def _subject(found: Found[Segment], track: str | bool) -> Subject:
    place = f" on track {quoted(track)}" if isinstance(track, str) else ""
    return Subject("segment", found.index + 1, found.part.id, place)


def _listed(track: VideoTrack, number: int, sources: dict[str, str]) -> list[Found[Segment]]:
    return listed(track.segments, f"/tracks/video/{number}/segments", number, sources)


def _transitions(number: int) -> str:
    return f"/tracks/video/{number}/transitions"


def _by_id(found: Found[Segment]) -> Hashable:
    return found.part.id


def _by_all(found: Found[Segment]) -> Hashable:
    """The same piece of a source in the same slot."""
    return *_by_piece(found), found.part.start


def _by_piece(found: Found[Segment]) -> tuple[Hashable, ...]:
    """The same piece of a source, as long as before."""
    part = found.part
    size = part.end.value - part.start.value
    return found.named(part.source_id), part.source_start, part.source_duration, size


def _by_slot(found: Found[Segment]) -> Hashable:
    return found.named(found.part.source_id), found.part.start, found.part.end


def _by_start(found: Found[Segment]) -> Hashable:
    return found.named(found.part.source_id), found.part.start


def _by_place(found: Found[Segment]) -> Hashable:
    return found.part.start, found.part.end


def _by_ends(found: Found[Transition]) -> Hashable:
    return found.named(found.part.from_segment), found.named(found.part.to_segment)


def _by_target(found: Found[Transition]) -> Hashable:
    return found.named(found.part.to_segment)


def _by_origin(found: Found[Transition]) -> Hashable:
    return found.named(found.part.from_segment)
