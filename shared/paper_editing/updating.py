"""Updating: a komposition that was made from a paper, and worked on since, takes over what the paper says now.

Pieces of the recording and the room between them are the paper's; everything else is the user's, and stays: music, overlays,
outputs, the style of the captions, and what was done to pieces that are still there."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.kompositions import Komposition, parse_komposition
from shared.paper_editing.composing import ROOM_TRACK, SOURCE, SPEECH_TRACK, VIDEO_TRACK

_KEPT = ("effects", "scale", "volume")
"""Of a segment or clip of the paper's."""
_OURS = frozenset({VIDEO_TRACK, SPEECH_TRACK, ROOM_TRACK})
Json = dict[str, Any]


def update_komposition(komposition: Komposition, fresh: Komposition) -> Komposition:
    """`komposition` with the recording cut as in `fresh`, which the paper has just made.

    Raises InvalidKomposition where what the user added needs a piece that is gone, such as an effect over several."""
    before, after = komposition.to_json(), fresh.to_json()
    old, new = before.get("tracks", {}), after["tracks"]
    sources = [source for source in before.get("sources", []) if source["id"] != SOURCE]
    tracks = {
        **old,
        "video": _tracks(old.get("video", []), new.get("video", []), "segments"),
        "audio": _tracks(old.get("audio", []), new.get("audio", []), "clips"),
        "caption": _captions(old.get("caption", []), new.get("caption", [])),
    }
    merged = {**before, "sources": after["sources"] + sources, "tracks": tracks}
    return parse_komposition({**merged, "effects": _standing(before.get("effects", []), tracks)})


def _tracks(old: Iterable[Json], new: Iterable[Json], parts: str) -> list[Json]:
    """The user's tracks as they are, ours as they are made now, in the place of the old ones."""
    fresh = {track["id"]: track for track in new}
    found = []
    for track in old:
        if track["id"] not in _OURS:
            found.append(track)
        elif track["id"] in fresh:
            found.append(_merged(track, fresh.pop(track["id"]), parts))
    return [*fresh.values(), *found]


def _merged(old: Json, new: Json, parts: str) -> Json:
    known: Mapping[str, Json] = {part["id"]: part for part in old[parts]}
    made = [{**part, **_kept(known.get(part["id"], {}))} for part in new[parts]]
    neighbours = set(zip([part["id"] for part in made], [part["id"] for part in made[1:]], strict=False))
    transitions = [
        each for each in old.get("transitions", []) if (each["fromSegment"], each["toSegment"]) in neighbours
    ]
    return {**old, parts: made, **({"transitions": transitions} if "transitions" in old else {})}


def _kept(part: Json) -> Json:
    return {name: part[name] for name in _KEPT if name in part}


def _captions(old: Iterable[Json], new: Iterable[Json]) -> list[Json]:
    """The user's tracks; those that follow the recording say what the paper says. Without one, the paper's own."""
    fresh = next(iter(new), None)
    found = [
        {**track, "transcript": fresh["transcript"]} if fresh and track.get("sourceId") == SOURCE else track
        for track in old
    ]
    known = any(track.get("sourceId") == SOURCE for track in found)
    return [*found, fresh] if fresh and not known else found


def _standing(effects: Iterable[Json], tracks: Json) -> list[Json]:
    """The effects over several segments whose segments are all still there."""
    present = {part["id"] for track in tracks["video"] for part in track["segments"]}
    found: list[Json] = []
    lost: set[str] = set()
    for effect in effects:
        gone = any(
            (each["kind"] == "segment" and each["id"] not in present) or each.get("id") in lost
            for each in effect["inputs"]
        )
        if gone:
            lost.add(effect["id"])
        else:
            found.append(effect)
    return found
