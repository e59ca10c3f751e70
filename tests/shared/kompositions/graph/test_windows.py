"""A window of a film is made of the film's own frames and samples."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared.kompositions import MediaGraph, SourceMedia, compile_komposition, parse_komposition
from tests.shared.kompositions.documents import clip, document, music, segment, track, transition
from tests.shared.kompositions.graph.measuring import checksums, samples

Compile = Callable[..., MediaGraph]


@pytest.fixture
def compiled(numbered_sources: dict[str, SourceMedia], tmp_path: Path) -> Compile:
    """Compiles a document with sources whose frames are all different."""

    def compiled(body: dict[str, Any], window: range | None = None) -> MediaGraph:
        return compile_komposition(parse_komposition(body), numbered_sources, tmp_path, window=window)

    return compiled


FADES = document(
    segment("a", "video", 0, 2, sourceStart=0.51),
    segment("b", "other", 2, 4, sourceDuration=1.3, effects=[{"type": "leica_look"}]),
    segment("c", "tall", 4, 6, sourceStart=0.5, sourceDuration=3, fit="trim", reverse=True),
    segment("d", "video", 6, 8, sourceStart=1, sourceDuration=0.7, fit="loop"),
    segment("e", "other", 9, 11, sourceStart=5, fit="freeze"),
    transitions=(
        transition("crossfade", "a", "b", 0.5),
        transition("circleopen", "b", "c", 0.4),
        transition("wipeleft", "c", "d", 0.3, offset=0.2),
    ),
)
LAYERS = document(
    video=(
        track("low", segment("a", "video", 0, 4), segment("b", "other", 4, 6)),
        track("high", segment("c", "tall", 1, 2), segment("d", "still", 3, 5, scale="blur")),
    ),
    layouts=[
        {"kind": "split", "start": {"seconds": 0.5}, "end": {"seconds": 1.5}, "tracks": ["low", "high"]},
        {"kind": "pip", "start": {"seconds": 3.5}, "end": {"seconds": 4.5}, "tracks": ["low", "high"]},
    ],
)


@pytest.mark.parametrize("body", [FADES, LAYERS], ids=["fades", "layers"])
def test_frames_of_a_window_are_the_films(compiled: Compile, body: dict[str, Any]) -> None:
    whole = checksums(compiled(body))
    edges = [0, 1, 31, 53, 67, 101, 116, 141, 171, 191, 240, 299, len(whole) - 1, len(whole)]
    edges = sorted({edge for edge in edges if edge <= len(whole)})
    for start, end in zip(edges, edges[1:], strict=False):
        assert checksums(compiled(body, range(start, end))) == whole[start:end], (start, end)
