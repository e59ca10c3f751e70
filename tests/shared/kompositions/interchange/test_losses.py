"""An export says what it does not carry, at the place in the komposition; and a plain cut loses nothing but its tempo."""

import subprocess
import sys
from typing import Any

import pytest

from shared.kompositions import Komposition
from shared.kompositions.interchange import FORMATS, Format, export_komposition
from tests.shared.kompositions.interchange.films import film, segment

LOST: dict[str, dict[str, Any]] = {
    "/tempo": {"tempo": [{"atBeat": 2, "bpm": 90}]},
    "/effects": {"effects": [{"id": "e", "type": "leica_look", "inputs": [{"kind": "komposition"}]}]},
    "/layouts": {"layouts": [{"kind": "full", "tracks": ["video"]}]},
    "/mix": {"mix": {"loudness": -14}},
    "/render": {"render": {"end": {"beats": 2}}},
    "/description": {"description": "A day at the sea."},
    "/extra": {"extra": {"mood": "calm"}},
    "/outputs/1": {"outputs": [{"fps": 25}, {"container": "webm"}]},
}
SOUND: dict[str, set[str]] = {"otio": set(), "fcpxml": set(), "fcp7": set(), "edl": {"/tracks/video/0"}}
"""An EDL has pictures only."""
OVERLAYS = {"overlay": [{"items": [{"id": "t", "kind": "text", "text": "Hi"}]}], "caption": [{"transcriptId": "t"}]}


def lost(komposition: Komposition, name: Format) -> set[str]:
    losses = export_komposition(komposition, name).losses
    assert all(loss.detail.endswith(".") for loss in losses)
    return {loss.pointer for loss in losses}


@pytest.mark.parametrize("name", FORMATS)
def test_every_part_that_no_format_carries_is_named(name: Format) -> None:
    for pointer, more in LOST.items():
        assert pointer in lost(film(segment("a", "beach", 0, 4), **more), name)
    titled = film(segment("a", "beach", 0, 4), tracks=OVERLAYS)
    assert {"/tracks/overlay/0", "/tracks/caption/0"} <= lost(titled, name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_plain_cut_at_the_usual_tempo_loses_nothing(name: Format) -> None:
    assert lost(film(segment("a", "beach", 0, 4), segment("b", "city", 4, 8), bpm=120), name) == SOUND[name]


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_done_to_a_segment_is_named(name: Format) -> None:
    looks: dict[str, Any] = {
        "effects": [{"type": "leica_look"}],
        "volume": 0.5,
        "scale": "cover",
        "framing": {"shots": [{"start": {"seconds": 0}, "layout": "fit"}]},
        "fit": "loop",
        "sourceDuration": {"seconds": 1},
    }
    assert lost(film(segment("a", "beach", 0, 4, **looks), bpm=120), name) == SOUND[name] | {
        f"/tracks/video/0/segments/0/{field}" for field in ("effects", "volume", "scale", "framing", "fit")
    }


def test_music_is_carried_by_all_but_the_edl() -> None:
    music = {"audio": [{"id": "music", "clips": [{"id": "m", "sourceId": "song", "fadeIn": {"beats": 1}}]}]}
    komposition = film(segment("a", "beach", 0, 4), tracks=music, bpm=120)
    assert lost(komposition, "edl") == {"/tracks/video/0", "/tracks/audio/0"}
    assert lost(komposition, "fcp7") == {"/tracks/audio/0/clips/0"}


def test_importing_the_package_does_not_import_opentimelineio() -> None:
    code = "import sys, shared.kompositions.interchange; sys.exit('opentimelineio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
