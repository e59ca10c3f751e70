"""Kompositions of schema 2.0 for the diff, and what their JSONs differ in, found in a way of its own."""

import json
from collections.abc import Iterator
from typing import Any

from shared.kompositions import Komposition, parse_komposition

Document = dict[str, Any]


def film(**more: Any) -> Document:
    """Four segments of four beats, a crossfade, music, a title: 120 bpm."""
    segments = [
        {"id": "intro", "sourceId": "a", "start": {"beats": 0}, "end": {"beats": 4}},
        {"id": "s2", "sourceId": "b", "start": {"beats": 4}, "end": {"beats": 8}},
        {"id": "s3", "sourceId": "a", "start": {"beats": 8}, "end": {"beats": 12}, "sourceStart": {"seconds": 3}},
        {"id": "s4", "sourceId": "b", "start": {"beats": 12}, "end": {"beats": 16}, "sourceStart": {"seconds": 9}},
    ]
    transition = {"type": "crossfade", "fromSegment": "intro", "toSegment": "s2", "duration": {"beats": 1}}
    sources = [{"id": name, "assetId": f"asset-{name}", "kind": "video"} for name in "ab"]
    sources.append({"id": "song", "assetId": "asset-song", "kind": "audio"})
    text = {"id": "t1", "kind": "text", "text": "Hello", "end": {"beats": 4}}
    return {
        "sources": sources,
        "tracks": {
            "video": [{"id": "video", "segments": segments, "transitions": [transition]}],
            "audio": [{"id": "music", "clips": [{"id": "c1", "sourceId": "song"}]}],
            "overlay": [{"id": "titles", "items": [text]}],
        },
        **more,
    }


def edited(*edits: tuple[str, Any], base: Document | None = None) -> Komposition:
    """The film with values set at pointers; None removes what is there, and `-` at the end of a pointer appends."""
    body: Document = json.loads(json.dumps(base or film()))
    for pointer, value in edits:
        *parents, last = pointer.split("/")[1:]
        node: Any = body
        for key in parents:
            node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
        if last == "-":
            node.append(value)
        elif value is None:
            del node[int(last) if isinstance(node, list) else last]
        else:
            node[int(last) if isinstance(node, list) else last] = value
    return parse_komposition(body)


def differences(one: Any, other: Any, pointer: str = "", earlier: str = "") -> Iterator[tuple[str, str]]:
    """Every difference of two canonical JSONs as ("after" or "before", pointer): parts with ids are matched by them."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            at = key.replace("~", "~0").replace("/", "~1")
            yield from differences(one.get(key), other.get(key), f"{pointer}/{at}", f"{earlier}/{at}")
    elif isinstance(one, list) and isinstance(other, list) and _named(one) and _named(other):
        mine = {entry["id"]: index for index, entry in enumerate(one)}
        for index, entry in enumerate(other):
            if entry["id"] in mine:
                place = mine.pop(entry["id"])
                yield from differences(one[place], entry, f"{pointer}/{index}", f"{earlier}/{place}")
            else:
                yield ("after", f"{pointer}/{index}")
        yield from (("before", f"{earlier}/{index}") for index in mine.values())
    elif json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True):
        yield ("after", pointer)


def _named(entries: list[Any]) -> bool:
    return all(isinstance(entry, dict) and "id" in entry for entry in entries)
