"""OTIO: what goes out comes back, frame by frame; and OpenTimelineIO itself reads and writes the same."""

import json
from typing import Any

import opentimelineio as otio
from hypothesis import given, settings

from shared.kompositions import Komposition
from shared.kompositions.interchange import export_komposition, import_interchange
from tests.shared.kompositions.interchange.films import crossing, film, films, plan, segment, shown


def clips_of(komposition: Komposition) -> list[Any]:
    """The clips of the one video track, and the timeline, which must outlive them."""
    timeline = otio.adapters.read_from_string(export_komposition(komposition, "otio").text, "otio_json")
    (track,) = timeline.video_tracks()
    return [*track.find_clips(), timeline]


@settings(max_examples=80, deadline=None)
@given(komposition=films(("crossfade", "wipeleft", "pixelize", "fadeblack")))
def test_every_slot_and_every_moment_of_a_file_comes_back(komposition: Komposition) -> None:
    imported = import_interchange(export_komposition(komposition, "otio").text)
    assert imported.findings == ()
    assert imported.komposition is not None
    assert shown(imported.komposition) == shown(komposition)
    assert plan(imported.komposition) == plan(komposition)
    assert [s.id for s in imported.komposition.tracks.video[0].segments] == [
        s.id for s in komposition.tracks.video[0].segments
    ]


