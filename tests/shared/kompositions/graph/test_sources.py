"""Sources as they come: every rate, late starts, high dynamic range, any number of channels; and reading them backwards."""

from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path

import numpy as np
import pytest

from shared.kompositions import UnusableMedia
from shared.media.graph import reversal
from tests.shared.kompositions.documents import document, segment
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import numbers, pictures, samples
from tests.shared.media.clips import loudness_at, make, mean_color, numbered


def expected(rate: Fraction, frames: int, start: Fraction = Fraction(0), speed: Fraction = Fraction(1)) -> list[int]:
    """What each frame at 30 a second must show: the source frame nearest to its moment; the earlier of two equally near."""
    return [
        floor((start + Fraction(k, 30) * speed) * rate + Fraction(1, 2) * rate / 30 * speed - Fraction(1, 100))
        for k in range(frames)
    ]


@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001", "50", "60"])
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_every_rate_is_shown_in_time(compiled: Compile, tmp_path: Path, rate: str, suffix: str) -> None:
    video = numbered(tmp_path / f"video.{suffix}", 2, rate=rate)
    shown = numbers(compiled(document(segment("a", "video", 0, 1, sourceStart=0.5)), video=video))
    exact = expected(Fraction(rate), 30, Fraction(1, 2))
    assert all(abs(a - b) <= 1 for a, b in zip(shown, exact, strict=True)), (shown, exact)
    assert shown == sorted(shown)
    steps = {later - earlier for earlier, later in pairwise(shown)}
    assert max(steps) - min(steps) <= 1


def test_a_start_between_two_frames_drops_and_repeats_none(compiled: Compile, tmp_path: Path) -> None:
    for suffix in ("mp4", "mkv"):
        video = numbered(tmp_path / f"video.{suffix}", 3)
        for start in (0.35, 0.5166, 1.05):
            shown = numbers(compiled(document(segment("a", "video", 0, 1, sourceStart=start)), video=video))
            first = floor(start * 30 + 0.45)
            assert shown == list(range(first, first + 30)), (suffix, start)


