"""A window of a film is made of the film's own frames and samples."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.shared.kompositions.documents import beats, clip, document, music, segment, track, transition
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import checksums, samples

FADES = document(
    segment("a", "video", 0, 2, sourceStart=0.51),
    segment("b", "other", 2, 4, sourceDuration=1.3, effects=[{"type": "leica_look"}]),
    segment("c", "tall", 4, 6, sourceStart=0.5, sourceDuration=3, fit="trim", reverse=True),
    segment("d", "video", 6, 8, sourceStart=1, sourceDuration=0.7, fit="loop", reverse=True),
    segment("e", "other", 9, 11, sourceStart=5, fit="freeze"),
    transitions=(
        transition("crossfade", "a", "b", 0.5),
        transition("circleopen", "b", "c", 0.4),
        transition("wipeleft", "c", "d", 0.3, offset=0.2),
    ),
    effects=[{"id": "two", "type": "leica_look", "inputs": [{"kind": "segment", "id": name} for name in "cd"]}],
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
MOVING = [{"at": beats(0), "value": 0.2}, {"at": beats(1.5), "value": 1, "easing": "ease_in_out"}]
MIXED = document(
    segment("a", "video", 0, 3, volume=MOVING, fadeOut=1),
    segment("b", "other", 3, 6, sourceDuration=4, fadeIn=0.5),
    transitions=(transition("crossfade", "a", "b", 1),),
    audio=(
        music(clip("m", "music", sourceStart=3.3, end=4, fadeOut=2), clip("n", "music", 2, 6), volume=0.3),
        music(clip("o", "other", sourceDuration=0.4, fit="loop", volume=MOVING), name="loop", volume=0.2),
    ),
    mix={"fadeIn": beats(1), "fadeOut": beats(2)},
)


@pytest.mark.parametrize("body", [FADES, LAYERS], ids=["fades", "layers"])
def test_frames_of_a_window_are_the_films(compiled: Compile, body: dict[str, Any]) -> None:
    whole = checksums(compiled(body))
    edges = [0, 1, 53, 101, 116, 141, 171, 179, 191, 240, 299, 329, 330]
    for start, end in pairwise(edge for edge in edges if edge <= len(whole)):
        assert checksums(compiled(body, range(start, end))) == whole[start:end], (start, end)


@pytest.mark.parametrize("body", [FADES, MIXED], ids=["fades", "mixed"])
def test_samples_of_a_window_are_the_films(compiled: Compile, body: dict[str, Any]) -> None:
    whole = samples(compiled(body))
    for start, end in pairwise([0, 1, 53, 67, 101, 116, 180]):
        part = samples(compiled(body, range(start, end)))
        assert np.array_equal(part, whole[start * 1600 : end * 1600]), (start, end)


def test_a_compressor_has_settled_when_a_window_begins(compiled: Compile) -> None:
    body = document(segment("a", "video", 0, 6), audio=(music(ducking={"release": 300}),))
    whole = samples(compiled(body))[100 * 1600 : 110 * 1600]
    assert np.abs(samples(compiled(body, range(100, 110))) - whole).max() < 1e-4


def test_the_render_range_is_a_window(compiled: Compile) -> None:
    body = document(segment("a", "video", 0, 4))
    ranged = compiled({**body, "render": {"start": {"frames": 31}, "end": {"seconds": 2}}})
    assert (ranged.timeline.start_frame, ranged.total_frames, ranged.duration) == (31, 29, Fraction(29, 30))
    assert checksums(ranged) == checksums(compiled(body))[31:60]


@pytest.mark.parametrize("window", [range(0), range(5, 5), range(-1, 5), range(100, 121), range(0, 10, 2)])
def test_what_is_no_part_of_the_film_is_no_window(compiled: Compile, window: range) -> None:
    with pytest.raises(ValueError, match="no part of a film of 120 frames"):
        compiled(document(segment("a", "video", 0, 4)), window)
