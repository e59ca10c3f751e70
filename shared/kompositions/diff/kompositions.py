"""The diff of two kompositions."""

from shared.core.collecting import without_collecting
from shared.kompositions.diff import parts
from shared.kompositions.diff.change import Change
from shared.kompositions.diff.fields import compare_fields
from shared.kompositions.diff.lists import Kind, compare_parts, rename_all
from shared.kompositions.diff.matching import content, listed, match
from shared.kompositions.diff.telling import Subject, Telling
from shared.kompositions.diff.tracks import compare_tracks
from shared.kompositions.diff.words import number, quoted
from shared.kompositions.model import Komposition, Output

_WHOLE = Subject("")
_LISTS = frozenset(("tempo", "sources", "tracks", "effects", "layouts", "mix", "render", "outputs", "bpm", "extra"))
_ALL_BUT_EXTRA = frozenset(Komposition.model_fields) - {"extra"}
_KINDS = frozenset(("video", "audio", "overlay", "caption"))


@without_collecting()
def diff_kompositions(before: Komposition, after: Komposition) -> list[Change]:
    """What a person would say changed from `before` to `after`, in the order of the document, `extra` last. Empty if
    nothing did.

    Parts are the same when their ids are, else when they are alike. Every difference of the two canonical JSONs lies at or below
    a pointer of some change."""
    telling = Telling(before, after)
    _compare_tempo(telling, before, after)
    compare_fields(telling, _WHOLE, "", "", before, after, skip=_LISTS)
    _compare_sources(telling, before, after)
    compare_tracks(telling, before.tracks, after.tracks)
    compare_fields(telling, _WHOLE, "/tracks", "/tracks", before.tracks, after.tracks, skip=_KINDS)
    _compare_effects(telling, before, after)
    _compare_layouts(telling, before, after)
    compare_fields(telling, Subject("mix"), "/mix", "/mix", before.mix, after.mix)
    compare_fields(telling, Subject("part to render"), "/render", "/render", before.render, after.render)
    _compare_outputs(telling, before.outputs, after.outputs)
    compare_fields(telling, _WHOLE, "", "", before, after, skip=_ALL_BUT_EXTRA)
    return telling.changes()


def _compare_tempo(telling: Telling, before: Komposition, after: Komposition) -> None:
    if before.bpm != after.bpm:
        text = f"bpm {number(before.bpm)} → {number(after.bpm)}"
        telling.tell("changed", "/bpm", _WHOLE, text, before=before.bpm, after=after.bpm)
    tempo = match(listed(before.tempo, "/tempo"), listed(after.tempo, "/tempo"), parts.by_beat, content)
    compare_parts(telling, tempo, parts.TEMPO)


def _compare_sources(telling: Telling, before: Komposition, after: Komposition) -> None:
    found = match(
        listed(before.sources, "/sources"), listed(after.sources, "/sources"), parts.by_id, parts.by_file, content
    )
    rename_all(telling, found, parts.SOURCE)
    compare_parts(telling, found, parts.SOURCE)
    for old, new in found.pairs:
        one, other = old.part.asset_id, new.part.asset_id
        if one != other:
            text = f" was replaced: it is asset {quoted(other)} now" if other else " has no asset any more"
            telling.tell("changed", f"{new.pointer}/assetId", parts.SOURCE.subject(new), text, before=one, after=other)


def _compare_effects(telling: Telling, before: Komposition, after: Komposition) -> None:
    found = match(
        listed(before.effects, "/effects"), listed(after.effects, "/effects"), parts.by_id, content, parts.by_effect
    )
    rename_all(telling, found, parts.EFFECT)
    compare_parts(telling, found, parts.EFFECT)


def _compare_layouts(telling: Telling, before: Komposition, after: Komposition) -> None:
    found = match(
        listed(before.layouts, "/layouts", renamed=telling.renames("track")),
        listed(after.layouts, "/layouts"),
        *(content, parts.by_range, parts.by_tracks),
    )
    compare_parts(telling, found, parts.LAYOUT)


def _compare_outputs(telling: Telling, before: list[Output], after: list[Output]) -> None:
    several = len(before) > 1 or len(after) > 1
    kind: Kind[Output] = Kind(
        lambda found: Subject("output", found.index + 1 if several else 0), skip=frozenset(("width", "height"))
    )
    found = match(listed(before, "/outputs"), listed(after, "/outputs"), parts.by_name, content, parts.by_nothing)
    for old, new in found.pairs:
        one, other = (f"{output.width}x{output.height}" for output in (old.part, new.part))
        if one != other:
            places = [
                f"{new.pointer}/{side}"
                for side in ("width", "height")
                if getattr(old.part, side) != getattr(new.part, side)
            ]
            text = f" {one} → {other}"
            telling.tell("changed", places[0], kind.subject(new), text, before=one, after=other, more=places[1:])
    compare_parts(telling, found, kind)
