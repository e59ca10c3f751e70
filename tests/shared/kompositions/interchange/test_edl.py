"""EDL: what goes out comes back; a reader that is not ours agrees; and whatever comes in, the good lines are taken."""

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions import Komposition
from shared.kompositions.interchange import UnsuitableExport, export_komposition, import_interchange
from shared.kompositions.interchange.timecode import Timecode
from tests.shared.kompositions.interchange.films import crossing, film, films, plan, segment, shown

CUT = "001  BEACH    V     C        00:00:04:00 00:00:06:00 01:00:00:00 01:00:02:00"


@settings(max_examples=80, deadline=None)
@given(komposition=films(("crossfade", "wiperight", "vertopen", "wipeleft", "pixelize"), whole=True))
def test_every_slot_comes_back_and_every_moment_to_the_frame(komposition: Komposition) -> None:
    imported = import_interchange(export_komposition(komposition, "edl").text)
    assert imported.komposition is not None, imported.findings
    assert imported.findings == ()
    rate = komposition.output.frame_rate
    assert imported.komposition.output.frame_rate == rate
    assert plan(imported.komposition) == plan(komposition)
    for one, other in zip(shown(komposition), shown(imported.komposition), strict=True):
        assert (one.source, one.transition, one.reverse) == (other.source, other.transition, other.reverse)
        assert one.speed == other.speed
        assert abs(one.source_in - other.source_in) * rate <= 1


@settings(max_examples=30, deadline=None)
@given(komposition=films(("crossfade",), speeds=False, whole=True))
def test_the_reader_of_opentimelineio_sees_the_same_edits(komposition: Komposition) -> None:
    text = export_komposition(komposition, "edl").text
    rate = float(komposition.output.frame_rate)
    if any("logo" in line for line in text.splitlines()) or rate < 24 or "59.94" in str(komposition.output.fps):
        return
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=rate)
    (track,) = timeline.tracks
    clips = list(track.find_clips())
    slots = shown(komposition)
    begin = clips[0].range_in_parent().start_time.value - slots[0].start
    for place, (clip, slot) in enumerate(zip(clips, slots, strict=True)):
        after = slots[place + 1].transition if place + 1 < len(slots) else None
        cut = clip.range_in_parent()
        assert cut.start_time.value - begin == slot.start
        assert cut.end_time_exclusive().value - begin == slot.end - (after[1] if after else 0)
        assert clip.source_range.start_time.value == slot.source_in * komposition.output.frame_rate


def test_an_edl_is_what_an_editor_knows() -> None:
    shots = (segment("a", "beach", 0, 4), segment("b", "city", 4, 8, sourceStart={"seconds": 10}))
    text = export_komposition(film(*shots, transitions=(crossing("a", "b", "wiperight"),)), "edl").text
    assert text.split("\r\n") == [
        "TITLE: Day",
        "FCM: NON-DROP FRAME",
        "001  BEACH    V     C        00:00:00:00 00:00:03:00 01:00:00:00 01:00:03:00",
        "* KOMPO FRAME RATE: 25 SIZE: 320X180",
        "* FROM CLIP NAME:  beach.mp4",
        "002  BEACH    V     C        00:00:03:00 00:00:03:00 01:00:03:00 01:00:03:00",
        "002  CITY     V     W001 025 00:00:10:00 00:00:15:00 01:00:03:00 01:00:08:00",
        "* FROM CLIP NAME:  beach.mp4",
        "* TO CLIP NAME:  city.mov",
        "* KOMPO TRANSITION: wiperight",
        "",
    ]


def test_drop_frame_is_said_and_numbers_are_dropped() -> None:
    text = export_komposition(film(segment("a", "beach", 0, 120), fps=29.97), "edl").text
    assert "FCM: DROP FRAME" in text
    assert text.split("\r\n")[2].split()[4:] == ["00:00:00;00", "00:01:59;28", "01:00:00;00", "01:01:59;28"]


