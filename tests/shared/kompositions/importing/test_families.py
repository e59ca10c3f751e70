"""What documents of the wild say is what their kompositions do."""

from copy import deepcopy
from typing import Any

import pytest

from shared.kompositions import Komposition
from shared.kompositions.importing import Imported, import_komposition
from tests.shared.kompositions.importing.plan_samples import AUDIO_TIMING, BUILD_PLAN, COMPOSITION_PLAN
from tests.shared.kompositions.importing.samples import (
    EDITED,
    FLAT,
    GENERATED,
    LATE,
    METADATA,
    RECORDING,
    ROOTED,
    SEQUENCED,
    SPEECH,
    STORED,
    STRETCHED,
    TREE,
    Document,
)


def read(document: Document) -> Komposition:
    imported = import_komposition(document)
    assert imported.komposition is not None, imported.errors
    return imported.komposition


def told(document: Document) -> Any:
    return read(document).to_json()


def cuts(document: Document) -> Any:
    return told(document)["tracks"]["video"][0]["segments"]


def without_extra(parts: list[Any]) -> list[Any]:
    return [{key: value for key, value in part.items() if key != "extra"} for part in parts]


def findings(imported: Imported) -> dict[str, str]:
    return {finding.pointer: finding.code for finding in imported.findings}


def test_a_the_document_stores_komposition_in_beats() -> None:
    film = told(STORED)
    assert (film["title"], film["bpm"], film["outputs"]) == ("Fjord mix", 124, [{"fps": 24}])
    assert without_extra(film["tracks"]["video"][0]["segments"]) == [
        {"id": "Clouds", "sourceId": "Fjord", "start": {"beats": 0}, "end": {"beats": 16}},
        {"id": "Boats", "sourceId": "Fjord", "start": {"beats": 16}, "end": {"beats": 48}},
    ]
    assert film["tracks"]["audio"] == [{"id": "music", "clips": [{"id": "music", "sourceId": "Beat"}]}]
    assert [source["kind"] for source in film["sources"]] == ["video", "audio"]


def test_a_a_recording_in_microseconds() -> None:
    first, _ = without_extra(cuts(RECORDING))
    assert first == {
        **{"id": "Clouds", "sourceId": "Fjord:136", "start": {"microseconds": 6973633}},
        **{"end": {"microseconds": 11227883}, "sourceStart": {"microseconds": 6973633}},
        "sourceDuration": {"microseconds": 4254250},
    }
    assert import_komposition(RECORDING).findings == ()


def test_a_plus_the_stretch_is_that_of_trim_and_slot() -> None:
    drive, poster = cuts(STRETCHED)
    assert (drive["sourceStart"], drive["sourceDuration"]) == ({"seconds": 5}, {"seconds": 10})
    assert "sourceDuration" not in poster
    assert poster["extra"] == {"source_timing": {"static_duration": 8}, "stretch_factor": 1.0}
    assert told(STRETCHED)["sources"][0]["offset"] == {"seconds": 1.5}


def test_a_plus_a_factor_that_contradicts_is_told() -> None:
    document = deepcopy(STRETCHED)
    document["segments"][0]["stretch_factor"] = 1.25
    imported = import_komposition(document)
    assert findings(imported) == {"/segments/0/stretch_factor": "stretch_conflict"}
    assert "0.8" in imported.findings[0].detail


def test_b_transitions_and_effects_of_a_tree_become_a_graph() -> None:
    film = told(TREE)
    wipe, fade = film["tracks"]["video"][0]["transitions"]
    assert wipe == {
        **{"type": "gradient_wipe", "fromSegment": "intro", "toSegment": "middle", "duration": {"beats": 4}},
        **{"offset": {"beats": 2}},
        "extra": {
            "effect_id": "wipe",
            "parameters": {"gradient_type": "linear", "angle_degrees": 45, "easing_function": "ease_in_out"},
        },
    }
    assert (fade["type"], fade["fromSegment"], fade["toSegment"]) == ("crossfade", "middle", "outro")
    assert without_extra(film["effects"]) == [
        {
            "type": "leica_look",
            "id": "look",
            "inputs": [{"kind": "segment", "id": "intro"}, {"kind": "segment", "id": "middle"}],
        }
    ]


