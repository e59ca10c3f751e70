"""The peak memory of a run is that of FFmpeg, however large the process is that starts it."""

from pathlib import Path

from shared.media import run_graph
from tests.shared.media.clips import plain


def test_a_large_parent_does_not_count(tmp_path: Path) -> None:
    film, output = plain(tmp_path / "film.mp4", "red", 1), tmp_path / "out.mp4"
    ballast = bytearray(600 << 20)
    ballast[::4096] = b"x" * len(ballast[::4096])
    result = run_graph(["-i", str(film), "-c", "copy", str(output)], duration=1, output=output)
    assert 0 < result.peak_memory < 300 << 20
    del ballast
