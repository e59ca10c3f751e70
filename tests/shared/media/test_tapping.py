"""FFmpeg's outputs, read as they come."""

from pathlib import Path

import pytest

from shared.media import Limits, RenderCancelled, RenderFailed, RenderTimeout, tap_graph
from tests.shared.media.clips import plain

SHAPE = 32 * 18
GRAY = ("-vf", "scale=32:18,format=gray", "-f", "rawvideo", "{frames}")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of grey, 60 frames, with a tone; its name looks like a tap."""
    return plain(tmp_path_factory.mktemp("films") / "{frames}.mp4", "gray", 2, tone=440)


def test_several_taps_are_read_at_once_each_whole(film: Path) -> None:
    frames, samples = bytearray(), bytearray()
    tap_graph(
        ["-i", str(film), "-map", "0:v", *GRAY, "-map", "0:a", "-ar", "8000", "-ac", "1", "-f", "s16le", "{samples}"],
        {"frames": frames.extend, "samples": samples.extend},
        duration=2,
    )
    assert len(frames) == 60 * SHAPE
    assert set(frames) <= set(range(120, 135))
    assert len(samples) == pytest.approx(2 * 8000 * 2, abs=1000)


def test_a_filter_can_write_into_a_tap(film: Path) -> None:
    told = bytearray()
    graph = "ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.M:file={told!filter}"
    tap_graph(["-i", str(film), "-vn", "-af", graph, "-f", "null", "-"], {"told": told.extend}, duration=2)
    assert told.count(b"lavfi.r128.M=") == 20


def test_what_a_reader_raises_ends_the_run(film: Path) -> None:
    def full(_: bytes) -> None:
        raise OverflowError("enough")

    with pytest.raises(OverflowError, match="enough"):
        tap_graph(["-i", str(film), *GRAY], {"frames": full}, duration=2)


def test_it_is_held_to_limits_and_stops_when_told() -> None:
    endless = ["-re", "-f", "lavfi", "-i", "color=s=32x18", *GRAY]
    with pytest.raises(RenderCancelled):
        tap_graph(endless, {"frames": len}, duration=1, should_cancel=lambda: True)
    with pytest.raises(RenderTimeout):
        tap_graph(endless, {"frames": len}, duration=1, limits=Limits(seconds=0.3))


def test_what_is_no_media_is_said(tmp_path: Path) -> None:
    (tmp_path / "talk.mp4").write_text("no film")
    with pytest.raises(RenderFailed, match=r"talk\.mp4"):
        tap_graph(["-i", str(tmp_path / "talk.mp4"), *GRAY], {"frames": len}, duration=1)