def test_b_what_only_passes_on_vanishes_and_doubles_nothing() -> None:
    document = deepcopy(TREE)
    inner = {"effect_id": "inner", "type": "leica_look", "applies_to": [{"type": "segment", "id": "intro"}]}
    group = {"effect_id": "group", "type": "passthrough", "children": [inner]}
    outer = {
        **{"effect_id": "outer", "type": "leica_look_enhanced", "children": [group]},
        "applies_to": [{"type": "effect_output", "id": "group"}, {"type": "effect_output", "id": "inner"}],
    }
    document["effects_tree"] = {"effect_id": "root", "type": "passthrough", "children": [outer]}
    nodes = {node["id"]: node["inputs"] for node in told(document)["effects"]}
    assert nodes == {
        "inner": [{"kind": "segment", "id": "intro"}],
        "outer": [{"kind": "effect", "id": "inner"}],
    }


def test_b_a_transition_from_the_output_of_another_joins_its_last_segment() -> None:
    document = deepcopy(TREE)
    first = {"effect_id": "first", "type": "crossfade", "parameters": {"duration_beats": 2}}
    second = {"effect_id": "second", "type": "gradient_wipe", "parameters": {"duration_beats": 2}}
    first["applies_to"] = [{"type": "segment", "id": "intro"}, {"type": "segment", "id": "middle"}]
    second["applies_to"] = [{"type": "effect_output", "id": "first"}, {"type": "segment", "id": "outro"}]
    document["effects_tree"] = {"effect_id": "root", "type": "passthrough", "children": [first, second]}
    joined = [
        (t["type"], t["fromSegment"], t["toSegment"]) for t in told(document)["tracks"]["video"][0]["transitions"]
    ]
    assert joined == [("crossfade", "intro", "middle"), ("gradient_wipe", "middle", "outro")]
    assert import_komposition(document).findings == ()


def test_b_opacity_over_one_input_from_nothing_is_a_fade() -> None:
    document = deepcopy(TREE)
    document["effects_tree"]["children"] = [
        {
            **{"effect_id": "o", "type": "opacity_transition", "applies_to": [{"type": "segment", "id": "outro"}]},
            "parameters": {"opacity_start": 0.0, "opacity_end": 1.0, "duration_beats": 8},
        }
    ]
    (node,) = told(document)["effects"]
    assert (node["type"], node["params"]) == ("fade_in", {"duration": 4.0})


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ([{"type": "effect_output", "id": "gone"}], "unknown_effect_output"),
        ([{"type": "effect_output", "id": "look"}], "effect_circle"),
        ([{"type": "segment", "id": "gone"}], "unknown_segment"),
        ([{"type": "planet", "id": "mars"}], "not_a_target"),
        ([{"type": "segment", "id": "intro"}, {"type": "segment", "id": "outro"}], "effect_apart"),
    ],
)
def test_b_effects_that_lead_nowhere_are_told_at_their_targets(targets: list[Document], code: str) -> None:
    document = deepcopy(TREE)
    document["effects_tree"]["children"][1]["applies_to"] = targets
    document["effects_tree"]["children"] = document["effects_tree"]["children"][:2]
    found = findings(import_komposition(document))
    assert code in found.values()
    assert next(pointer for pointer in found if found[pointer] == code).startswith(
        "/effects_tree/children/1/applies_to"
    )


def test_c_segments_music_output_and_range() -> None:
    film = told(METADATA)
    street, skyline = film["tracks"]["video"][0]["segments"]
    assert (street["sourceStart"], street["sourceDuration"]) == ({"seconds": 1.5}, {"seconds": 6})
    assert street["effects"] == [{"type": "leica_look"}]
    assert (skyline["start"], skyline["end"]) == ({"beats": 16}, {"beats": 32})
    assert {source["id"]: source["kind"] for source in film["sources"]} == {
        "street.mp4": "video",
        "skyline.png": "image",
        "Deep (Mix).mp3": "audio",
    }
    assert film["tracks"]["audio"][0]["clips"] == [
        {
            **{"id": "music", "sourceId": "Deep (Mix).mp3", "sourceStart": {"seconds": 10}, "volume": 0.4},
            **{"fadeIn": {"seconds": 1}, "fadeOut": {"seconds": 2}},
        }
    ]
    assert film["outputs"] == [
        {
            **{"width": 1920, "height": 1080, "videoCodec": "h264", "audioCodec": "aac", "preset": "medium"},
            "crf": 18,
        }
    ]
    assert film["render"] == {"start": {"beats": 0}, "end": {"beats": 24}}


