"""Kompositions of the first schema say in the second exactly what they said."""

import json
from copy import deepcopy
from typing import Any

from demo.komposition import demo_komposition
from shared.kompositions import parse_komposition
from shared.kompositions.importing import import_komposition
from tests.shared.kompositions.importing.samples import KOMPO_1, Document

EXPECTED: Document = {
    "schemaVersion": "2.0",
    "title": "Holiday",
    "bpm": 100,
    "beatsPerMeasure": 3,
    "sources": KOMPO_1["sources"],
    "tracks": {
        "video": [
            {
                "segments": [
                    {
                        **{"id": "one", "sourceId": "sea", "start": {"beats": 0}, "end": {"beats": 6}},
                        **{"sourceStart": {"seconds": 2.5}, "sourceDuration": {"seconds": 4}},
                        **{"fit": "stretch", "scale": "cover", "volume": 0.5},
                    },
                    {"id": "two", "sourceId": "postcard", "start": {"beats": 6}, "end": {"beats": 9}, "muted": True},
                ],
                "transitions": [
                    {"type": "wipeleft", "fromSegment": "one", "toSegment": "two", "duration": {"beats": 1.5}}
                ],
            }
        ],
        "audio": [
            {
                "id": "music",
                "clips": [
                    {
                        **{"id": "music", "sourceId": "waltz", "volume": 0.7, "sourceStart": {"seconds": 12.5}},
                        **{"fadeIn": {"seconds": 0.5}, "fadeOut": {"seconds": 2}},
                    }
                ],
                "ducking": {},
            }
        ],
    },
    "mix": {"originalVolume": 0.9, "loudness": -14},
    "outputs": [
        {
            **{"width": 1920, "height": 1080, "fps": 29.97, "container": "mp4", "videoCodec": "h264"},
            **{"audioCodec": "aac", "crf": 20, "preset": "fast"},
        }
    ],
}


def changed(**fields: Any) -> Document:
    return {**deepcopy(KOMPO_1), **fields}


def test_every_field_has_its_place() -> None:
    imported = import_komposition(KOMPO_1)
    assert imported.variant == "kompo-1"
    assert imported.findings == ()
    assert imported.komposition == parse_komposition(EXPECTED)


def test_what_was_left_out_means_what_it_meant() -> None:
    body = changed(audio={"music": {"sourceId": "waltz"}})
    del body["bpm"]
    komposition = import_komposition(body).komposition
    assert komposition is not None
    assert komposition.bpm == 120
    (clip,) = komposition.tracks.audio[0].clips
    assert clip.volume == 0.8
    assert komposition.tracks.audio[0].ducking is None


def test_snake_case_and_nulls_were_taken() -> None:
    body = changed(title=None, audio={"music": None, "original_volume": 0.5, "ducking": True})
    body["segments"][0] = {"id": "one", "source_id": "sea", "start_beat": 0, "end_beat": 6, "sourceDuration": None}
    imported = import_komposition(body)
    assert imported.errors == ()
    assert imported.komposition is not None
    assert imported.komposition.mix.original_volume == 0.5
    assert imported.komposition.mix.extra == {"ducking": True}


def test_problems_are_told_where_they_were_written() -> None:
    body = changed(output={"width": 321, "format": "exe"})
    body["segments"][0]["endBeat"] = "six"
    del body["segments"][1]["startBeat"]
    body["audio"]["music"]["fadeIn"] = -1
    body["transitions"][0]["type"] = "star"
    assert {finding.pointer: finding.code for finding in import_komposition(body).errors} == {
        "/segments/0/endBeat": "time_value",
        "/segments/1/startBeat": "missing",
        "/transitions/0/type": "literal_error",
        "/audio/music/fadeIn": "greater_than_equal",
        "/output/width": "multiple_of",
        "/output/format": "literal_error",
    }


def test_problems_across_fields_are_told_where_they_were_written() -> None:
    body = changed()
    body["segments"][1] |= {"sourceId": "gone", "startBeat": 7}
    body["audio"]["music"]["sourceId"] = "postcard"
    assert {finding.pointer: finding.code for finding in import_komposition(body).errors} == {
        "/segments/1/sourceId": "unknown_source",
        "/audio/music/sourceId": "source_kind",
        "/transitions/0/duration": "transition_over_gap",
    }


def test_unknown_fields_are_kept_with_a_warning() -> None:
    body = changed(colour="blue")
    body["segments"][1]["mood"] = {"warm": 1}
    imported = import_komposition(body)
    assert [(finding.pointer, finding.code) for finding in imported.findings] == [
        ("/colour", "unknown_field"),
        ("/segments/1/mood", "unknown_field"),
    ]
    assert imported.komposition is not None
    assert imported.komposition.extra == {"colour": "blue"}
    assert imported.komposition.tracks.video[0].segments[1].extra == {"mood": {"warm": 1}}


def test_the_demo_imports_from_data_and_from_text() -> None:
    media = {name: (f"asset-{name}", {"duration": 6}) for name in ("opening", "still", "closing", "music")}
    body = demo_komposition(media)["komposition"]
    imported = import_komposition(body)
    assert imported.errors == ()
    assert import_komposition(json.dumps(body)).komposition == imported.komposition
