"""A chunk that is not what it should be is found out before anything relies on it."""

from fractions import Fraction
from pathlib import Path

import pytest

from shared.media.chunking import BrokenChunk, check_chunk
from tests.shared.media.clips import make, plain

RATE = Fraction(30)
SIZE = (320, 180)


@pytest.fixture
def chunk(tmp_path: Path) -> Path:
    """Two seconds of pictures."""
    return plain(tmp_path / "chunk.mp4", "red")


def test_a_whole_chunk_passes(chunk: Path) -> None:
    check_chunk(chunk, SIZE, 60, RATE)


def test_a_missing_frame_is_found(chunk: Path) -> None:
    with pytest.raises(BrokenChunk, match="60 frames where 61"):
        check_chunk(chunk, SIZE, 61, RATE)


def test_another_size_is_found(chunk: Path) -> None:
    with pytest.raises(BrokenChunk, match="pixels"):
        check_chunk(chunk, (640, 360), 60, RATE)


def test_a_beginning_that_cannot_be_decoded_alone_is_found(tmp_path: Path) -> None:
    recovering = ("-x264-params", "intra-refresh=1:keyint=30:bframes=0")
    source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=4", "-pix_fmt", "yuv420p")
    film = make(tmp_path / "film.mp4", *source, *recovering)
    tail = make(
        tmp_path / "tail.mp4", "-ss", "2", "-i", str(film), "-c", "copy", "-copyinkf", "-avoid_negative_ts", "1"
    )
    with pytest.raises(BrokenChunk):
        check_chunk(tail, SIZE, 60, RATE)


def test_pictures_that_are_damaged_are_found(tmp_path: Path) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=2", "-pix_fmt", "yuv420p")
    film = make(tmp_path / "film.mp4", *source, "-preset", "ultrafast")
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(reversed(data[middle : middle + 400]))
    film.write_bytes(data)
    with pytest.raises(BrokenChunk, match="decoded"):
        check_chunk(film, SIZE, 60, RATE)


def test_a_file_that_is_no_film_is_found(tmp_path: Path) -> None:
    (tmp_path / "chunk.mp4").write_bytes(b"nothing")
    with pytest.raises(BrokenChunk, match="cannot be read"):
        check_chunk(tmp_path / "chunk.mp4", SIZE, 60, RATE)