def test_c_speech_lowers_the_music_while_it_lasts() -> None:
    film = told(SPEECH)
    intro, talk = film["tracks"]["video"][0]["segments"]
    assert (intro["muted"], talk["volume"]) == (True, 0.9)
    (clip,) = film["tracks"]["audio"][0]["clips"]
    assert clip["volume"] == [
        {"at": {"beats": 0}, "value": 0.5, "easing": "hold"},
        {"at": {"beats": 16}, "value": 0.2, "easing": "hold"},
        {"at": {"beats": 48}, "value": 0.5, "easing": "hold"},
    ]


def test_c_speech_music_of_one_segment_only() -> None:
    document = {key: value for key, value in SPEECH.items() if key != "globalAudio"}
    (clip,) = told(document)["tracks"]["audio"][0]["clips"]
    assert (clip["start"], clip["end"], clip["volume"]) == ({"beats": 16}, {"beats": 48}, 0.2)


def test_c_generated_effects_without_targets_are_for_all() -> None:
    film = told(GENERATED)
    first, second = film["tracks"]["video"][0]["segments"]
    assert (first["fit"], second["fit"]) == ("stretch", "trim")
    (crossing,) = film["tracks"]["video"][0]["transitions"]
    assert (crossing["fromSegment"], crossing["toSegment"]) == ("segment_0", "segment_1")
    assert crossing["duration"] == {"seconds": 0.5}
    assert [node["inputs"] for node in film["effects"]] == [[{"kind": "komposition"}]]
    assert film["mix"]["loudness"] == -12
    assert film["render"] == {"start": {"beats": 4}, "end": {"beats": 20}}
    assert film["outputs"] == [{"width": 720, "height": 1280, "videoCodec": "h264"}]


def test_c_late_effects_by_name_raw_filters_and_nested_timing() -> None:
    imported = import_komposition(LATE)
    film = told(LATE)
    one, two, three = film["tracks"]["video"][0]["segments"]
    assert (one["end"], two["start"], two["sourceStart"]) == ({"beats": 8}, {"beats": 8}, {"seconds": 8})
    assert two["effects"] == [{"type": "fade_in", "params": {"duration": 2.0}}]
    assert three["effects"] == [{"type": "sepia"}]
    assert [(crossing["type"], crossing["toSegment"]) for crossing in film["tracks"]["video"][0]["transitions"]] == [
        ("fadewhite", "two"),
        ("crossfade", "three"),
    ]
    assert [node["inputs"] for node in film["effects"]] == [[{"kind": "komposition"}]]
    raw = [effect for effect in one.get("effects", []) if effect["type"] == "ffmpeg_filter"]
    refused = findings(imported).get("/segments/0/effects/0/ffmpeg_filter") == "filter_not_allowed"
    assert bool(raw) != refused
    if raw:
        assert raw[0]["params"] == {"filter": "eq=contrast=1.2", "intensity": 0.5}


def test_c_late_a_filter_that_may_not_run_is_kept_and_told() -> None:
    document = deepcopy(LATE)
    raw = {"ffmpeg_filter": "movie=/etc/passwd", "intensity": 1.0}
    document["segments"][0]["effects"] = [raw]
    imported = import_komposition(document)
    assert findings(imported)["/segments/0/effects/0/ffmpeg_filter"] == "filter_not_allowed"
    assert imported.komposition is not None
    first = imported.komposition.tracks.video[0].segments[0]
    assert first.effects == []
    assert first.extra["unusedEffects"] == [raw]


def test_d_start_time_is_in_the_source() -> None:
    first, second = without_extra(cuts(FLAT))
    assert first == {
        **{"id": "segment-1", "sourceId": "video1", "start": {"beats": 0}, "end": {"beats": 8}},
        **{"sourceStart": {"seconds": 5}, "sourceDuration": {"seconds": 4}},
    }
    assert second["sourceDuration"] == {"seconds": 2}
    film = told(FLAT)
    assert film["tracks"]["audio"][0]["clips"][0]["sourceId"] == "audio1"
    assert without_extra(film["effects"])[0]["inputs"] == [{"kind": "komposition"}]
    assert (film["outputs"][0]["width"], film["outputs"][0]["height"]) == (1920, 1080)