@settings(max_examples=30, deadline=None)
@given(komposition=films(("crossfade",)))
def test_opentimelineio_sees_cuts_where_they_are(komposition: Komposition) -> None:
    *clips, _timeline = clips_of(komposition)
    rate = float(komposition.output.frame_rate)
    slots = shown(komposition)
    assert len(clips) == len(slots)
    for place, (clip, slot) in enumerate(zip(clips, slots, strict=True)):
        cut = clip.range_in_parent()
        lead = slot.transition[1] // 2 if slot.transition else 0
        after = slots[place + 1].transition if place + 1 < len(slots) else None
        assert cut.start_time.rate == rate
        assert cut.start_time.value == slot.start + lead
        assert cut.end_time_exclusive().value == slot.end - (after[1] - after[1] // 2 if after else 0)
        assert clip.media_reference.target_url == slot.source


def test_what_only_kompo_says_comes_back_from_the_metadata() -> None:
    framing = {"shots": [{"start": {"seconds": 0}, "layout": "fit"}]}
    looks = {
        "effects": [{"type": "leica_look"}],
        **{"volume": 0.5, "scale": "cover", "framing": framing, "fadeIn": {"beats": 1}},
    }
    komposition = film(segment("a", "beach", 0, 4, **looks), segment("b", "city", 4, 8, muted=True))
    export = export_komposition(komposition, "otio")
    imported = import_interchange(export.text).komposition
    assert imported is not None
    one, two = imported.tracks.video[0].segments
    assert ([effect.type for effect in one.effects], one.volume, one.scale) == (["leica_look"], 0.5, "cover")
    assert one.framing is not None and one.framing.shots[0].layout == "fit"
    assert two.muted
    assert not one.muted
    assert {loss.pointer for loss in export.losses} == {
        f"/tracks/video/0/segments/0/{field}" for field in ("effects", "volume", "scale", "framing")
    } | {"/tempo"}


def test_tracks_of_pictures_and_sound_come_back() -> None:
    top = {"id": "top", "segments": [segment("logo", "logo", 2, 4)]}
    music = {"id": "music", "clips": [{"id": "m", "sourceId": "song", "start": {"beats": 1}, "end": {"beats": 5}}]}
    base = film(segment("a", "beach", 0, 8)).model_dump(mode="json", by_alias=True, exclude_none=True)
    base["tracks"]["video"].append(top)
    base["tracks"]["audio"] = [music]
    komposition = Komposition.model_validate(base)
    imported = import_interchange(export_komposition(komposition, "otio").text)
    assert imported.komposition is not None
    assert [track.id for track in imported.komposition.tracks.video] == ["video", "top"]
    assert plan(imported.komposition) == plan(komposition)
    (track,) = imported.komposition.tracks.audio
    (clip,) = track.clips
    assert (track.id, clip.id, clip.start.value, clip.end and clip.end.value) == ("music", "m", 25, 125)


def test_a_timeline_made_elsewhere_is_taken() -> None:
    def time(value: float) -> otio.opentime.RationalTime:
        return otio.opentime.RationalTime(value, 24)

    def clip(name: str, start: float, length: float, begin: float = 86_400) -> otio.schema.Clip:
        available = otio.opentime.TimeRange(time(begin), time(1000))
        reference = otio.schema.ExternalReference(f"file:///Volumes/x/{name}.mov", available)
        return otio.schema.Clip(name, reference, otio.opentime.TimeRange(time(start), time(length)))

    track = otio.schema.Track("V1", kind="Video")
    frozen, slow = clip("b", 86_410, 24), clip("c", 86_410, 48)
    frozen.effects.append(otio.schema.FreezeFrame())
    slow.effects.append(otio.schema.LinearTimeWarp(time_scalar=0.5))
    slow.markers.append(otio.schema.Marker("laugh", otio.opentime.TimeRange(time(86_412), time(1))))
    gap = otio.schema.Gap(source_range=otio.opentime.TimeRange(time(0), time(12)))
    dissolve = otio.schema.Transition("d", "SMPTE_Dissolve", time(4), time(6))
    track.extend([clip("a", 86_448, 24), gap, frozen, dissolve, slow, otio.schema.Stack("nested")])
    timeline = otio.schema.Timeline("Reel")
    timeline.tracks.append(track)
    imported = import_interchange(otio.adapters.write_to_string(timeline, "otio_json"))
    assert imported.komposition is not None
    assert {finding.code for finding in imported.findings} == {"schema_left_out", "no_length"}
    a, b, c = shown(imported.komposition)
    assert (a.source, a.start, a.end, a.source_in) == ("file:///Volumes/x/a.mov", 0, 24, 2)
    assert (b.start, b.end, b.speed, b.source_in * 24) == (36, 66, 0, 10)
    assert (c.start, c.end, c.speed, c.source_in * 24, c.transition) == (56, 108, 0.5, 8, ("crossfade", 10))
    laugh = imported.komposition.tracks.video[0].segments[2].extra["markers"]
    assert laugh == [{"name": "laugh", "color": "RED", "seconds": 86_412 / 24}]


def test_sound_under_its_picture_is_the_segments_own_and_a_picture_without_is_silent() -> None:
    def clip(name: str, start: float, url: str) -> otio.schema.Clip:
        span = otio.opentime.TimeRange(otio.opentime.RationalTime(start, 25), otio.opentime.RationalTime(50, 25))
        return otio.schema.Clip(name, otio.schema.ExternalReference(url), span)

    timeline = otio.schema.Timeline("t")
    pictures, sounds = otio.schema.Track("V1", kind="Video"), otio.schema.Track("A1", kind="Audio")
    pictures.extend([clip("talk", 10, "a.mov"), clip("mute", 70, "a.mov")])
    sounds.extend([clip("talk", 10, "a.mov"), clip("music", 0, "song.wav")])
    timeline.tracks.extend([pictures, sounds])
    imported = import_interchange(otio.adapters.write_to_string(timeline, "otio_json")).komposition
    assert imported is not None
    assert [segment.muted for segment in imported.tracks.video[0].segments] == [False, True]
    (track,) = imported.tracks.audio
    assert [(clip.id, clip.start.value) for clip in track.clips] == [("music", 50)]


def test_a_loop_is_written_out_and_a_held_end_is_a_held_frame() -> None:
    looped = segment("l", "beach", 0, 5, fit="loop", sourceDuration={"seconds": 2})
    held = segment("f", "city", 5, 8, fit="freeze", sourceStart={"seconds": 1}, sourceDuration={"seconds": 1})
    *clips, _timeline = clips_of(film(looped, held))
    ranges = [(c.source_range.start_time.value, c.source_range.duration.value, len(c.effects)) for c in clips]
    assert ranges == [(0, 50, 0), (0, 50, 0), (0, 25, 0), (25, 25, 0), (49, 75 - 25, 1)]


def test_no_path_of_this_machine_or_another_goes_out() -> None:
    body = film(segment("a", "beach", 0, 4)).model_dump(mode="json", by_alias=True, exclude_none=True)
    body["sources"][0]["url"] = "file:///home/me/secret%20place/my%20beach.mp4?token=abc"
    komposition = Komposition.model_validate(body)
    for name in ("otio", "fcpxml", "fcp7", "edl"):
        text = export_komposition(komposition, name).text  # type: ignore[arg-type]
        assert "beach.mp4" in text
        assert "secret" not in text
        assert "token" not in text


def test_an_export_is_json_of_the_current_schemas() -> None:
    text = export_komposition(
        film(segment("a", "beach", 0, 1), segment("b", "city", 1, 2), transitions=(crossing("a", "b", duration=0.5),)),
        "otio",
    ).text
    assert json.loads(text)["OTIO_SCHEMA"] == "Timeline.1"


@settings(deadline=None, max_examples=30)
@given(komposition=films(("crossfade", "wipeleft")))
def test_the_library_writes_what_it_reads_as_we_do(komposition: Komposition) -> None:
    text = export_komposition(komposition, "otio").text
    again = otio.adapters.write_to_string(otio.adapters.read_from_string(text, "otio_json"), "otio_json")
    # The library reads the last digit of a number otherwise.
    one, other = (json.loads(written, parse_float=lambda told: round(float(told), 9)) for written in (again, text))
    assert one == other
