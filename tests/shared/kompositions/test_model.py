"""What a komposition may say, and what is answered to what it may not: all problems, each at its place, with a way out."""

import json
from typing import Any

import pytest

from shared.kompositions import InvalidKomposition, Komposition, parse_komposition
from tests.shared.kompositions.documents import Document, document, segment, transition

ONE = segment("one", "video", 0, 4)
TWO = segment("two", "still", 4, 8)


def problems(body: Any) -> dict[str, str]:
    """Codes by JSON pointer."""
    with pytest.raises(InvalidKomposition) as caught:
        parse_komposition(body)
    for error in caught.value.errors:
        assert error.detail.endswith("."), error
    return {error.pointer: error.code for error in caught.value.errors}


def test_a_komposition_reads_back_equal_from_its_json() -> None:
    body = document(ONE, TWO, transitions=(transition("crossfade", "one", "two", 1),), title="Film")
    komposition = parse_komposition(body)
    told = komposition.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert parse_komposition(json.loads(json.dumps(told))) == komposition
    assert told["segments"][0]["startBeat"] == 0


def test_what_is_left_out_has_a_sensible_value() -> None:
    body = {"sources": [{"id": "a", "assetId": "x", "kind": "video"}], "segments": [segment("s", "a", 0, 4)]}
    komposition = parse_komposition(body)
    assert (komposition.bpm, komposition.beats_per_measure) == (120, 4)
    assert (komposition.output.width, komposition.output.height, komposition.output.frame_rate) == (1280, 720, 30)
    assert komposition.segments[0].effective_fit == "trim"


def test_rates_of_film_and_television_are_exact() -> None:
    for rounded, whole in ((23.976, 24), (29.97, 30), (59.94, 60)):
        komposition = parse_komposition(document(ONE, output={"fps": rounded}))
        assert komposition.output.frame_rate * 1001 == whole * 1000


CASES: list[tuple[Document, dict[str, str]]] = [
    ({"bpm": -1}, {"/bpm": "greater_than_equal"}),
    ({"bpm": "120"}, {"/bpm": "float_type"}),
    ({"bpm": float("nan")}, {"/bpm": "finite_number"}),
    ({"tempo": 120}, {"/tempo": "extra_forbidden"}),
    ({"a/b~c": 1}, {"/a~1b~0c": "extra_forbidden"}),
    ({"segments": []}, {"/segments": "too_short"}),
    ({"segments": [ONE] * 201}, {"/segments": "too_long"}),
    ({"output": {"width": 321}}, {"/output/width": "multiple_of"}),
    ({"output": {"format": "exe"}}, {"/output/format": "literal_error"}),
    ({"output": {"preset": "veryfast; rm -rf /"}}, {"/output/preset": "literal_error"}),
    ({"segments": [{**ONE, "startBeat": -1}]}, {"/segments/0/startBeat": "greater_than_equal"}),
    ({"segments": [{**ONE, "sourceDuration": -2}]}, {"/segments/0/sourceDuration": "greater_than"}),
    ({"segments": [{**ONE, "endBeat": 0}]}, {"/segments/0/endBeat": "empty_slot"}),
    ({"segments": [{**ONE, "endBeat": 0.01}]}, {"/segments/0/endBeat": "slot_too_short"}),
    ({"segments": [{**ONE, "endBeat": 20_000}]}, {"/segments": "too_long"}),
    ({"segments": [ONE, {**TWO, "id": "one"}]}, {"/segments/1/id": "duplicate_id"}),
    ({"segments": [{**ONE, "sourceId": "gone"}]}, {"/segments/0/sourceId": "unknown_source"}),
    ({"segments": [{**ONE, "sourceId": "music"}]}, {"/segments/0/sourceId": "source_kind"}),
    ({"audio": {"music": {"sourceId": "gone"}}}, {"/audio/music/sourceId": "unknown_source"}),
    ({"audio": {"music": {"sourceId": "still"}}}, {"/audio/music/sourceId": "source_kind"}),
    ({"segments": [TWO, ONE]}, {"/segments/1/startBeat": "slots_out_of_order"}),
    ({"segments": [ONE, {**TWO, "startBeat": 3}]}, {"/segments/1/startBeat": "overlap"}),
    ({"transitions": [transition("star", "one", "two", 1)]}, {"/transitions/0/type": "literal_error"}),
    ({"transitions": [transition("crossfade", "one", "three", 1)]}, {"/transitions/0/toSegment": "unknown_segment"}),
    ({"transitions": [transition("crossfade", "two", "one", 1)]}, {"/transitions/0/toSegment": "not_neighbours"}),
    ({"transitions": [transition("crossfade", "one", "two", 5)]}, {"/transitions/0/duration": "transition_too_long"}),
    (
        {"transitions": [transition("crossfade", "one", "two", 0.01)]},
        {"/transitions/0/duration": "transition_too_short"},
    ),
    ({"transitions": [transition("crossfade", "one", "two", 1)] * 2}, {"/transitions/1": "duplicate_transition"}),
    (
        {"segments": [ONE, {**TWO, "startBeat": 5}], "transitions": [transition("crossfade", "one", "two", 1)]},
        {"/transitions/0/duration": "transition_over_gap"},
    ),
    (
        {"segments": [ONE, {**TWO, "startBeat": 3}], "transitions": [transition("crossfade", "one", "two", 2)]},
        {"/transitions/0/duration": "transition_duration"},
    ),
    (
        {
            "segments": [ONE, segment("two", "still", 3, 6), segment("three", "video", 4, 9)],
            "transitions": [transition("crossfade", "one", "two", 1), transition("crossfade", "two", "three", 2)],
        },
        {},
    ),
    (
        {
            "segments": [ONE, segment("two", "still", 3, 6), segment("three", "video", 3.5, 9)],
            "transitions": [transition("crossfade", "one", "two", 1), transition("crossfade", "two", "three", 2.5)],
        },
        {"/segments/1": "transitions_overlap"},
    ),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_every_problem_is_named_at_its_place(change: Document, expected: dict[str, str]) -> None:
    body = {**document(ONE, TWO), **change}
    if expected:
        assert problems(body) == expected
    else:
        parse_komposition(body)


def test_all_problems_are_named_at_once() -> None:
    body = document({**ONE, "sourceId": "gone"}, {**TWO, "endBeat": 1})
    assert problems(body) == {"/segments/0/sourceId": "unknown_source", "/segments/1/endBeat": "empty_slot"}


@pytest.mark.parametrize("body", [None, 5, "text", [], {}, {"segments": {}}, {"sources": [None]}, {"audio": []}])
def test_what_is_no_komposition_at_all_is_told_so(body: Any) -> None:
    assert problems(body)


def test_braces_in_an_id_are_told_as_they_are() -> None:
    with pytest.raises(InvalidKomposition) as caught:
        parse_komposition(document({**ONE, "sourceId": "{0}{x}"}))
    assert "'{0}{x}'" in caught.value.errors[0].detail


def test_the_model_refuses_by_itself_wherever_it_is_nested() -> None:
    from pydantic import BaseModel, ValidationError

    class Body(BaseModel):
        komposition: Komposition

    with pytest.raises(ValidationError) as caught:
        Body.model_validate({"komposition": document({**ONE, "sourceId": "gone"})})
    assert caught.value.errors()[0]["loc"] == ("komposition", "segments", 0, "sourceId")
