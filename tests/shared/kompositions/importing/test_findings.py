"""What is odd in a document is told where it is, with a code, a sentence and a way out."""

from copy import deepcopy
from typing import Any

import pytest

from shared.kompositions.importing import Finding, Severity, import_komposition
from tests.shared.kompositions.importing.samples import METADATA, STORED, STRETCHED, Document


def stored(*segments: tuple[Any, Any], **fields: Any) -> Document:
    """A komposition of the document store with segments from and to these beats."""
    cut = [{"id": f"s{n}", "sourceid": "v", "start": start, "end": end} for n, (start, end) in enumerate(segments)]
    source = {"id": "v", "url": "v.mp4", "mediatype": "video"}
    return {"type": "Komposition", "bpm": 120, "segments": cut, "sources": [source], **fields}


def found(document: Document) -> dict[str, str]:
    """Codes by pointer."""
    return {finding.pointer: finding.code for finding in import_komposition(document).findings}


def one(document: Document) -> Finding:
    (finding,) = import_komposition(document).findings
    return finding


CASES: list[tuple[Document, dict[str, str]]] = [
    (stored((0, 4), (6, 8)), {"/segments/1/start": "gap"}),
    (stored((6, 8), (2, 6)), {"/segments/1/start": "gap"}),
    (stored((0, 4), (3, 8)), {"/segments/1/start": "overlap"}),
    (stored((0, 4), (4, 4)), {"/segments/1/end": "empty_slot"}),
    (stored((0, 4), (4, 20), beatpattern={"frombeat": 0, "tobeat": 16}), {"/segments/1/end": "past_end"}),
    (stored((0, 4), bpm=0), {"": "bpm_unset"}),
    (stored((0, 4), bpm=-1), {"": "bpm_unset"}),
    (stored((0, 4), bpm=None, beatpattern={"masterbpm": 90}), {}),
    (stored((0, 4), beatpattern={"masterbpm": 90}), {"/beatpattern/masterbpm": "bpm_conflict"}),
    (stored((0, 4), config={"bpm": 90}), {"/config/bpm": "bpm_conflict"}),
    (stored((0, 4), bpm=900), {"/bpm": "less_than_equal"}),
    (stored((0, 4), bpm=[]), {"/bpm": "not_a_number", "": "bpm_unset"}),
    (stored(("0", "4.0")), {"/segments/0/start": "number_as_text", "/segments/0/end": "number_as_text"}),
    (stored((-1, 4)), {"/segments/0/start": "negative_time"}),
    (stored((0, 4), config={"width": 321, "height": 180}), {"/config/width": "multiple_of"}),
    (stored((0, 4), config={"extension": "avi"}), {"/config/extension": "unknown_container"}),
    (stored((0, 4), config={"width": 640}, resolution="320x180"), {"/resolution": "output_conflict"}),
    (
        stored((0, 4), transitions=[{"from": "s0", "to": "s1", "type": "star"}]),
        {"/transitions/0": "unknown_transition"},
    ),
    (
        stored((0, 4), transitions=[{"from": "s0", "to": "s9", "type": "fade", "duration": 1}]),
        {"/transitions/0/to": "unknown_segment"},
    ),
    (stored((0, 4), segments=5), {"/segments": "not_a_list", "": "nothing_to_render"}),
]


@pytest.mark.parametrize(("document", "expected"), CASES)
def test_what_is_odd_is_told_at_its_place(document: Document, expected: dict[str, str]) -> None:
    assert found(document) == expected


def test_segments_may_come_in_any_order() -> None:
    imported = import_komposition(stored((4, 8), (0, 4), (8, 12)))
    assert imported.findings == ()
    assert imported.komposition is not None
    assert [segment.id for segment in imported.komposition.tracks.video[0].segments] == ["s1", "s0", "s2"]


def test_a_source_that_nothing_matches_is_an_error_with_a_guess() -> None:
    document = deepcopy(STRETCHED)
    document["segments"][0]["sourceid"] = "drive_scene_1"
    (finding,) = import_komposition(document).errors
    assert (finding.pointer, finding.code) == ("/segments/0/sourceid", "unknown_source")
    assert "Did you mean 'drive'?" in finding.detail