def test_e_build_plan() -> None:
    film = told(BUILD_PLAN)
    first, second = film["tracks"]["video"][0]["segments"]
    assert (first["sourceStart"], first["sourceDuration"], first["fit"]) == ({"seconds": 2}, {"seconds": 6}, "stretch")
    assert second["fit"] == "trim"
    assert {node["id"]: node["inputs"] for node in film["effects"]} == {
        "op_0": [{"kind": "segment", "id": "cut_0"}],
        "op_1": [{"kind": "effect", "id": "op_0"}, {"kind": "segment", "id": "cut_1"}],
    }
    assert film["render"] == {"start": {"beats": 0}, "end": {"beats": 32}}


def test_e_composition_plan() -> None:
    film = told(COMPOSITION_PLAN)
    first, second = film["tracks"]["video"][0]["segments"]
    assert (first["start"], first["end"], first["fit"]) == ({"beats": 0}, {"beats": 16}, "trim")
    assert (first["sourceStart"], first["sourceDuration"]) == ({"seconds": 2}, {"seconds": 8})
    assert (second["sourceDuration"], read(COMPOSITION_PLAN).tracks.video[0].segments[1].effective_fit) == (
        *({"seconds": 12}, "stretch"),
    )
    assert first["effects"] == [{"type": "fade_out", "params": {"duration": 0.5}}]
    music, speech = film["tracks"]["audio"]
    assert music["clips"][0]["sourceStart"] == {"seconds": 3}
    assert (speech["role"], speech["clips"][0]["start"], speech["clips"][0]["end"]) == (
        *("speech", {"seconds": 1}),
        {"seconds": 7},
    )


def test_e_audio_timing_counts_factors_the_other_way_round() -> None:
    assert import_komposition(AUDIO_TIMING).findings == ()
    document = deepcopy(AUDIO_TIMING)
    document["extractedAudioFiles"]["speech_8s.wav"]["stretchFactor"] = 1.38
    assert findings(import_komposition(document)) == {
        "/extractedAudioFiles/speech_8s.wav/stretchFactor": "stretch_conflict"
    }
    film = told(AUDIO_TIMING)
    walk, talk = film["tracks"]["video"][0]["segments"]
    assert (walk["start"], walk["end"], walk["sourceDuration"]) == ({"seconds": 0}, {"seconds": 8}, {"seconds": 3.5})
    assert talk["muted"]
    speech = next(track for track in film["tracks"]["audio"] if track["id"] == "speech")
    assert (speech["clips"][0]["start"], speech["clips"][0]["end"]) == ({"seconds": 8}, {"seconds": 16})


def test_f_pieces_of_the_source_in_beats() -> None:
    first, second = cuts(EDITED)
    assert (first["sourceStart"], first["sourceDuration"], first["volume"]) == ({"beats": 3}, {"beats": 6}, 0.7)
    assert (second["start"], second["end"]) == ({"beats": 6}, {"beats": 12})
    assert told(EDITED)["beatsPerMeasure"] == 3


def test_trees_with_a_root_and_trees_in_time() -> None:
    transitions = told(ROOTED)["tracks"]["video"][0]["transitions"]
    assert [(crossing["type"], crossing["duration"]) for crossing in transitions] == [
        ("crossfade", {"seconds": 1}),
        ("slideleft", {"seconds": 0.5}),
    ]
    (crossing,) = told(SEQUENCED)["tracks"]["video"][0]["transitions"]
    assert (crossing["fromSegment"], crossing["offset"]) == ("one", {"seconds": 0.5})
    (node,) = told(SEQUENCED)["effects"]
    assert (node["type"], node["params"], node["inputs"]) == ("contrast", {"amount": 1.1}, [{"kind": "komposition"}])


def tree(*children: Document) -> Document:
    root = {"effect_id": "root", "type": "passthrough", "applies_to": [], "children": list(children)}
    cuts = [
        {"segment_id": name, "source_ref": f"{name}.mp4", "start_beat": 8 * place, "end_beat": 8 * place + 8}
        for place, name in enumerate("xy")
    ]
    return {"komposition_id": "t", "effects_schema_version": "1.0", "bpm": 120, "segments": cuts, "effects_tree": root}


