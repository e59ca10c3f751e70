"""A chunk that is not what it should be is found out before anything relies on it."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import pytest

from shared.media import probe
from shared.media.chunking import BrokenChunk, check_chunk
from shared.media.transcoding import TranscodeRequest, encode_pictures, plan_transcode
from tests.shared.media.clips import make, plain

RATE = Fraction(30)
SIZE = (320, 180)
CODINGS = (
    ("-c:v", "libx264", "-preset", "ultrafast"),
    ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:open-gop=0"),
    ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
    ("-c:v", "libsvtav1", "-preset", "12"),
)


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


@pytest.mark.parametrize("coding", CODINGS, ids=lambda coding: coding[1])
def test_the_key_frames_of_every_codec_pass(tmp_path: Path, coding: Sequence[str]) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=1", "-pix_fmt", "yuv420p", "-g", "15")
    check_chunk(make(tmp_path / "film.mp4", *source, *coding), SIZE, 30, RATE, decode="keys")


def test_a_damaged_key_frame_is_found_without_decoding_the_others(tmp_path: Path) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=1", "-pix_fmt", "yuv420p")
    film = make(tmp_path / "film.mp4", *source, "-preset", "ultrafast", "-movflags", "+faststart")
    data = bytearray(film.read_bytes())
    begin = data.index(b"mdat") + 1200
    data[begin : begin + 800] = bytes(reversed(data[begin : begin + 800]))
    film.write_bytes(data)
    with pytest.raises(BrokenChunk, match="decoded"):
        check_chunk(film, SIZE, 30, RATE, decode="keys")


@pytest.mark.parametrize("codec", ["h264", "h265", "av1", "vp9"])
def test_a_bit_that_is_not_as_the_encoder_gave_it_is_found_in_any_packet(tmp_path: Path, codec: str) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=0.5", "-pix_fmt", "yuv420p", "-g", "8", "-bf", "2")
    film = make(tmp_path / "film.mp4", *source, "-preset", "veryfast")
    plan = plan_transcode(probe(film), TranscodeRequest.model_validate({"codec": codec, "preset": "superfast"}))
    folder = tmp_path / "it's [f=null] | here, \\ and there"
    folder.mkdir()
    encoded = encode_pictures(plan, film, range(plan.frames), folder)
    path, sums = encoded.paths["film"], encoded.sums["film"]
    assert [each.name for each in folder.iterdir()] == ["film.mp4"]
    check_chunk(path, SIZE, plan.frames, RATE, sums=sums, decode="keys")
    whole = path.read_bytes()
    for number, place in enumerate(middles(path)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(BrokenChunk, match=rf"damaged: (Packet {number} of|After packet {number} )"):
            check_chunk(path, SIZE, plan.frames, RATE, sums=sums, decode="keys")


def middles(path: Path) -> list[int]:
    """Where the middle of every packet lies in a file."""
    with av.open(str(path)) as container:
        return [packet.pos + packet.size // 2 for packet in container.demux(video=0) if packet.size and packet.pos]


def test_a_packet_that_is_missing_or_more_than_the_encoder_gave_is_found(chunk: Path) -> None:
    with pytest.raises(BrokenChunk, match="damaged: Packet 0 of 0 is not what the encoder gave"):
        check_chunk(chunk, SIZE, 60, RATE, sums=())


def test_a_file_that_is_no_film_is_found(tmp_path: Path) -> None:
    (tmp_path / "chunk.mp4").write_bytes(b"nothing")
    with pytest.raises(BrokenChunk, match="cannot be read"):
        check_chunk(tmp_path / "chunk.mp4", SIZE, 60, RATE)
