"""The diff says what a person would say, once, with a place for it; and it is never silent."""

from typing import Any

import pytest

from shared.kompositions import parse_komposition
from shared.kompositions.diff import Change, diff_kompositions
from tests.shared.kompositions.diff.edits import edited, film

SEGMENTS = "/tracks/video/0/segments"
TRANSITION = "/tracks/video/0/transitions/0"


def told(*edits: tuple[str, Any]) -> list[str]:
    return [change.text for change in diff_kompositions(edited(), edited(*edits))]


def moved(first: int, by: float, count: int = 4) -> list[tuple[str, Any]]:
    """Edits that move segments from the index on."""
    return [
        (f"{SEGMENTS}/{index}/{side}", {"beats": 4 * index + more + by})
        for index in range(first, count)
        for side, more in (("start", 0), ("end", 4))
    ]


CASES: list[tuple[list[tuple[str, Any]], list[str]]] = [
    ([], []),
    (moved(3, 4), ["Segment 4 moved 4 beats later"]),
    (moved(2, 0.5), ["Segments 3 and 4 moved 0.5 beats later"]),
    (
        [(f"{SEGMENTS}/0/start", {"beats": 2})],
        ["Segment 'intro' starts 2 beats later and is 2 beats shorter"],
    ),
    ([(f"{SEGMENTS}/3/end", {"beats": 17})], ["Segment 4 is 1 beat longer"]),
    (
        [(f"{SEGMENTS}/3/start", {"beats": 14}), (f"{SEGMENTS}/3/end", {"beats": 17})],
        ["Segment 4 moved 2 beats later and is 1 beat shorter"],
    ),
    ([(f"{SEGMENTS}/3/end", {"seconds": 8})], ["Segment 4: counted in beats and seconds instead of beats"]),
    ([(f"{SEGMENTS}/3/end", {"seconds": 8.5})], ["Segment 4 is 0.5 seconds longer"]),
    ([(f"{SEGMENTS}/3/sourceId", "a")], ["Segment 4 shows 'a' instead of 'b'"]),
    ([(f"{SEGMENTS}/{n}/muted", True) for n in range(4)], ["Segments 1–4 are muted"]),
    ([(f"{SEGMENTS}/1/volume", 0.5)], ["Segment 2: volume 1 → 0.5"]),
    ([(f"{SEGMENTS}/1/reverse", True)], ["Segment 2 plays backwards"]),
    ([(f"{SEGMENTS}/1/fit", "loop")], ["Segment 2: fit none → 'loop'"]),
    ([(f"{SEGMENTS}/1/effects", [{"type": "leica_look"}])], ["Segment 2: added effect 'leica_look'"]),
    ([(f"{SEGMENTS}/1/extra", {"mood": "sad"})], ["Segment 2: extra 'mood' set to 'sad'"]),
    ([(f"{SEGMENTS}/3", None)], ["Removed segment 4 of 'b' from 12 to 16 beats"]),
    (
        [(f"{SEGMENTS}/-", {"id": "outro", "sourceId": "a", "start": {"beats": 16}, "end": {"seconds": 9}})],
        ["Added segment 'outro' of 'a' from 16 beats to 9 seconds"],
    ),
    (
        [
            (f"{SEGMENTS}/-", {"id": f"s{n}", "sourceId": "a", "start": {"beats": 4 * n - 4}, "end": {"beats": 4 * n}})
            for n in (5, 6, 7)
        ],
        ["Added segments 5–7"],
    ),
    ([(f"{TRANSITION}/type", "wipeleft")], ["The crossfade between 'intro' and 's2' became a wipeleft"]),
    ([(f"{TRANSITION}/duration", {"beats": 2})], ["The crossfade between 'intro' and 's2' is 1 beat longer"]),
    ([(TRANSITION, None)], ["Removed the crossfade between 'intro' and 's2'"]),
    ([(f"{SEGMENTS}/3/id", "ending")], ["Segment 4 is now called 'ending'"]),
    (
        [(f"{SEGMENTS}/0/id", "opening"), (f"{TRANSITION}/fromSegment", "opening")],
        ["Segment 'intro' is now called 'opening'"],
    ),
    ([("/bpm", 128)], ["bpm 120 → 128"]),
    ([("/title", "Film")], ["title none → 'Film'"]),
    ([("/tempo", [{"atBeat": 8, "bpm": 90}])], ["Added a tempo change at beat 8 to 90 bpm"]),
    ([("/outputs", [{"width": 1920, "height": 1080}])], ["Output 1280x720 → 1920x1080"]),
    ([("/outputs", [{"crf": 30}])], ["Output: crf 21 → 30"]),
    ([("/outputs", [{}, {"container": "webm"}])], ["Added output 2"]),
    ([("/sources/0/assetId", "asset-c")], ["Source 'a' was replaced: it is asset 'asset-c' now"]),
    (
        [("/sources/-", {"id": "logo", "kind": "image"})],
        ["Added source 'logo' (image)"],
    ),
    ([("/tracks/audio/0/volume", 0.25)], ["Audio track 'music': volume 1 → 0.25"]),
    ([("/tracks/audio/0/clips/0/fadeIn", {"beats": 2})], ["Clip 1 on track 'music': fade in 0 seconds → 2 beats"]),
    ([("/tracks/audio/0/ducking", {"ratio": 4})], ["Audio track 'music': ducking none → set"]),
    ([("/tracks/overlay/0/items/0/text", "Bye")], ["The text overlay 'Hello': text 'Hello' → 'Bye'"]),
    ([("/tracks/overlay/0/items/0/end", {"beats": 6})], ["The text overlay 'Hello' is 2 beats longer"]),
    (
        [("/tracks/overlay/0/items/-", {"id": "t2", "kind": "text", "text": "World", "end": {"beats": 4}})],
        ["Added a text overlay 'World' from 0 to 4 beats"],
    ),
    ([("/tracks/caption", [{"id": "words", "transcriptId": "t"}])], ["Added captions 'words'"]),
    ([("/mix", {"loudness": -14})], ["Mix: loudness none → -14"]),
    ([("/mix", {"muted": True})], ["Mix is muted"]),
    ([("/render", {"end": {"beats": 8}})], ["Part to render: end none → 8 beats"]),
    ([("/layouts", [{"kind": "full", "tracks": ["video"]}])], ["Added a full layout of 'video'"]),
    ([("/extra", {"mood": "calm"})], ["extra 'mood' set to 'calm'"]),
    (
        [("/effects", [{"id": "e", "type": "leica_look", "inputs": [{"kind": "komposition"}]}])],
        ["Added the effect 'leica_look' on everything"],
    ),
]


