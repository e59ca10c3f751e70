"""Video tracks lie over each other, share the frame in layouts, and are heard together."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.shared.kompositions.documents import beats, document, segment, track
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import numbers, pictures, samples
from tests.shared.media.clips import loudness_at, make, mean_color, plain, read_number

FOUR = tuple(track(name, segment(name, "video", 0, 1, sourceStart=place)) for place, name in enumerate("abcd"))


def layout(kind: str, *tracks: str, **more: object) -> dict[str, object]:
    return {"kind": kind, "tracks": list(tracks), **more}


def laid_out(compiled: Compile, wanted: dict[str, object]) -> NDArray[np.uint8]:
    """Frame 15 of four tracks in a layout; track k shows the frames from second k on."""
    return pictures(compiled(document(video=FOUR, layouts=[wanted]), range(15, 16)))[0]


def test_later_tracks_lie_over_earlier_ones_which_show_where_they_are_clear(compiled: Compile) -> None:
    low = track("low", segment("a", "video", 0, 3))
    high = track("high", segment("b", "video", 1, 1.5, sourceStart=4), segment("c", "video", 2, 2.5, sourceStart=4))
    shown = numbers(compiled(document(video=(low, high))))
    under, over = list(range(90)), list(range(120, 135))
    assert shown == [*under[:30], *over, *under[45:60], *over, *under[75:]]


def test_what_is_covered_is_not_opened(compiled: Compile) -> None:
    low, high = track("low", segment("a", "other", 0, 3, muted=True)), track("high", segment("b", "video", 0, 3))
    arguments = compiled(document(video=(low, high))).arguments([Path("film.mp4")])
    assert arguments.count("-i") == 1


def test_tracks_are_heard_together(compiled: Compile, tmp_path: Path) -> None:
    files = {
        name: plain(tmp_path / f"{name}.mp4", "red", 1, tone=tone) for name, tone in (("video", 440), ("other", 880))
    }
    low, high = track("low", segment("a", "video", 0, 1)), track("high", segment("b", "other", 0, 1), volume=0.5)
    heard = samples(compiled(document(video=(low, high)), **files))[:, 0].astype(float)
    whole, half = (loudness_at(heard, 0.2, 0.8, tone) for tone in (440, 880))
    assert half == pytest.approx(whole / 2, rel=0.05)
    muted = samples(compiled(document(video=({**low, "muted": True}, high)), **files))[:, 0].astype(float)
    assert loudness_at(muted, 0.2, 0.8, 440) < 0.002


def test_a_split_puts_tracks_side_by_side_or_above_each_other(compiled: Compile) -> None:
    frame = laid_out(compiled, layout("split", "b", "a", ratio=0.25))
    assert read_number(frame[67:112, :80]) == 45
    assert read_number(frame[45:135, 80:]) == 15
    stacked = laid_out(compiled, layout("split", "a", "c", direction="vertical"))
    assert read_number(stacked[:90, 80:240]) == 15
    assert read_number(stacked[90:, 80:240]) == 75
    thirds = laid_out(compiled, layout("split", "a", "b", "c"))
    assert [read_number(thirds[65:115, x : x + 106]) for x in (0, 107, 213)] == [15, 45, 75]


def test_picture_in_picture_puts_the_others_into_a_corner(compiled: Compile) -> None:
    frame = laid_out(compiled, layout("pip", "a", "d", corner="top_left", size=0.3, margin=0.05))
    assert read_number(frame[120:]) == 15
    assert read_number(frame[16:70, 16:112]) == 105
    two = laid_out(compiled, layout("pip", "a", "d", "c", size=0.2, margin=0))
    assert [read_number(two[144:, x : x + 64]) for x in (256, 192)] == [105, 75]


def test_a_grid_is_filled_in_reading_order_with_gaps_between(compiled: Compile) -> None:
    frame = laid_out(compiled, layout("grid", "d", "c", "b", "a", gap=0.05))
    assert [read_number(frame[y : y + 82, x : x + 152]) for y in (0, 98) for x in (0, 168)] == [105, 75, 45, 15]
    assert frame[:, 154:166].max() < 8
    row = laid_out(compiled, layout("grid", "a", "b", "c", "d", columns=4))
    assert [read_number(row[70:110, x : x + 80]) for x in (0, 80, 160, 240)] == [15, 45, 75, 105]


def test_a_full_layout_shows_only_its_track_and_black_where_that_has_nothing(compiled: Compile) -> None:
    low, high = track("low", segment("a", "video", 0, 1)), track("high", segment("b", "video", 0, 2, sourceStart=3))
    body = document(video=(low, high), layouts=[layout("full", "low")])
    shown = pictures(compiled(body))
    assert [read_number(frame) for frame in shown[:30]] == list(range(30))
    assert shown[30:].max() < 8


def test_a_layout_counts_from_its_start_to_its_end_and_a_later_one_over_an_earlier_one(compiled: Compile) -> None:
    halves = layout("split", "a", "b", start={"frames": 7}, end={"frames": 20})
    whole = layout("full", "a", start={"frames": 11}, end={"frames": 13})
    shown = pictures(compiled(document(video=FOUR[:2], layouts=[halves, whole])))
    split = [number for number, frame in enumerate(shown) if frame[:20].max() < 8]
    assert split == [7, 8, 9, 10, *range(13, 20)]
    assert read_number(shown[12]) == 12
    assert read_number(shown[5]) == 35


def test_a_segment_fills_its_cell_by_its_own_scale(compiled: Compile) -> None:
    def bars(scale: str) -> float:
        tracks = (track("a", segment("a", "still", 0, 1, scale=scale)), track("b", segment("b", "still", 0, 1)))
        frame = pictures(compiled(document(video=tracks, layouts=[layout("split", "a", "b")]), range(1)))[0]
        return float(mean_color(frame[:30, :150])[2])

    assert bars("contain") < 8
    assert bars("cover") > 240
    assert bars("stretch") > 240
    assert 100 < bars("blur") < 245


def test_a_picture_with_transparency_lets_what_is_below_show(compiled: Compile, tmp_path: Path) -> None:
    left = "color=red@0:s=320x180,format=rgba,drawbox=w=160:h=180:color=red@1:t=fill:replace=1"
    logo = make(tmp_path / "logo.png", "-f", "lavfi", "-i", left, "-frames:v", "1", "-pix_fmt", "rgba")
    green = plain(tmp_path / "green.mp4", "lime", 1)
    over = track("high", segment("b", "still", 0, 1))
    frame = pictures(
        compiled(document(video=(track("low", segment("a", "video", 0, 1)), over)), video=green, still=logo)
    )[9]
    assert mean_color(frame[:, :150]) == pytest.approx([254, 0, 0], abs=6)
    assert mean_color(frame[:, 170:]) == pytest.approx([0, 255, 0], abs=6)
    alone = pictures(compiled(document(segment("b", "still", 0, 1)), still=logo))[9]
    assert mean_color(alone[:, 170:]) == pytest.approx([0, 0, 0], abs=6)


def test_times_in_every_unit_and_tempo_changes_cut_at_their_frames(compiled: Compile) -> None:
    parts = [
        {**segment("a", "video", 0, 0), "end": {"seconds": 0.5}},
        {**segment("b", "other", 0, 0), "start": {"microseconds": 500_000}, "end": {"frames": 30}},
        {**segment("c", "still", 0, 0), "start": beats(1), "end": beats(3)},
    ]
    graph = compiled(document(*parts, tempo=[{"atBeat": 2, "bpm": 120}]))
    assert [(slot.start_frame, slot.end_frame) for slot in graph.timeline.tracks[0]] == [(0, 15), (15, 30), (30, 75)]
    blue = [bool(mean_color(frame)[2] > 200 > mean_color(frame)[0] + 100) for frame in pictures(graph)]
    assert blue == [False] * 30 + [True] * 45
