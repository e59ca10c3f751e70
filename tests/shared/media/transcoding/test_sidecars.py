"""What goes beside a film shows the film: the right moment at the right place."""

import json
import re
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from shared.media import RenderCancelled
from shared.media.transcoding import make_sidecars, sidecar_pieces
from shared.media.transcoding.planning import plan_transcode
from shared.media.transcoding.request import TranscodeRequest
from shared.media.transcoding.sidecars.sprites import index_of, plan_sheet
from tests.shared.media.clips import frames, make, mean_color, read_number
from tests.shared.media.transcoding.conftest import media, plan_for

CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)\n")


def cues(text: str) -> list[tuple[float, float, tuple[int, int, int, int]]]:
    """Beginning, end and rectangle of each."""
    found = []
    for hour, minute, second, hour_, minute_, second_, _, *box in CUE.findall(text):
        begin = int(hour) * 3600 + int(minute) * 60 + float(second)
        end = int(hour_) * 3600 + int(minute_) * 60 + float(second_)
        left, top, width, height = map(int, box)
        found.append((begin, end, (left, top, width, height)))
    return found


def rgb(path: Path) -> NDArray[np.uint8]:
    [frame] = frames(path)
    return frame


@pytest.mark.parametrize("keys", ["100", "5"])
def test_a_seek_bar_shows_the_middle_of_each_second(film: Path, tmp_path: Path, keys: str) -> None:
    """Whether the source's key frames are few or many; of many, the one before is near enough."""
    again = make(tmp_path / "film.mp4", "-i", str(film), "-an", "-g", keys, "-crf", "8", "-preset", "ultrafast")
    plan = plan_for(again, sprites=True)
    by_kind = {each.kind: each.path for each in make_sidecars(plan, again, tmp_path)}
    assert set(by_kind) == {"sprites", "spritesIndex"}
    text, sheet = by_kind["spritesIndex"].read_text(), rgb(by_kind["sprites"])
    assert text.startswith("WEBVTT\n\n")
    found = cues(text)
    assert len(found) == 14
    assert (found[0][0], found[-1][1]) == (0, pytest.approx(float(plan.seconds), abs=0.001))
    late = 0 if keys == "100" else 5
    for begin, _, (left, top, width, height) in found[:-1]:
        seen = read_number(sheet[top : top + height, left : left + width])
        middle = (begin + 0.5) * float(plan.frame_rate)
        assert middle - late - 1 <= seen <= middle + 1


def test_a_film_that_is_over_before_the_middle_of_a_second_is_seen_in_its_colours(tmp_path: Path) -> None:
    brief = make(tmp_path / "brief.mp4", "-f", "lavfi", "-i", "color=red:s=320x180:r=25:d=0.2", "-pix_fmt", "yuv420p")
    made = make_sidecars(plan_for(brief, sprites=True, poster=True), brief, tmp_path)
    by_kind = {each.kind: each.path for each in made}
    [(_, _, (left, top, width, height))] = cues(by_kind["spritesIndex"].read_text())
    for picture in (rgb(by_kind["poster"]), rgb(by_kind["sprites"])[top : top + height, left : left + width]):
        assert mean_color(picture) == pytest.approx((254, 0, 0), abs=4)


def test_the_sheet_of_a_long_film_stays_one() -> None:
    plan = plan_transcode(media(seconds=3 * 3600 + 0.5), TranscodeRequest(profile="ladder"))
    sheet = plan_sheet(plan)
    assert sheet.count <= 400
    assert sheet.columns * sheet.size[0] <= 4096
    assert sheet.rows * sheet.size[1] <= 4096
    found = cues(index_of(sheet, "sprites.jpg", plan.seconds))
    assert found[-1][1] == pytest.approx(3 * 3600 + 0.5)
    assert [begin for begin, _, _ in found[1:]] == [end for _, end, _ in found[:-1]], "no gaps"
    assert len({box for _, _, box in found}) == len(found)


def test_upright_films_have_upright_pictures(films: Path, tmp_path: Path) -> None:
    upright = make(tmp_path / "up.mp4", "-f", "lavfi", "-i", "testsrc2=s=180x320:r=10:d=2", "-pix_fmt", "yuv420p")
    plan = plan_for(upright, sprites=True, thumbnails=True)
    made = {each.kind: each.path for each in make_sidecars(plan, upright, tmp_path)}
    assert cues(made["spritesIndex"].read_text())[0][2] == (0, 0, 90, 160)
    assert rgb(made["thumbnail1"]).shape[:2] == (320, 180), "never enlarged"