@pytest.mark.parametrize("reference", ["v", "V", "v.mp4", "clips/v.mp4", "file://v.mp4", "https://example.org/a/v.mp4"])
def test_a_source_is_known_by_its_id_its_address_and_its_files_name(reference: str) -> None:
    document = stored((0, 4))
    document["segments"][0]["sourceid"] = reference
    imported = import_komposition(document)
    assert imported.komposition is not None
    assert imported.komposition.tracks.video[0].segments[0].source_id == "v"


def test_ids_given_twice_are_told_and_changed() -> None:
    document = stored((0, 4), (4, 8))
    document["segments"][1]["id"] = "s0"
    assert (one(document).pointer, one(document).code) == ("/segments/1/id", "duplicate_id")
    imported = import_komposition(document)
    assert imported.komposition is not None
    assert [segment.id for segment in imported.komposition.tracks.video[0].segments] == ["s0", "s0-2"]


def test_two_names_for_one_thing_that_say_different_things() -> None:
    document = stored((0, 4))
    document["segments"][0] |= {"sourceRef": "other.mp4"}
    assert found(document) == {"/segments/0/sourceRef": "alias_conflict"}


def test_an_end_and_a_duration_that_contradict_each_other() -> None:
    document = deepcopy(STORED)
    document["segments"][0]["duration"] = 31
    finding = one(document)
    assert (finding.pointer, finding.code) == ("/segments/0/duration", "slot_conflict")
    assert finding.severity is Severity.WARNING


def test_a_duration_in_seconds_may_be_rounded() -> None:
    document = deepcopy(METADATA)
    document["metadata"]["bpm"] = 130
    document["segments"][0] |= {"duration": 7.38, "params": {}}
    document["segments"][1] |= {"duration": 7.385}
    assert found(document) == {}


def test_unknown_effects_are_kept_and_told() -> None:
    document = deepcopy(METADATA)
    effect = {"type": "time_tunnel", "parameters": {"speed": 2}}
    document["segments"][0]["effects"] = [effect, {"type": "leica_look"}]
    imported = import_komposition(document)
    assert {finding.pointer: finding.code for finding in imported.findings} == {
        "/segments/0/effects/0": "unknown_effect"
    }
    assert imported.komposition is not None
    first = imported.komposition.tracks.video[0].segments[0]
    assert first.extra["unusedEffects"] == [effect]
    assert [effect.type for effect in first.effects] == ["leica_look"]


def test_parameters_that_an_effect_does_not_take_are_kept_and_told() -> None:
    document = deepcopy(METADATA)
    document["segments"][0]["effects"] = [{"type": "gaussian_blur", "parameters": {"radius": 3.0, "steps": 5}}]
    imported = import_komposition(document)
    assert {finding.pointer: finding.code for finding in imported.findings} == {
        "/segments/0/effects/0/parameters/steps": "effect_parameter"
    }
    assert imported.komposition is not None
    (blur,) = imported.komposition.tracks.video[0].segments[0].effects
    assert (blur.params, blur.extra) == ({"sigma": 3.0}, {"parameters": {"steps": 5}})


@pytest.mark.parametrize(
    ("name", "effect", "params"),
    [
        ("fadeIn", "fade_in", {}),
        ("FADE-IN", "fade_in", {}),
        ("fade_white_out", "fade_out", {"color": "#ffffff"}),
        ("blur", "gaussian_blur", {}),
        ("vintage", "vintage_color", {}),
        ("Film Noir", "film_noir", {}),
    ],
)
def test_effects_are_known_by_their_other_names(name: str, effect: str, params: Document) -> None:
    document = deepcopy(METADATA)
    document["segments"][0]["effects"] = [name]
    imported = import_komposition(document)
    assert imported.findings == ()
    assert imported.komposition is not None
    (made,) = imported.komposition.tracks.video[0].segments[0].effects
    assert (made.type, made.params) == (effect, params)


def test_every_finding_says_what_to_do() -> None:
    for document, _ in CASES:
        for finding in import_komposition(document).findings:
            assert finding.fix
            assert finding.detail.endswith((".", "?"))


def test_thousands_of_findings_are_counted_not_listed() -> None:
    document = stored(*((n * 2, n * 2 + 1) for n in range(1500)))
    findings = import_komposition(document).findings
    assert len(findings) == 1001
    assert findings[-1].code == "more_findings"
