"""FCPXML and FCP7 XML: well formed, in whole frames, without a hole; OTIO's readers see the same edits."""

import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings

from shared.kompositions import Komposition
from shared.kompositions.interchange import export_komposition
from tests.shared.kompositions.interchange.films import crossing, film, films, segment, shown

ALL = ("crossfade", "wipeleft", "pixelize")


def fcpxml(komposition: Komposition) -> ElementTree.Element:
    return ElementTree.fromstring(export_komposition(komposition, "fcpxml").text)


def fcp7(komposition: Komposition) -> ElementTree.Element:
    return ElementTree.fromstring(export_komposition(komposition, "fcp7").text)


def seconds(text: str | None) -> Fraction:
    assert text is not None
    assert text.endswith("s")
    return Fraction(text[:-1])


@settings(max_examples=50, deadline=None)
@given(komposition=films(ALL))
def test_fcpxml_counts_in_whole_frames_and_leaves_no_hole(komposition: Komposition) -> None:
    root, frame = fcpxml(komposition), 1 / komposition.output.frame_rate
    assert seconds(root.findtext("x") or root.find("resources/format").get("frameDuration")) == frame  # type: ignore[union-attr]
    for element in root.iter():
        for name in ("offset", "start", "duration", "time", "value"):
            if element.get(name) is not None:
                assert (seconds(element.get(name)) / frame).denominator == 1, (element.tag, name)
    spine = root.find(".//project/sequence/spine")
    assert spine is not None
    reached = Fraction(0)
    items = [item for item in spine if item.tag != "transition"]
    for item in items:
        assert seconds(item.get("offset")) == reached
        reached += seconds(item.get("duration"))
    assert reached == seconds(root.find(".//sequence").get("duration"))  # type: ignore[union-attr]
    cuts = {seconds(item.get("offset")) for item in items}
    for transition in spine.iterfind("transition"):
        begin, length = seconds(transition.get("offset")), seconds(transition.get("duration"))
        assert any(begin <= cut <= begin + length for cut in cuts)
    ids = {asset.get("id") for asset in root.iterfind("resources/asset")}
    assert {clip.get("ref") for clip in root.iter("asset-clip")} == ids