def test_thumbnails_are_from_the_middle_of_equal_parts(film: Path, tmp_path: Path) -> None:
    plan = plan_for(film, thumbnails=True)
    made = make_sidecars(plan, film, tmp_path)
    assert [each.kind for each in made] == [f"thumbnail{number}" for number in range(1, 9)]
    seen = [read_number(rgb(each.path)) for each in made]
    assert seen == [(2 * place + 1) * plan.frames // 16 for place in range(8)]


def test_a_poster_is_no_black_frame(films: Path, tmp_path: Path) -> None:
    """A film that is dark but for a tenth of it, as one that fades in and out for long."""
    shown = "color=black:s=160x90:r=25:d=10[b];testsrc2=s=160x90:r=25:d=10[t];[b][t]overlay=enable='between(t,5.5,6.8)'"
    dark = make(tmp_path / "dark.mp4", "-f", "lavfi", "-i", shown, "-pix_fmt", "yuv420p", "-g", "250")
    plan = plan_for(dark, poster=True)
    [poster] = make_sidecars(plan, dark, tmp_path)
    assert rgb(poster.path).std() > 40
    assert {path.name for path in tmp_path.iterdir()} == {"dark.mp4", "poster.jpg"}


def test_pictures_of_high_dynamic_range_are_shown_in_standard(hdr: Path, tmp_path: Path) -> None:
    plan = plan_for(hdr, poster=True, codec="h265", dynamicRange="keep")
    [poster] = make_sidecars(plan, hdr, tmp_path)
    with av.open(str(poster.path)) as container:
        assert container.streams.video[0].pix_fmt == "yuvj420p"
    assert 40 < rgb(poster.path).mean() < 220


def test_the_waveform_has_the_peaks_of_the_sound(tmp_path: Path) -> None:
    """Silence, then a tone at half of full scale, then silence."""
    tone = "aevalsrc='if(between(t,1,2),0.5*sin(2*PI*440*t),0)':s=48000:d=3"
    picture = "color=gray:s=64x64:r=25:d=3"
    path = make(tmp_path / "tone.mkv", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone, "-c:a", "flac")
    [made] = make_sidecars(plan_for(path, waveform=True), path, tmp_path)
    document = json.loads(made.path.read_text())
    assert (made.kind, document["version"], document["channels"], document["bits"]) == ("waveform", 2, 1, 8)
    each, data = document["samples_per_pixel"], document["data"]
    assert len(data) == 2 * document["length"]
    assert document["length"] == -(-3 * document["sample_rate"] // each)
    seconds = [Fraction(place * each, document["sample_rate"]) for place in range(document["length"])]
    for second, low, high in zip(seconds, data[::2], data[1::2], strict=True):
        if Fraction(11, 10) < second < Fraction(19, 10):
            assert (low, high) == (pytest.approx(-64, abs=2), pytest.approx(64, abs=2))
        elif not Fraction(9, 10) < second < Fraction(21, 10):
            assert (low, high) == (0, 0)


def test_nothing_that_was_not_asked_for_is_made(film: Path, silent: Path, tmp_path: Path) -> None:
    assert make_sidecars(plan_for(film), film, tmp_path) == ()
    made = make_sidecars(plan_for(silent, profile="ladder", thumbnails=False, sprites=False), silent, tmp_path)
    assert [each.kind for each in made] == ["poster"], "a film without sound has no waveform"


def test_made_piece_by_piece_they_are_the_same(film: Path, tmp_path: Path) -> None:
    plan = plan_for(film, profile="ladder")
    whole, apart = tmp_path / "whole", tmp_path / "apart"
    whole.mkdir()
    apart.mkdir()
    at_once = {each.kind: each.path.read_bytes() for each in make_sidecars(plan, film, whole)}
    pieces = [made for piece in sidecar_pieces(plan) for made in make_sidecars(plan, film, apart, pieces=(piece,))]
    assert {each.kind: each.path.read_bytes() for each in pieces} == at_once
    assert len(pieces) == len(at_once)


def test_making_them_can_be_stopped(film: Path, tmp_path: Path) -> None:
    with pytest.raises(RenderCancelled):
        make_sidecars(plan_for(film, profile="ladder"), film, tmp_path, should_cancel=lambda: True)
