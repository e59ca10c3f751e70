"""Effects reach exactly the frames that they cover, in their order, with transitions inside and outside of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.media.effects import effect_errors, effect_names
from tests.shared.kompositions.documents import document, segment, transition
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import checksums, pictures


def node(name: str, *inputs: tuple[str, str | None], **effect: Any) -> dict[str, Any]:
    """An effect in the graph; inputs are kinds and ids."""
    named = [{"kind": kind} | ({"id": target} if target else {}) for kind, target in inputs]
    return {"id": name, **(effect or {"type": "grayscale"}), "inputs": named}


def greys(frames: NDArray[np.uint8]) -> list[int]:
    """Which frames have no colour."""
    spread = frames.max(axis=3).astype(int) - frames.min(axis=3)
    return [number for number, frame in enumerate(spread) if frame.mean() < 20]


COLOURS = document(
    segment("a", "still", 0, 1),
    segment("b", "still", 1, 2),
    segment("c", "still", 2, 3),
    segment("d", "still", 3, 4),
)


def test_an_effect_of_a_segment_is_on_its_frames(compiled: Compile) -> None:
    body = document(segment("a", "still", 0, 1), segment("b", "still", 1, 2, effects=[{"type": "grayscale"}]))
    assert greys(pictures(compiled(body))) == list(range(30, 60))


def test_a_node_covers_what_its_inputs_lead_to(compiled: Compile) -> None:
    def covered(*nodes: dict[str, Any]) -> list[int]:
        return greys(pictures(compiled({**COLOURS, "effects": list(nodes)})))

    assert covered(node("n", ("segment", "b"), ("segment", "c"))) == list(range(30, 90))
    assert covered(node("n", ("track", "video"))) == list(range(120))
    assert covered(node("n", ("komposition", None))) == list(range(120))
    first = node("m", ("segment", "c"), type="leica_look")
    assert covered(node("n", ("effect", "m"), ("segment", "d")), first) == list(range(60, 120))


def test_transitions_inside_an_effect_are_under_it_and_those_at_its_edge_over_it(compiled: Compile) -> None:
    crossed = document(
        segment("a", "still", 0, 1),
        segment("b", "video", 1, 2),
        segment("c", "still", 2, 3),
        transitions=(transition("crossfade", "a", "b", 0.4), transition("crossfade", "b", "c", 0.4)),
    )
    effects = [node("n", ("segment", "b"), ("segment", "c"))]
    shown = pictures(compiled({**crossed, "effects": effects}))
    assert greys(shown)[-1] == 89
    assert set(range(31, 90)) <= set(greys(shown))
    assert 0 not in greys(shown)
    assert 19 not in greys(shown), "the edge's transition begins in colour"
    alone = pictures(compiled(crossed))
    assert np.array_equal(shown[:18], alone[:18])


def test_nested_effects_apply_from_the_inside_out(compiled: Compile) -> None:
    inner = node("inner", ("segment", "b"), type="grayscale")
    outer = node("outer", ("segment", "b"), ("segment", "c"), type="leica_look")
    both = checksums(compiled({**COLOURS, "effects": [outer, inner]}))
    other = checksums(compiled({**COLOURS, "effects": [inner, outer]}))
    assert both == other
    b = segment("b", "still", 1, 2, effects=[{"type": "grayscale"}, {"type": "leica_look"}])
    c = segment("c", "still", 2, 3, effects=[{"type": "leica_look"}])
    by_hand = checksums(compiled(document(segment("a", "still", 0, 1), b, c, segment("d", "still", 3, 4))))
    assert both == by_hand


def test_an_effect_that_moves_is_the_same_in_a_window(compiled: Compile) -> None:
    body = {**COLOURS, "effects": [node("n", ("track", "video"), type="fade_in", params={"duration": 3})]}
    whole = checksums(compiled(body))
    assert len(set(whole[:80])) > 60
    assert checksums(compiled(body, range(40, 70))) == whole[40:70]


PARAMS: dict[str, dict[str, Any]] = {"ffmpeg_filter": {"filter": "hue=s=0.5"}}
PICTURED = [name for name in effect_names() if not effect_errors(name, PARAMS.get(name, {}), "picture")]


@pytest.mark.parametrize("kind", PICTURED)
def test_every_effect_is_the_same_in_a_window(compiled: Compile, kind: str) -> None:
    over_all = node("n", ("komposition", None), type=kind, params=PARAMS.get(kind, {}))
    body = document(segment("a", "video", 0, 0.3), segment("b", "other", 0.3, 0.6), effects=[over_all])
    whole = checksums(compiled(body))
    assert checksums(compiled(body, range(13, 15))) == whole[13:15]


def test_looks_are_made_without_what_came_before(compiled: Compile) -> None:
    def inputs(kind: str) -> int:
        effects = [node("n", ("komposition", None), type=kind)]
        body = document(segment("a", "video", 0, 2), segment("b", "other", 2, 4), effects=effects)
        shown = replace(compiled(body, range(90, 100)), sound=None)
        return shown.arguments([Path("film.mp4")]).count("-i")

    assert inputs("leica_look_enhanced") == 1
    assert inputs("film_grain") == 2


def test_an_effect_on_pictures_leaves_the_sound_and_the_other_way_round(compiled: Compile) -> None:
    body = document(segment("a", "video", 0, 1, effects=[{"type": "highpass", "params": {}}]))
    plain = document(segment("a", "video", 0, 1))
    assert checksums(compiled(body)) == checksums(compiled(plain))
