"""Files of several documents, whatever a document store puts around them, and what they know of each other."""

import json
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from shared.kompositions.importing import Imported, import_all, import_komposition, locate
from shared.kompositions.model import Time, Unit, seconds
from tests.shared.kompositions.importing.samples import CANONICAL, RECORDING, STORED, Document

BOTH = (STORED, RECORDING)


def wrapped(document: Document) -> Document:
    return {"id": document["_id"], "key": document["_id"], "value": {"rev": document["_rev"]}, "doc": document}


FILES: dict[str, str] = {
    "a list": json.dumps(BOTH),
    "a line for each": "\n".join(map(json.dumps, BOTH)),
    "one after the other": "".join(json.dumps(document, indent=2) for document in BOTH),
    "names between them": "\n".join(f'id"{document["_id"]}"\n{json.dumps(document, indent=2)}' for document in BOTH),
    "rows of a view": json.dumps({"total_rows": 2, "offset": 0, "rows": [wrapped(document) for document in BOTH]}),
    "wrapped one by one": "\n".join(json.dumps(wrapped(document)) for document in BOTH),
}


@pytest.mark.parametrize("name", FILES)
def test_each_document_gives_a_result(name: str) -> None:
    mix, recording = import_all(FILES[name])
    assert (mix.errors, recording.errors) == ((), ())
    assert mix.komposition is not None
    assert recording.komposition is not None
    assert [segment.id for segment in mix.komposition.tracks.video[0].segments] == ["Clouds", "Boats"]


def pieces(imported: Imported) -> list[tuple[str, str, Time, Time | None]]:
    assert imported.komposition is not None
    segments = imported.komposition.tracks.video[0].segments
    return [(segment.id, segment.source_id, segment.source_start, segment.source_duration) for segment in segments]


def microseconds(value: int) -> Time:
    return Time(Fraction(value), Unit.MICROSECONDS)


def test_a_segment_may_name_a_piece_of_a_recording_in_the_same_file() -> None:
    mix, _ = import_all(list(BOTH))
    assert pieces(mix) == [
        ("Clouds", "Fjord", microseconds(6973633), microseconds(4254250)),
        ("Boats", "Fjord", microseconds(60860800), microseconds(10643967)),
    ]


@pytest.mark.parametrize("sourceid", ["", "http://elsewhere", None])
def test_it_is_found_by_its_name_alone_too(sourceid: Any) -> None:
    mix = deepcopy(STORED)
    for segment in mix["segments"]:
        segment["sourceid"] = sourceid
    assert pieces(import_all([mix, RECORDING])[0]) == pieces(import_all([STORED, RECORDING])[0])


def test_a_recording_that_the_komposition_does_not_list_is_added_to_its_sources() -> None:
    mix = {**STORED, "sources": []}
    (imported, _) = import_all([mix, RECORDING])
    assert imported.komposition is not None
    (source,) = imported.komposition.sources
    assert (source.id, source.url) == ("Fjord:136", "https://example.org/watch?f=136")


def test_without_the_recording_the_whole_source_is_taken() -> None:
    assert [piece[2:] for piece in pieces(import_komposition(STORED))] == [(seconds(0), None)] * 2


def test_a_piece_of_unknown_name_in_an_unnamed_source_is_an_error() -> None:
    mix = {**deepcopy(STORED), "sources": []}
    for segment in mix["segments"]:
        segment["sourceid"] = ""
    found = [(finding.pointer, finding.code) for finding in import_komposition(mix).errors]
    assert found == [("/segments/1/sourceid", "missing_source"), ("/segments/0/sourceid", "missing_source")]


def test_pointers_lead_through_what_is_around_a_document() -> None:
    broken = {**deepcopy(RECORDING), "segments": [{"id": "a", "start": "x", "end": 5}]}
    _, imported = import_all({"rows": [wrapped(STORED), wrapped(broken)]})
    assert [finding.pointer for finding in imported.errors] == ["/rows/1/doc/segments/0/start"]


def test_what_is_around_a_document_is_kept() -> None:
    (imported,) = import_all(wrapped(STORED))
    assert imported.komposition is not None
    assert imported.komposition.extra["wrapping"] == {"id": "Fjord mix", "key": "Fjord mix", "value": {"rev": "7-80e5"}}


def test_a_broken_document_leaves_the_others_readable() -> None:
    good = json.dumps(CANONICAL)
    first, second, third = import_all(f'{good}\n{{"segments": [}}\n{good}')
    assert (first.errors, third.errors) == ((), ())
    assert [finding.code for finding in second.errors] == ["not_json_text"]
    assert "line 2" in second.errors[0].detail


LOOSE = """// A film that somebody wrote by hand.
{
  "bpm": 120, /* four to the bar,
                 "as ever" */
  "segments": [
    {"id": "a", "sourceRef": "a//b.mp4", "startBeat": 0, "endBeat": 8, "note": "/* stays, ] */"}, // the first
  ],
}
"""


def test_comments_and_needless_commas_are_skipped_and_told() -> None:
    (imported,) = import_all(LOOSE)
    assert imported.komposition is not None, imported.errors
    (segment,) = imported.komposition.tracks.video[0].segments
    assert segment.extra["note"] == "/* stays, ] */"
    assert imported.komposition.sources[0].url == "a//b.mp4"
    assert "not_strict_json" in {finding.code for finding in imported.warnings}


def test_places_are_those_of_the_text_with_its_comments() -> None:
    (imported,) = import_all(LOOSE.replace("120", '"120"'))
    assert locate(imported, ["/bpm"]) == {"/bpm": (3, 10)}


def test_after_a_hundred_broken_values_the_rest_is_not_read() -> None:
    results = import_all('{"a" 1}\n' * 100_000)
    assert len(results) == 101
    assert "the rest was not tried" in results[-1].errors[0].detail
