"""Packages play in a real browser with the players that people use: whole, in every rung, the right frame at every moment."""

from pathlib import Path

import numpy as np
import pytest

from shared.media import probe
from shared.media.transcoding import TranscodePlan, TranscodeRequest, plan_transcode, transcode
from tests.shared.media.clips import make, numbered, read_number
from tests.web.players.conftest import OpenPage

ENTRIES = {"hls": "master.m3u8", "dash": "manifest.mpd"}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """14 s of numbered frames at 29.97 a second, 640x360, under a sine."""
    sine = ("-f", "lavfi", "-i", "sine=f=440:r=48000:d=14", "-c:a", "aac", "-ac", "2", "-shortest")
    folder = tmp_path_factory.mktemp("film")
    small = numbered(folder / "small.mp4", 14, rate="30000/1001", more=sine)
    larger = ("-vf", "scale=640:360:flags=neighbor", "-c:a", "copy", "-preset", "ultrafast", "-crf", "10")
    return make(folder / "film.mp4", "-i", str(small), *larger)


def packaged(film: Path, folder: Path, codec: str) -> TranscodePlan:
    """A ladder of it."""
    asked = {"profile": "ladder", "codec": codec, "preset": "ultrafast", "crf": 12}
    without = dict.fromkeys(("poster", "thumbnails", "sprites", "waveform"), False)
    plan = plan_transcode(probe(film), TranscodeRequest.model_validate({**asked, **without}))
    transcode(film, plan, folder)
    return plan


@pytest.mark.parametrize("codec", ["h264", "vp9", "av1"])
def test_players_show_the_right_frame_of_every_rung_and_play_to_the_end(
    film: Path, tmp_path: Path, open_page: OpenPage, codec: str
) -> None:
    plan = packaged(film, tmp_path, codec)
    for kind, entry in ENTRIES.items():
        page = open_page(tmp_path)
        opened = page.evaluate("([kind, url]) => kompo.open(kind, url)", [kind, entry])
        assert opened["duration"] == pytest.approx(float(plan.seconds), abs=0.05)
        assert opened["sizes"] == [list(each.size) for each in plan.renditions]
        for index, rendition in enumerate(plan.renditions):
            page.evaluate("(index) => kompo.choose(index)", index)
            for number in (3, 359):
                moment = float((number + 0.5) / plan.frame_rate)
                row = page.evaluate("([time, width]) => kompo.seek(time, width)", [moment, rendition.width])
                pixels = np.array(row, np.uint8)[np.newaxis].repeat(8, 0)
                assert read_number(pixels) == number, (kind, rendition.name)
        played = page.evaluate("() => kompo.play(11, 4)")
        assert played["time"] == pytest.approx(float(plan.seconds), abs=0.05)
        assert played["frames"] > 10
        assert played["bytes"] > 1000, "it is heard"
        assert page.evaluate("() => kompo.errors") == []