def test_of_several_tracks_one_must_be_chosen_and_the_others_are_losses() -> None:
    body = film(segment("a", "beach", 0, 4)).model_dump(mode="json", by_alias=True, exclude_none=True)
    body["tracks"]["video"].append({"id": "top", "segments": [segment("b", "city", 1, 2)]})
    komposition = Komposition.model_validate(body)
    with pytest.raises(UnsuitableExport, match="'video', 'top'"):
        export_komposition(komposition, "edl")
    with pytest.raises(UnsuitableExport, match="no video track 'x'"):
        export_komposition(komposition, "edl", track="x")
    export = export_komposition(komposition, "edl", track="top")
    assert "CITY" in export.text
    assert "BEACH" not in export.text
    assert "/tracks/video/0" in {loss.pointer for loss in export.losses}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", {"nothing_to_import", "rate_guessed"}),
        ("nonsense", {"line_left_out", "nothing_to_import", "rate_guessed"}),
        (CUT, {"rate_guessed"}),
        (CUT.replace(":02:00", ":02:31"), {"rate_guessed", "length_differs"}),
        (CUT.replace("01:00:02:00", "01:00:02"), {"bad_timecode", "nothing_to_import", "rate_guessed"}),
        (CUT.replace("01:00:02:00", "00:59:00:00"), {"bad_timecode", "nothing_to_import", "rate_guessed"}),
        (f"{CUT}\n{CUT}", {"events_overlap", "rate_guessed"}),
        (CUT.replace(" V ", " AA "), {"sound_left_out", "nothing_to_import", "rate_guessed"}),
        (CUT.replace(" C ", " W999 010 "), {"fade_left_out", "rate_guessed"}),
        (CUT.replace(" C ", " KB "), {"key_left_out", "rate_guessed"}),
        ("M2 X 10 00:00:00:00\n" + CUT, {"speed_garbled", "rate_guessed"}),
        ("001 BEACH V C 1 2 3", {"event_garbled", "nothing_to_import", "rate_guessed"}),
        ("001  BL  V C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00", {"nothing_to_import", "rate_guessed"}),
    ],
)
def test_what_is_wrong_in_a_line_is_told_and_the_rest_is_taken(text: str, codes: set[str]) -> None:
    imported = import_interchange(text, "edl")
    assert {finding.code for finding in imported.findings} == codes
    assert (imported.komposition is None) is ("nothing_to_import" in codes)


def test_line_ends_marks_and_small_letters_do_not_matter() -> None:
    one = import_interchange(f"TITLE: x\n{CUT}\n")
    other = import_interchange(f"\ufeffTITLE: x\r\n\r\n  {CUT.lower()}  \r\n".encode())
    assert one.komposition is not None
    assert other.komposition is not None
    assert plan(one.komposition) == plan(other.komposition) == [(0, 48, 0)]


EDL_WORDS = st.sampled_from(
    [
        *("001", "2", "9" * 30, "BL", "AX", "V", "V2", "B", "A", "C", "D", "W001", "W1", "K", "010", "\x00", "é"),
        *("00:00:01:00", "01:00:00;00", "99:99:99:99", "M2", "-12.5", "1e9", "FCM:", "DROP FRAME", "TITLE:"),
        *("*", "FROM CLIP NAME:", "x.mov", "KOMPO SPEED: 1/0", "LOC: 1", "* KOMPO FRAME RATE: 1/0 SIZE: 10X10"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(st.lists(EDL_WORDS, max_size=9).map(" ".join), max_size=12), more=st.text(max_size=40))
def test_nothing_that_is_read_as_an_edl_breaks_it(lines: list[str], more: str) -> None:
    imported = import_interchange("\n".join([*lines, more]), "edl")
    assert (imported.komposition is None) is bool(imported.errors)


@settings(max_examples=100, deadline=None)
@given(
    cuts=st.lists(
        st.tuples(st.sampled_from([CUT, CUT.replace(" C ", " D 020 ")]), EDL_WORDS, st.integers(0, 8)), max_size=6
    )
)
def test_nothing_that_looks_like_an_event_breaks_it(cuts: list[tuple[str, str, int]]) -> None:
    lines = []
    for line, word, place in cuts:
        words = line.split()
        words[min(place, len(words) - 1)] = word
        lines.append(" ".join(words))
    imported = import_interchange("\n".join(lines), "edl")
    assert (imported.komposition is None) is bool(imported.errors)


@settings(max_examples=100, deadline=None)
@given(frames=st.integers(0, 2_000_000), rate=st.sampled_from([24, 25, 30, 50, 60, 29.97, 59.94]))
def test_timecodes_are_those_of_opentimelineio(frames: int, rate: float) -> None:
    exact = Fraction(round(rate) * 1000, 1001) if rate % 1 else Fraction(rate)
    code = Timecode.of(exact)
    text = code.write(frames)
    assert code.read(text) == frames
    theirs = otio.opentime.to_timecode(otio.opentime.RationalTime(frames, float(exact)), float(exact), code.drop)
    assert text == theirs


def test_numbers_that_were_dropped_are_no_timecodes() -> None:
    code = Timecode.of(Fraction(30000, 1001))
    assert code.read("00:01:00;00") is None
    assert code.read("00:10:00;00") == 17_982
    assert code.read("00:00:00;30") is None
    assert code.read("24:00:00;00") is None