def test_b_a_child_that_names_its_parents_output_comes_after_it() -> None:
    child = {"effect_id": "after", "type": "vignette", "applies_to": [{"type": "effect_output", "id": "look"}]}
    look = {"effect_id": "look", "type": "leica_look", "applies_to": [{"type": "segment", "id": "x"}]}
    effects = {node.id: node for node in read(tree({**look, "children": [child]})).effects}
    assert [(each.kind, each.id) for each in effects["look"].inputs] == [("segment", "x")]
    assert [(each.kind, each.id) for each in effects["after"].inputs] == [("effect", "look")]


def test_b_above_such_a_child_its_output_counts_and_not_its_parents() -> None:
    child = {"effect_id": "after", "type": "vignette", "applies_to": [{"type": "effect_output", "id": "look"}]}
    look = {"effect_id": "look", "type": "leica_look", "applies_to": [{"type": "segment", "id": "x"}]}
    outer = {"effect_id": "outer", "type": "film_noir", "applies_to": [], "children": [{**look, "children": [child]}]}
    effects = {node.id: node for node in read(tree(outer)).effects}
    assert [(each.kind, each.id) for each in effects["outer"].inputs] == [("effect", "after")]


def test_c_late_filters_in_two_lists_are_taken_once_each() -> None:
    document = deepcopy(METADATA) | {"filters": ["vignette"], "global_filters": [{"type": "film_noir"}]}
    assert [node.type for node in read(document).effects][-2:] == ["vignette", "film_noir"]
    assert [node.type for node in read(document).effects].count("vignette") == 1


def test_c_speech_of_the_whole_film() -> None:
    overlay = {"enabled": True, "backgroundMusic": "bed.mp3", "musicVolume": 0.2, "speechVolume": 0.9}
    document = {key: value for key, value in METADATA.items() if key != "globalAudio"} | {"speechOverlay": overlay}
    imported = import_komposition(document)
    assert imported.variant == "C-speech"
    assert imported.komposition is not None
    (track,) = imported.komposition.tracks.audio
    assert (track.role, track.clips[0].volume) == ("music", 0.2)
    assert imported.komposition.mix.original_volume == 0.9


def test_c_speech_that_is_switched_off_is_not_heard() -> None:
    overlay = {"enabled": False, "backgroundMusic": "bed.mp3"}
    document = {key: value for key, value in METADATA.items() if key != "globalAudio"} | {"speechOverlay": overlay}
    imported = import_komposition(document)
    assert imported.komposition is not None
    assert imported.komposition.tracks.audio == []
    assert "overlay_disabled" in {finding.code for finding in imported.warnings}


def test_e_build_plan_with_a_transition_between_two_extractions() -> None:
    document = deepcopy(BUILD_PLAN)
    document["effect_operations"] = [
        {
            **{"id": "op_0", "effect_type": "crossfade_transition", "input_files": ["cut_0", "cut_1"]},
            **{"output_file": "joined.mp4", "parameters": {"duration": 1.0}, "dependencies": []},
        },
        {"id": "op_1", "effect_type": "leica_look", "input_files": ["joined.mp4"], "dependencies": ["op_0"]},
    ]
    komposition = read(document)
    (transition,) = komposition.tracks.video[0].transitions
    assert (transition.type, transition.from_segment, transition.to_segment) == ("crossfade", "cut_0", "cut_1")
    (look,) = komposition.effects
    assert [each.id for each in look.inputs] == ["cut_0", "cut_1"]


def test_e_composition_plan_with_its_segments_at_the_top() -> None:
    slot, cutting = {"start": 0, "end": 4}, {"start": 1, "duration": 3}
    segment = {"id": "s", "time_slot": slot, "strategy": "time_stretch", "source": "a.mp4", "cutting": cutting}
    imported = import_komposition({"version": "2.0", "bpm": 120, "segments": [segment]})
    assert imported.variant == "E-composition-plan"
    assert imported.komposition is not None
    (made,) = imported.komposition.tracks.video[0].segments
    assert (float(made.source_start.value), made.fit) == (1.0, "stretch")


@pytest.mark.parametrize(("given", "volume"), [(80, 0.8), (4, 4.0), (250, 2.5)])
def test_f_volumes_too_large_for_a_share_are_percentages(given: int, volume: float) -> None:
    document = deepcopy(EDITED)
    document["segments"][0]["volume"] = given
    imported = import_komposition(document)
    assert imported.komposition is not None, imported.errors
    assert imported.komposition.tracks.video[0].segments[0].volume == volume
    assert ("volume_percent" in {finding.code for finding in imported.warnings}) is (given > 4)
