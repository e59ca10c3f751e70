"""Whatever is called OTIO gives a komposition or reasons, never a traceback."""

import json
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions.interchange import export_komposition, import_interchange
from tests.shared.kompositions.interchange.films import crossing, film, segment

SHOTS = (segment("a", "beach", 0, 4), segment("b", "city", 4, 8, sourceDuration={"seconds": 2}))
GOOD = json.loads(export_komposition(film(*SHOTS, transitions=(crossing("a", "b"),)), "otio").text)
PLACES: list[list[Any]] = [
    ["tracks"],
    ["global_start_time"],
    ["tracks", "children"],
    ["tracks", "children", 0, "children"],
    ["tracks", "children", 0, "children", 0, "source_range"],
    ["tracks", "children", 0, "children", 0, "source_range", "duration", "value"],
    ["tracks", "children", 0, "children", 0, "media_references"],
    ["tracks", "children", 0, "children", 0, "metadata", "kompo"],
    ["tracks", "children", 0, "children", 0, "name"],
    ["tracks", "children", 0, "children", 0, "OTIO_SCHEMA"],
    ["tracks", "children", 0, "children", 1, "in_offset"],
    ["tracks", "children", 0, "children", 1, "out_offset", "value"],
    ["tracks", "children", 0, "children", 1, "metadata"],
    ["tracks", "children", 0, "children", 2, "effects"],
    ["tracks", "children", 0, "children", 2, "effects", 0, "time_scalar"],
    ["tracks", "children", 0, "children", 2, "source_range", "start_time", "rate"],
    ["tracks", "children", 0, "source_range"],
    ["tracks", "children", 0, "kind"],
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        [0, -1, 1e308, 10**400, 0.1, "x", "Clip.99", "Nothing.1", [], {}, [None], [[[]]], {"OTIO_SCHEMA": 5}]
    ),
    st.dictionaries(
        st.sampled_from(["effects", "volume", "id", "sourceIn", "start"]), st.sampled_from([1, "1/0", [], "a"])
    ),
    st.text(max_size=5),
)


def descend(node: Any, key: Any) -> Any:
    """What is at a key or index, if an earlier change left it there."""
    if isinstance(node, dict):
        return node.get(key)
    return node[key] if isinstance(node, list) and isinstance(key, int) and len(node) > key else None


@settings(max_examples=120, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_wrong_types_and_values_are_told(changes: list[tuple[list[Any], Any]]) -> None:
    document = json.loads(json.dumps(GOOD))
    for path, value in changes:
        node = document
        for key in path[:-1]:
            node = descend(node, key)
        if isinstance(node, dict):
            node[path[-1]] = value
    imported = import_interchange(json.dumps(document), "otio")
    assert (imported.komposition is None) is bool(imported.errors)


@settings(max_examples=80, deadline=None)
@given(text=st.one_of(st.text(), st.binary()))
def test_text_and_bytes_of_any_kind_are_answered(text: str | bytes) -> None:
    imported = import_interchange(text)
    assert (imported.komposition is None) is bool(imported.errors)
    assert import_interchange(text, "otio").errors


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "not_json"),
        ("{", "not_json"),
        ('{"OTIO_SCHEMA": "Clip.1"}', "no_timeline"),
        ('{"a": ' * 500 + "1" + "}" * 500, "no_timeline"),
        (
            '{"OTIO_SCHEMA": "SerializableCollection.1", "children": [' * 50 + "1" + "]}" * 50,
            "no_timeline",
        ),
        (
            '{"OTIO_SCHEMA": "Timeline.1", "tracks": {"children": [1, null, {"OTIO_SCHEMA": "Gap.1"}]}}',
            "nothing_to_import",
        ),
        ("{" + " " * (64 * 1024 * 1024) + "}", "too_large"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(text: str, code: str) -> None:
    imported = import_interchange(text, "otio")
    assert imported.komposition is None
    assert code in {finding.code for finding in imported.findings}
    assert all(finding.detail.endswith(".") for finding in imported.findings)


def test_stacks_within_tracks_within_stacks_keep_their_place() -> None:
    clip: Any = {
        "OTIO_SCHEMA": "Clip.1",
        "name": "deep",
        "media_reference": {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "a.mov"},
        "source_range": {"start_time": {"value": 0, "rate": 24}, "duration": {"value": 24, "rate": 24}},
    }
    nested = {"OTIO_SCHEMA": "Stack.1", "children": [{"OTIO_SCHEMA": "Track.1", "children": [clip, clip]}]}
    track = {"OTIO_SCHEMA": "Track.1", "children": [nested, clip]}
    imported = import_interchange(json.dumps({"OTIO_SCHEMA": "Timeline.1", "tracks": {"children": [track]}}))
    assert imported.komposition is not None
    assert [finding.code for finding in imported.findings] == ["schema_left_out"]
    (only,) = imported.komposition.tracks.video[0].segments
    assert (only.start.value, only.end.value) == (48, 72)


def test_metadata_that_does_not_fit_is_left_out_and_told() -> None:
    document = json.loads(json.dumps(GOOD))
    document["tracks"]["children"][0]["children"][0]["metadata"]["kompo"] = {"volume": 99}
    imported = import_interchange(json.dumps(document))
    assert imported.komposition is not None
    assert [finding.code for finding in imported.findings] == ["metadata_left_out"]


def test_media_that_is_missing_is_told() -> None:
    timeline = otio.schema.Timeline("t")
    range_ = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(25, 25))
    track = otio.schema.Track("v", kind="Video")
    generated = otio.schema.Clip("bars", otio.schema.GeneratorReference("bars", "SMPTEBars"), range_)
    track.extend([otio.schema.Clip("lost", otio.schema.MissingReference(), range_), generated])
    timeline.tracks.append(track)
    imported = import_interchange(otio.adapters.write_to_string(timeline, "otio_json"))
    assert {finding.code for finding in imported.findings} == {"missing_media", "generator_left_out"}
    assert imported.komposition is not None
    assert [source.id for source in imported.komposition.sources] == ["lost"]
