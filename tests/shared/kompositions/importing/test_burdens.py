"""Documents made to be a burden: long chains, diamonds, thousands of the same mistake. They cost what their length costs."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from shared.kompositions.importing import import_komposition
from tests.shared.kompositions.importing.samples import Document

MOST_SECONDS = 6
"""Of a processor, on a slow and busy machine; what grew with the square of the length would take minutes."""
MANY = 4000


def stored(**fields: Any) -> Document:
    return {"type": "Komposition", "bpm": 120, "sources": [{"id": "v", "url": "v.mp4"}], **fields}


def cuts(count: int = MANY, **fields: Any) -> list[Document]:
    return [{"id": f"s{n}", "sourceid": "v", "start": n, "end": n + 1, **fields} for n in range(count)]


def output_of(*names: str) -> list[Document]:
    return [{"type": "effect_output", "id": name} for name in names]


def chain(kind: str, links: int) -> list[Document]:
    first = {"effect_id": "e0", "type": kind, "applies_to": [{"type": "segment", "id": "s0"}]}
    return [
        first,
        *({"effect_id": f"e{n}", "type": kind, "applies_to": output_of(f"e{n - 1}")} for n in range(1, links)),
    ]


def diamonds(levels: int) -> list[Document]:
    tree: list[Document] = [{"effect_id": f"{side}0", "type": "leica_look", "applies_to": ["s0"]} for side in "ab"]
    for level in range(1, levels):
        below = output_of(f"a{level - 1}", f"b{level - 1}")
        tree += [{"effect_id": f"{side}{level}", "type": "leica_look", "applies_to": below} for side in "ab"]
    return [*tree, {"effect_id": "x", "type": "crossfade", "applies_to": [*output_of(f"a{levels - 1}"), "s1"]}]


BURDENS: dict[str, Callable[[], Any]] = {
    "a chain of what passes on": lambda: stored(segments=cuts(2), effects_tree=chain("passthrough", 1900)),
    "a chain of effects": lambda: stored(segments=cuts(2), effects_tree=chain("leica_look", 900)),
    "a chain written backwards": lambda: stored(segments=cuts(2), effects_tree=chain("passthrough", 1900)[::-1]),
    "diamonds": lambda: stored(segments=cuts(2), effects_tree=diamonds(400)),
    "too many effects": lambda: stored(segments=cuts(2), effects_tree=chain("leica_look", MANY)),
    "one id for all": lambda: stored(segments=[{**cut, "id": "s"} for cut in cuts()]),
    "one id for all, to repair": lambda: {
        "schemaVersion": "2.0",
        "sources": [{"id": "v", "kind": "video"}],
        "tracks": {
            "video": [
                {
                    "segments": [
                        {"id": "s", "sourceId": "v", "start": {"beats": n}, "end": {"beats": n + 1}}
                        for n in range(MANY)
                    ]
                }
            ]
        },
    },
    "sources that are not there": lambda: stored(
        segments=[{**cut, "sourceid": f"vv{n}"} for n, cut in enumerate(cuts())],
        sources=[{"id": f"v{n}", "url": f"{n}.mp4"} for n in range(1900)],
    ),
    "effects that there are not": lambda: stored(
        segments=[{**cut, "effects": [{"type": f"look{n}"}]} for n, cut in enumerate(cuts())]
    ),
    "transitions placed by time": lambda: stored(
        segments=cuts(),
        effects_tree={
            "type": "sequence",
            "effects": [
                {"type": "transition", "name": "crossfade", "start_time": n / 4, "duration": 0.1} for n in range(1900)
            ],
        },
    ),
    "effects placed by time": lambda: stored(
        segments=cuts(),
        effects_tree={
            "type": "sequence",
            "effects": [{"type": "leica_look", "start_time": n / 4, "duration": 2} for n in range(300)],
        },
    ),
    "every segment into the next": lambda: stored(segments=cuts(effects=[{"type": "crossfade", "duration": 0.2}])),
    "everything out of order": lambda: stored(segments=cuts()[::-1]),
    "everything over everything": lambda: stored(
        segments=[{**cut, "start": 0, "end": n + 1} for n, cut in enumerate(cuts())]
    ),
    "unknown fields everywhere": lambda: {
        "schemaVersion": "2.0",
        "sources": [{"id": f"v{n}", "kind": "video", f"x{n}": 1} for n in range(1900)],
    },
}


@pytest.mark.parametrize("name", BURDENS)
def test_it_costs_what_its_length_costs(name: str) -> None:
    document = BURDENS[name]()
    started = time.process_time()
    import_komposition(document, fix=True)
    assert time.process_time() - started < MOST_SECONDS