@settings(max_examples=50, deadline=None)
@given(komposition=films(ALL))
def test_an_fcpxml_time_map_shows_the_moment_that_the_komposition_shows(komposition: Komposition) -> None:
    rate = komposition.output.frame_rate
    clips = list(fcpxml(komposition).iterfind(".//spine/asset-clip"))
    for clip, slot in zip(clips, shown(komposition), strict=True):
        points = [(seconds(p.get("time")), seconds(p.get("value"))) for p in clip.iterfind("timeMap/timept")]
        start = seconds(clip.get("start"))
        lead = Fraction(slot.transition[1] // 2 if slot.transition else 0)
        elapsed = lead / rate * slot.speed
        moment = slot.source_in + elapsed
        if slot.reverse:
            moment = slot.source_in + (slot.end - slot.start) / rate * slot.speed - elapsed
        if points:
            (t0, v0), (t1, v1) = points
            start = v0 + (start - t0) * (v1 - v0) / (t1 - t0)
        assert abs(start - moment) * rate <= 2 + slot.speed * 2


@pytest.fixture
def _element_tree(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The FCPXML adapter asks for a module that Python 3.9 dropped; this is what it was."""
    import xml.etree

    monkeypatch.setattr(xml.etree, "cElementTree", ElementTree, raising=False)
    monkeypatch.setitem(sys.modules, "xml.etree.cElementTree", ElementTree)
    yield


SHOTS = (
    segment("a", "beach", 0, 4, sourceStart={"seconds": 2}),
    segment("b", "city", 4, 8, sourceStart={"seconds": 30}),
    segment("c", "beach", 10, 12),
)


@pytest.mark.usefixtures("_element_tree")
def test_the_fcpxml_reader_of_otio_sees_the_same_edits() -> None:
    komposition = film(*SHOTS, transitions=(crossing("a", "b"),))
    text = export_komposition(komposition, "fcpxml").text
    root = ElementTree.fromstring(text)
    project = root.find(".//project")
    assert project is not None
    bare = ElementTree.Element("fcpxml", version="1.9")
    bare.extend([root.find("resources"), project])  # type: ignore[list-item]
    timeline = otio.adapters.read_from_string(ElementTree.tostring(bare, encoding="unicode"), "fcpx_xml")
    tracks = timeline.tracks if hasattr(timeline, "tracks") else timeline[0].tracks
    clips = list(tracks.find_clips())
    assert [edit.name for edit in clips] == ["a", "b", "c"]
    for edit, expected in zip(clips, [(50, 87, 0), (762, 113, 87), (0, 50, 250)], strict=True):
        assert all(0 <= ours - theirs <= 1 for ours, theirs in zip(expected, ranges(edit), strict=True)), (
            "it rounds down"
        )


def ranges(clip: Any) -> tuple[int, int, int]:
    """Source in, length, and place on the track, in frames."""
    source = clip.source_range
    return int(source.start_time.value), int(source.duration.value), int(clip.range_in_parent().start_time.value)


@settings(max_examples=30, deadline=None)
@given(komposition=films(ALL, speeds=False, whole=True))
def test_the_fcp7_reader_of_otio_sees_the_same_edits(komposition: Komposition) -> None:
    timeline = otio.adapters.read_from_string(export_komposition(komposition, "fcp7").text, "fcp_xml")
    (track,) = timeline.video_tracks()
    rate = komposition.output.frame_rate
    slots = shown(komposition)
    clips = list(track.find_clips())
    for place, (clip, slot) in enumerate(zip(clips, slots, strict=True)):
        after = slots[place + 1].transition if place + 1 < len(slots) else None
        cut = clip.range_in_parent()
        lead = Fraction(slot.transition[1], 2) if slot.transition else Fraction(0)
        assert cut.start_time.rate == pytest.approx(float(rate))
        assert abs(cut.start_time.value - (slot.start + lead)) <= 0.5
        assert abs(cut.end_time_exclusive().value - (slot.end - (Fraction(after[1], 2) if after else 0))) <= 0.5
        assert abs(clip.source_range.start_time.value - (slot.source_in * rate + lead)) <= 0.5
        assert clip.media_reference.name == slot.source


@settings(max_examples=50, deadline=None)
@given(komposition=films(ALL))
def test_fcp7_ends_under_transitions_reach_to_their_far_ends(komposition: Komposition) -> None:
    track = fcp7(komposition).find("sequence/media/video/track")
    assert track is not None
    clips = list(track.iterfind("clipitem"))
    for place, (clip, slot) in enumerate(zip(clips, shown(komposition), strict=True)):
        start, end, first, last = (int(clip.findtext(name) or "") for name in ("start", "end", "in", "out"))
        assert last - first == slot.end - slot.start
        assert start == (-1 if slot.transition else slot.start)
        assert first >= 0
        crossed = place + 1 < len(clips) and shown(komposition)[place + 1].transition
        assert end == (-1 if crossed else slot.end)
    ids = [clip.get("id") for clip in fcp7(komposition).iter("clipitem")]
    assert len(ids) == len(set(ids))


def test_sound_speed_and_size_are_said() -> None:
    root = fcp7(
        film(
            segment("a", "beach", 0, 4, sourceDuration={"seconds": 8}),
            segment("b", "city", 4, 6, muted=True),
            fps=29.97,
        )
    )
    assert [clip.findtext("name") for clip in root.iterfind(".//audio/track/clipitem")] == ["a"]
    values = {p.findtext("parameterid"): p.findtext("value") for p in root.iterfind(".//video//effect/parameter")}
    assert (values["speed"], values["reverse"]) == ("199.8", "FALSE")
    assert root.findtext("sequence/rate/timebase") == "30"
    assert root.findtext("sequence/rate/ntsc") == "TRUE"
    assert root.findtext("sequence/timecode/displayformat") == "DF"
    assert root.findtext("sequence/media/video/format/samplecharacteristics/width") == "320"


def test_straight_wipes_are_wipes_and_others_are_losses() -> None:
    shots = (*SHOTS[:2], segment("c", "beach", 8, 12))
    komposition = film(*shots, transitions=(crossing("a", "b", "wipeleft"), crossing("b", "c", "pixelize")))
    root, export = fcp7(komposition), export_komposition(komposition, "fcp7")
    effects = [item.find("effect") for item in root.iterfind(".//video/track/transitionitem")]
    assert [effect.findtext("name") for effect in effects if effect is not None] == [
        "Edge Wipe",
        "Cross Dissolve (pixelize)",
    ]
    assert effects[0] is not None
    assert (effects[0].findtext("wipecode"), effects[0].findtext("reverse")) == ("1", "TRUE")
    assert [loss.pointer for loss in export.losses if "transitions" in loss.pointer] == [
        "/tracks/video/0/transitions/1"
    ]
    in_final_cut = export_komposition(komposition, "fcpxml").losses
    assert len([loss for loss in in_final_cut if "transitions" in loss.pointer]) == 2


def test_tracks_above_and_music_are_storylines_on_lanes() -> None:
    body = film(*SHOTS).model_dump(mode="json", by_alias=True, exclude_none=True)
    body["tracks"]["video"].append({"id": "top", "segments": [segment("logo", "logo", 1, 3)]})
    body["tracks"]["audio"] = [{"id": "music", "clips": [{"id": "m", "sourceId": "song", "end": {"beats": 12}}]}]
    root = fcpxml(Komposition.model_validate(body))
    lanes = {spine.get("lane"): [item.tag for item in spine] for spine in root.iterfind(".//asset-clip/spine")}
    assert lanes == {"1": ["gap", "asset-clip"], "-1": ["asset-clip"]}
    (first, *_) = root.iterfind(".//project/sequence/spine/asset-clip")
    assert {spine.get("offset") for spine in first.iterfind("spine")} == {first.get("start")}


@pytest.mark.parametrize("title", ["<&>\"'", "\x00\x0b", "]]>", "é 日本\ud7ff\ufffe", "&xxe;"])
def test_whatever_it_is_called_the_xml_is_well_formed(title: str) -> None:
    shot = {**segment("a", "beach", 0, 4), "id": title}
    body = film(SHOTS[0]).model_dump(mode="json", by_alias=True, exclude_none=True)
    body |= {"title": title}
    body["tracks"]["video"][0]["segments"] = [shot]
    komposition = Komposition.model_validate(body)
    for parse in (fcpxml, fcp7):
        root = parse(komposition)
        names = {element.get("name") or element.findtext("name") for element in root.iter()}
        assert title in names or any(not letter.isprintable() for letter in title)