def test_a_stretch_by_two_shows_every_second_frame_or_every_frame_twice(compiled: Compile) -> None:
    def shown(source_seconds: float, slot: float) -> list[int]:
        return numbers(compiled(document(segment("a", "video", 0, slot, sourceDuration=source_seconds))))

    assert shown(2, 1) == list(range(0, 60, 2))
    assert shown(0.5, 1) == [number // 2 for number in range(30)]


def test_frames_that_last_unequally_are_shown_for_as_long_as_they_last(compiled: Compile, tmp_path: Path) -> None:
    steady = numbered(tmp_path / "steady.mp4", 4)
    keep = "select='lt(n,20)+eq(n,35)+gte(n,100)'"
    video = make(tmp_path / "vfr.mkv", "-i", str(steady), "-vf", keep, "-fps_mode", "vfr", "-crf", "10")
    shown = numbers(compiled(document(segment("a", "video", 0, 3.8)), video=video))
    assert shown == [*range(20), *([19] * 15), *([35] * 65), *range(100, 114)]
    late = numbers(compiled(document(segment("a", "video", 0, 2, sourceStart=2)), video=video))
    assert late == [*([35] * 40), *range(100, 120)]


def test_sound_and_picture_stay_within_ten_milliseconds(compiled: Compile, tmp_path: Path) -> None:
    flash = "color=black:s=320x180:r=30:d=4,drawbox=color=white:t=fill:enable='eq(mod(n,20),10)'"
    for rate, name in ((44_100, "flash.mp4"), (48_000, "flash.mkv")):
        click = f"aevalsrc='gte(mod(t,2/3),1/3)*lt(mod(t,2/3),1/3+0.01)*sin(2000*t)':s={rate}:d=4"
        video = make(tmp_path / name, "-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", click, "-pix_fmt", "yuv420p")
        body = document(
            segment("a", "video", 0, 1.1, sourceStart=0.13),
            segment("b", "video", 1.1, 2.5, sourceStart=1.3),
            segment("c", "video", 2.5, 4, sourceStart=0.5, sourceDuration=3),
            segment("d", "video", 4, 5, sourceStart=2, reverse=True),
        )
        graph = compiled(body, video=video)
        white = [number for number, frame in enumerate(pictures(graph)) if frame.mean() > 128]
        starts = [n for n in white if n - 1 not in white and n < 75]
        loud = np.flatnonzero(np.abs(samples(graph)[:, 0]) > 0.2) / 48_000
        heard = [float(loud[0]), *(float(b) for a, b in pairwise(loud) if b - a > 0.1)]
        for number in starts:
            nearest = min(heard, key=lambda moment: abs(moment - number / 30))
            # The flash is seen from the frame nearest to it: half a frame is the picture's own grain.
            assert abs(nearest - number / 30) < 1 / 60 + 0.01, (name, number, nearest)
        exact = [number / 30 for number in starts if number < 33]
        clicks = [1 / 3 - 0.13, 1 - 0.13]
        assert [round(moment, 2) for moment in heard[:2]] == pytest.approx(clicks, abs=0.01)
        assert len(exact) == 2


def test_high_dynamic_range_becomes_standard(compiled: Compile, tmp_path: Path) -> None:
    for transfer in ("smpte2084", "arib-std-b67"):
        tags = ("-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc", "-color_range", "tv")
        ramp = "nullsrc=s=320x180:r=30:d=1,format=yuv420p10,geq=lum='64+876*X/W':cb=512:cr=512"
        coded = (
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-x265-params",
            "log-level=error",
            "-pix_fmt",
            "yuv420p10le",
        )
        video = make(tmp_path / f"{transfer}.mp4", "-f", "lavfi", "-i", ramp, *tags, *coded)
        row = pictures(compiled(document(segment("a", "video", 0, 0.5)), video=video))[5][90].astype(int)
        assert row[0].max() < 12
        assert row[-1].min() > 150
        assert (np.diff(row.mean(axis=1)) > -3).all(), "brighter stays brighter"
        assert np.abs(row - row.mean(axis=1, keepdims=True)).max() < 8, "grey stays grey"


@pytest.mark.parametrize(("layout", "least"), [("mono", 0.1), ("stereo", 0.1), ("5.1", 0.05)])
def test_any_number_of_channels_becomes_two(compiled: Compile, tmp_path: Path, layout: str, least: float) -> None:
    tone = f"sine=f=440:d=1:r=32000,aformat=channel_layouts=mono,pan={layout}|" + "|".join(
        f"c{channel}=c0" for channel in range({"mono": 1, "stereo": 2, "5.1": 6}[layout])
    )
    picture = ("-f", "lavfi", "-i", "color=red:s=320x180:r=30:d=1")
    video = make(tmp_path / "video.mkv", *picture, "-f", "lavfi", "-i", tone, "-c:a", "flac")
    heard = samples(compiled(document(segment("a", "video", 0, 1)), video=video)).astype(float)
    left, right = (loudness_at(heard[:, side], 0.1, 0.9, 440) for side in (0, 1))
    assert left == pytest.approx(right, rel=0.01)
    assert left > least


def test_backwards_is_the_same_frames_from_last_to_first(compiled: Compile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reversal, "CHUNK_BYTES", 320 * 180 * 3 // 2 * 13)
    backwards = {"reverse": True, "sourceStart": 1}

    def shown(seconds: float, **more: object) -> list[int]:
        return numbers(compiled(document(segment("a", "video", 0, seconds, **backwards, **more))))

    assert shown(2) == list(range(89, 29, -1))
    assert shown(2, sourceDuration=1.0, fit="freeze") == [*range(59, 29, -1), *([30] * 30)]
    assert shown(1.5, sourceDuration=1.0, fit="loop") == [*range(59, 29, -1), *range(59, 44, -1)]
    assert shown(1, sourceDuration=2.0) == list(range(88, 29, -2))


def test_backwards_sound_is_the_same_samples_from_last_to_first(compiled: Compile) -> None:
    forwards = samples(compiled(document(segment("a", "other", 0, 1, sourceStart=1))))
    backwards = samples(compiled(document(segment("a", "other", 0, 1, sourceStart=1, reverse=True))))
    assert np.array_equal(backwards, forwards[::-1])


def test_what_is_too_long_to_turn_round_is_refused(compiled: Compile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reversal, "MAX_REVERSED_SECONDS", 3)
    with pytest.raises(UnusableMedia) as caught:
        compiled(document(segment("a", "video", 0, 4, reverse=True), segment("b", "video", 4, 6, sourceStart=7)))
    assert [(error.pointer, error.code) for error in caught.value.errors] == [
        ("/tracks/video/0/segments/0/reverse", "reverse_too_long"),
        ("/tracks/video/0/segments/1/sourceStart", "starts_after_end"),
    ]


def test_a_sources_offset_is_added_to_where_it_begins(compiled: Compile) -> None:
    body = document(segment("a", "video", 0, 1, sourceStart=0.5))
    body["sources"][0]["offset"] = {"seconds": 2}
    assert numbers(compiled(body)) == list(range(75, 105))


def test_a_turned_picture_is_upright_beside_others(compiled: Compile, tmp_path: Path) -> None:
    half = "color=white:s=320x180:r=30:d=1,drawbox=w=160:h=180:color=black:t=fill"
    flat = make(tmp_path / "flat.mp4", "-f", "lavfi", "-i", half, "-pix_fmt", "yuv420p")
    turned = make(tmp_path / "turned.mp4", "-display_rotation", "180", "-i", str(flat), "-c", "copy")
    frame = pictures(compiled(document(segment("a", "video", 0, 0.5)), video=turned))[3]
    assert mean_color(frame[:, :150]).min() > 245
    assert mean_color(frame[:, 170:]).max() < 10
