"""What a komposition may say, and what is answered to what it may not: all problems, each at its place, with a way out."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from shared.kompositions import InvalidKomposition, Komposition, parse_komposition
from tests.shared.kompositions.documents import Document, beats, clip, document, music, segment, track, transition

ONE = segment("one", "video", 0, 4)
TWO = segment("two", "still", 4, 8)
CROSSFADE = transition("crossfade", "one", "two", 1)
LOOK = {"type": "leica_look"}

SEGMENTS = "/tracks/video/0/segments"
TRANSITIONS = "/tracks/video/0/transitions"
CLIPS = "/tracks/audio/0/clips"
ITEMS = "/tracks/overlay/0/items"


def problems(body: Any) -> dict[str, str]:
    """Codes by JSON pointer."""
    with pytest.raises(InvalidKomposition) as caught:
        parse_komposition(body)
    for error in caught.value.errors:
        assert error.detail.endswith("."), error
    return {error.pointer: error.code for error in caught.value.errors}


def overlay(**item: Any) -> Document:
    """A komposition with one line of text over it."""
    body = document(ONE)
    body["tracks"]["overlay"] = [{"items": [{"kind": "text", "id": "t", "text": "Hello", **item}]}]
    return body


def node(name: str, *inputs: tuple[str, str | None]) -> Document:
    """An effect over what its inputs lead to."""
    given = [{"kind": kind, **({"id": target} if target else {})} for kind, target in inputs]
    return {"id": name, "type": "leica_look", "inputs": given}


def keyframes(*steps: tuple[float, float]) -> list[Document]:
    return [{"at": beats(at), "value": value} for at, value in steps]


STRUCTURE: list[tuple[Document, dict[str, str]]] = [
    (document(ONE, bpm=-1), {"/bpm": "greater_than_equal"}),
    (document(ONE, bpm="120"), {"/bpm": "float_type"}),
    (document(ONE, bpm=float("nan")), {"/bpm": "finite_number"}),
    (document(ONE, schemaVersion="3.0"), {"/schemaVersion": "literal_error"}),
    (document(ONE, segments=[]), {"/segments": "extra_forbidden"}),
    (document(ONE, **{"a/b~c": 1}), {"/a~1b~0c": "extra_forbidden"}),
    (document(*[ONE] * 10_001), {SEGMENTS: "too_long"}),
    (document(ONE, output={"width": 321}), {"/outputs/0/width": "multiple_of"}),
    (document(ONE, output={"container": "exe"}), {"/outputs/0/container": "literal_error"}),
    (document(ONE, output={"preset": "veryfast; rm -rf /"}), {"/outputs/0/preset": "literal_error"}),
    (document(ONE, output={"name": "../film"}), {"/outputs/0/name": "string_pattern_mismatch"}),
    (document({**ONE, "start": 0}), {f"{SEGMENTS}/0/start": "time_unit"}),
    (document({**ONE, "start": {"bars": 1}}), {f"{SEGMENTS}/0/start": "time_unit"}),
    (document({**ONE, "start": beats("x")}), {f"{SEGMENTS}/0/start": "time_value"}),
    (document({**ONE, "start": beats("1/0")}), {f"{SEGMENTS}/0/start": "time_value"}),
    (document({**ONE, "start": beats(10**30)}), {f"{SEGMENTS}/0/start": "time_value"}),
    (document({**ONE, "start": beats(-1)}), {f"{SEGMENTS}/0/start": "greater_than_equal"}),
    (document({**ONE, "sourceDuration": beats(0)}), {f"{SEGMENTS}/0/sourceDuration": "greater_than"}),
    (document({**ONE, "volume": "loud"}), {f"{SEGMENTS}/0/volume": "float_type"}),
    (document({"id": "one", "sourceId": "video"}), {f"{SEGMENTS}/0/start": "missing", f"{SEGMENTS}/0/end": "missing"}),
    (overlay(x="left", size=2), {f"{ITEMS}/0/x": "float_type", f"{ITEMS}/0/size": "less_than_equal"}),
    (overlay(text=5), {f"{ITEMS}/0/text": "string_type"}),
    (document(ONE, transitions=({**CROSSFADE, "type": "star"},)), {f"{TRANSITIONS}/0/type": "literal_error"}),
]

SLOTS: list[tuple[Document, dict[str, str]]] = [
    (document({**ONE, "end": beats(0)}), {f"{SEGMENTS}/0/end": "empty_slot"}),
    (document({**ONE, "end": beats(0.01)}), {f"{SEGMENTS}/0/end": "slot_too_short"}),
    (document({**ONE, "end": beats(20_000)}), {"/tracks": "too_long"}),
    (document(ONE, {**TWO, "id": "one"}), {f"{SEGMENTS}/1/id": "duplicate_id"}),
    (document(TWO, ONE), {f"{SEGMENTS}/1/start": "slots_out_of_order"}),
    (document(ONE, {**TWO, "start": beats(3)}), {f"{SEGMENTS}/1/start": "overlap"}),
    (document(ONE, {**TWO, "start": {"seconds": 3.5}}), {f"{SEGMENTS}/1/start": "overlap"}),
    (document({**ONE, "sourceId": "gone"}), {f"{SEGMENTS}/0/sourceId": "unknown_source"}),
    (document({**ONE, "sourceId": "music"}), {f"{SEGMENTS}/0/sourceId": "source_kind"}),
    (document(ONE, audio=(music(clip("m", "gone")),)), {f"{CLIPS}/0/sourceId": "unknown_source"}),
    (document(ONE, audio=(music(clip("m", "still")),)), {f"{CLIPS}/0/sourceId": "source_kind"}),
    (document(ONE, audio=(music(clip("m", "music", 4, 2)),)), {f"{CLIPS}/0/end": "empty_range"}),
    (document(), {"/tracks/video": "nothing_to_render"}),
    (document(ONE, render={"start": beats(9)}), {"/render/start": "empty_render"}),
    (document(ONE, render={"start": beats(2), "end": beats(1)}), {"/render/end": "empty_range"}),
]

JOINS: list[tuple[Document, dict[str, str]]] = [
    (
        document(ONE, TWO, transitions=({**CROSSFADE, "toSegment": "3"},)),
        {f"{TRANSITIONS}/0/toSegment": "unknown_segment"},
    ),
    (
        document(ONE, TWO, transitions=(transition("crossfade", "two", "one", 1),)),
        {f"{TRANSITIONS}/0/toSegment": "not_neighbours"},
    ),
    (
        document(ONE, TWO, transitions=(transition("crossfade", "one", "two", 5),)),
        {f"{TRANSITIONS}/0/duration": "transition_too_long"},
    ),
    (
        document(ONE, TWO, transitions=(transition("crossfade", "one", "two", 0.01),)),
        {f"{TRANSITIONS}/0/duration": "transition_too_short"},
    ),
    (document(ONE, TWO, transitions=(CROSSFADE, CROSSFADE)), {f"{TRANSITIONS}/1": "duplicate_transition"}),
    (
        document(ONE, {**TWO, "start": beats(5)}, transitions=(CROSSFADE,)),
        {f"{TRANSITIONS}/0/duration": "transition_over_gap"},
    ),
    (
        document(ONE, {**TWO, "start": beats(3)}, transitions=(transition("crossfade", "one", "two", 2),)),
        {f"{TRANSITIONS}/0/duration": "transition_duration"},
    ),
    (
        document(
            *(ONE, segment("two", "still", 3, 6), segment("three", "video", 3.5, 9)),
            transitions=(CROSSFADE, transition("crossfade", "two", "three", 2.5)),
        ),
        {f"{SEGMENTS}/1": "transitions_overlap"},
    ),
]

ACROSS: list[tuple[Document, dict[str, str]]] = [
    (
        document(ONE, tempo=[{"atBeat": 4, "bpm": 90}, {"atBeat": 4, "bpm": 60}]),
        {"/tempo/1/atBeat": "tempo_out_of_order"},
    ),
    (document({**ONE, "volume": 5.0}), {f"{SEGMENTS}/0/volume": "out_of_range"}),
    (document({**ONE, "volume": keyframes((2, 1), (1, 0))}), {f"{SEGMENTS}/0/volume/1/at": "keyframes_out_of_order"}),
    (document({**ONE, "effects": [{"type": "leica_lok"}]}), {f"{SEGMENTS}/0/effects/0/type": "unknown_effect"}),
    (document(ONE, effects=[node("e", ("segment", "gone"))]), {"/effects/0/inputs/0/id": "unknown_segment"}),
    (document(ONE, effects=[node("e", ("effect", "e"))]), {"/effects/0/inputs": "effect_circle"}),
    (
        document(
            ONE, TWO, segment("three", "video", 8, 9), effects=[node("e", ("segment", "one"), ("segment", "three"))]
        ),
        {"/effects/0/inputs": "effect_apart"},
    ),
    (
        document(
            *(ONE, TWO, segment("three", "video", 8, 9)),
            effects=[
                node("a", ("segment", "one"), ("segment", "two")),
                node("b", ("segment", "two"), ("segment", "three")),
            ],
        ),
        {"/effects/1/inputs": "effects_cross"},
    ),
    (
        document(ONE, layouts=[{"kind": "pip", "tracks": ["video", "gone"]}]),
        {"/layouts/0/tracks/1": "unknown_track"},
    ),
    (
        document(ONE, audio=(music(ducking={"under": ["music"]}),)),
        {"/tracks/audio/0/ducking/under/0": "unknown_track"},
    ),
    (document(ONE, output={"container": "webm", "videoCodec": "h264"}), {"/outputs/0/videoCodec": "codec_container"}),
    (document(video=(track("a", ONE), track("a", TWO))), {"/tracks/video/1/id": "duplicate_id"}),
]


@pytest.mark.parametrize(("body", "expected"), [*STRUCTURE, *SLOTS, *JOINS, *ACROSS])
def test_every_problem_is_named_at_its_place(body: Document, expected: dict[str, str]) -> None:
    assert problems(body) == expected


VALID: dict[str, Document] = {
    "slots that overlap under a transition": document(
        *(ONE, segment("two", "still", 3, 6), segment("three", "video", 4, 9)),
        transitions=(CROSSFADE, transition("crossfade", "two", "three", 2)),
    ),
    "slots in different units that meet": document(
        ONE, {**TWO, "start": {"frames": 120}, "end": {"microseconds": 6e6}}
    ),
    "a gap": document(ONE, segment("two", "video", 6, 8)),
    "effects within effects": document(
        ONE, TWO, effects=[node("a", ("segment", "two")), node("b", ("segment", "one"), ("effect", "a"))]
    ),
    "an effect over everything": document(ONE, TWO, effects=[node("a", ("komposition", None))]),
    "sound alone": document(video=(track("video"),), audio=(music(clip("m", "music", 0, 4)),)),
}


@pytest.mark.parametrize("name", VALID)
def test_what_can_be_rendered_is_taken(name: str) -> None:
    parse_komposition(VALID[name])


def test_all_problems_are_named_at_once() -> None:
    body = document({**ONE, "sourceId": "gone"}, {**TWO, "end": beats(1)})
    assert problems(body) == {f"{SEGMENTS}/0/sourceId": "unknown_source", f"{SEGMENTS}/1/end": "empty_slot"}


@pytest.mark.parametrize(
    "body", [None, 5, "text", [], {}, {"tracks": []}, {"sources": [None]}, {"tracks": {"video": {}}}]
)
def test_what_is_no_komposition_at_all_is_told_so(body: Any) -> None:
    assert problems(body)


def test_braces_in_an_id_are_told_as_they_are() -> None:
    with pytest.raises(InvalidKomposition) as caught:
        parse_komposition(document({**ONE, "sourceId": "{0}{x}"}))
    assert "'{0}{x}'" in caught.value.errors[0].detail


def test_the_model_refuses_by_itself_wherever_it_is_nested() -> None:
    class Body(BaseModel):
        komposition: Komposition

    with pytest.raises(ValidationError) as caught:
        Body.model_validate({"komposition": document({**ONE, "sourceId": "gone"})})
    location = caught.value.errors()[0]["loc"]
    assert location == ("komposition", "tracks", "video", 0, "segments", 0, "sourceId")


def test_a_long_chain_of_effects_is_no_burden() -> None:
    chain = [node("e0", ("segment", "one")), *(node(f"e{n}", ("effect", f"e{n - 1}")) for n in range(1, 1000))]
    assert len(parse_komposition(document(ONE, effects=chain)).effects) == 1000


def test_thousands_of_problems_are_found_in_one_pass() -> None:
    cuts = [segment(str(n), "video", n, n + 1) for n in range(3000)]
    joins = [transition("crossfade", str(n), str(n + 1), 0.001) for n in range(2999)]
    assert len(problems(document(*cuts, transitions=tuple(joins)))) == 2999


def test_caption_times_that_run_backwards_are_named_all_at_once() -> None:
    body = document(ONE)
    words = [{"word": "a", "start": 1, "end": 1.5}, {"word": "b", "start": 1.9, "end": 1.6}]
    cues = [
        {"start": 2, "end": 1, "text": "back"},
        {"start": 1, "end": 2, "text": "a b", "words": words},
        {"start": 3, "end": 3, "text": "none"},
    ]
    body["tracks"]["caption"] = [{"transcript": {"segments": cues}}]
    at = "/tracks/caption/0/transcript/segments"
    assert problems(body) == {
        f"{at}/0/end": "cue_times",
        f"{at}/1/words/1/end": "word_times",
        f"{at}/2/end": "cue_times",
    }