@pytest.mark.parametrize(("edits", "expected"), CASES)
def test_it_says_what_a_person_would_say(edits: list[tuple[str, Any]], expected: list[str]) -> None:
    assert told(*edits) == expected


def test_a_new_tempo_moves_nothing_that_is_counted_in_beats() -> None:
    assert told(("/bpm", 60)) == ["bpm 120 → 60"]


def test_a_beat_that_is_written_in_the_seconds_of_the_new_tempo_has_not_moved() -> None:
    edits = [("/bpm", 60), (f"{SEGMENTS}/3/end", {"seconds": 16})]
    assert told(*edits) == ["bpm 120 → 60", "Segment 4: counted in beats and seconds instead of beats"]


def test_a_longer_segment_and_those_after_it_are_two_sentences() -> None:
    changes = diff_kompositions(edited(), edited((f"{SEGMENTS}/1/end", {"beats": 10}), *moved(2, 2)))
    assert [change.text for change in changes] == [
        "Segment 2 is 2 beats longer",
        "Segments 3 and 4 moved 2 beats later",
    ]
    assert changes[1].kind == "moved"
    assert changes[1].pointers == tuple(f"{SEGMENTS}/{n}/{side}" for n in (2, 3) for side in ("start", "end"))
    assert (changes[1].before, changes[1].after) == ({"beats": 8}, {"beats": 10})


def test_a_segment_that_is_put_on_another_track_is_no_other_segment() -> None:
    body = film()
    segment = body["tracks"]["video"][0]["segments"].pop()
    body["tracks"]["video"].append({"id": "top", "segments": [segment]})
    changes = diff_kompositions(edited(), parse_komposition(body))
    assert [change.text for change in changes] == [
        "Added video track 'top' with 1 segment",
        "Segment 1 on track 'top' moved from track 'video'",
    ]


def test_a_segment_that_is_made_again_is_told_as_one_that_changed() -> None:
    again = {"id": "new", "sourceId": "a", "start": {"beats": 12}, "end": {"beats": 16}}
    assert told((f"{SEGMENTS}/3", again)) == [
        "Segment 4 is now called 'new'",
        "Segment 'new' shows 'a' instead of 'b'",
        "Segment 'new': source start 9 seconds → 0 seconds",
    ]


def test_whatever_names_a_renamed_source_follows_it_in_silence() -> None:
    edits = [("/sources/1/id", "beach"), (f"{SEGMENTS}/1/sourceId", "beach"), (f"{SEGMENTS}/3/sourceId", "beach")]
    (change,) = diff_kompositions(edited(), edited(*edits))
    assert change.text == "Source 'b' is now called 'beach'"
    assert change.pointers == ("/sources/1/id", f"{SEGMENTS}/1/sourceId", f"{SEGMENTS}/3/sourceId")


def test_parameters_of_effects_are_told_one_by_one() -> None:
    blur = [{"type": "leica_look", "params": {}}]
    before = edited((f"{SEGMENTS}/0/effects", blur), ("/extra", {"a": 1, "b": True}))
    after = edited((f"{SEGMENTS}/0/effects", [*blur, *blur]), ("/extra", {"a": 2, "b": 1}))
    assert [change.text for change in diff_kompositions(before, after)] == [
        "Segment 'intro': added effect 'leica_look'",
        "extra 'a' 1 → 2",
        "extra 'b' yes → 1",
    ]


def test_a_change_is_a_record_with_json() -> None:
    (change,) = diff_kompositions(edited(), edited((f"{SEGMENTS}/3", None)))
    segment = {"id": "s4", "sourceId": "b", "start": {"beats": 12}, "end": {"beats": 16}, "sourceStart": {"seconds": 9}}
    assert change == Change("removed", f"{SEGMENTS}/3", "Removed segment 4 of 'b' from 12 to 16 beats", segment, None)
