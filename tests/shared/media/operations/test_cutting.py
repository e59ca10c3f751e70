"""Pieces are exact to the frame, and what can be copied is copied bit for bit."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from shared.media import probe
from shared.media.operations import InvalidOperation, run_operation
from tests.shared.media.clips import frames, loudness_at, numbered, read_numbers, sound
from tests.shared.media.operations.conftest import Do


@pytest.mark.parametrize(
    ("start", "duration", "first", "count"), [(0.5, 1.0, 15, 30), (0.4, None, 12, 48), (0, 0.1, 0, 3)]
)
def test_a_trim_is_exact_to_the_frame_and_keeps_the_sound(
    do: Do, film: Path, start: float, duration: float | None, first: int, count: int
) -> None:
    path = do("trim", film, start=start, duration=duration)
    assert read_numbers(path) == list(range(first, first + count))
    assert len(sound(path)) == pytest.approx(count * 1600, abs=1024)


@pytest.mark.parametrize("suffix", ["ts", "mpg"])
def test_a_trim_of_a_file_without_an_index_is_exact_wherever_it_begins(do: Do, tmp_path: Path, suffix: str) -> None:
    codec = ("-c:v", "mpeg2video", "-q:v", "1") if suffix == "mpg" else ("-preset", "veryfast")
    stream = numbered(tmp_path / f"stream.{suffix}", 4, more=(*codec, "-g", "45", "-bf", "2"))
    for start in (0.7, 1.4, 1.6, 2.9):
        first = round(start * 30)
        assert read_numbers(do("trim", stream, start=start, duration=0.5)) == list(range(first, first + 15)), start


def test_where_the_picture_has_ended_its_last_frame_is_held_and_nothing_can_be_copied(do: Do, tmp_path: Path) -> None:
    tone = ("-f", "lavfi", "-i", "sine=f=440:r=48000:d=1.5", "-c:a", "aac")
    song = numbered(tmp_path / "song.mkv", 1 / 30, more=tone)
    path = do("trim", song, start=1, duration=0.4)
    assert read_numbers(path) == [0] * 12
    assert loudness_at(sound(path), 0.1, 0.3, 440) > 0.05
    with pytest.raises(InvalidOperation, match="picture has ended before"):
        do("trim", song, start=1, duration=0.4, lossless=True)


def test_sound_alone_is_trimmed_to_the_sample(do: Do, voice: Path) -> None:
    path = do("trim", voice, suffix="wav", start=1, duration=0.5)
    assert len(sound(path)) == 24_000


@pytest.mark.parametrize(("start", "duration"), [(0.4, 1.2), (0.5, 1.5), (0.1, 0.2), (0, 2)])
def test_a_lossless_trim_copies_whole_groups_of_pictures(do: Do, film: Path, start: float, duration: float) -> None:
    path = do("trim", film, start=start, duration=duration, lossless=True)
    first, count = round(start * 30), round(duration * 30)
    assert read_numbers(path) == list(range(first, first + count))
    original, kept = frames(film), frames(path)
    keys = [key for key in (0, 15, 30, 45, 60) if first <= key <= first + count]
    for begin, end in pairwise(keys):
        assert all(np.array_equal(original[number], kept[number - first]) for number in range(begin, end)), (begin, end)
    assert len(sound(path)) == pytest.approx(count * 1600, abs=1024)
    with av.open(str(path)) as container:
        stamps = [packet.dts for packet in container.demux(video=0) if packet.dts is not None]
    assert stamps == sorted(set(stamps))


def test_what_cannot_be_cut_without_loss_is_refused_with_the_reason(do: Do, tmp_path: Path) -> None:
    other = numbered(tmp_path / "other.mp4", 0.5, more=("-c:v", "mpeg4"))
    with pytest.raises(InvalidOperation, match="not 8-bit H") as caught:
        run_operation("trim", [other], {"lossless": True}, tmp_path / "out.mp4")
    assert [error.pointer for error in caught.value.errors] == ["/params/lossless"]
    assert not (tmp_path / "out.mp4").exists()


def test_backwards_is_every_frame_from_the_last_to_the_first(do: Do, film: Path) -> None:
    path = do("reverse", film)
    assert read_numbers(path) == list(range(59, -1, -1))
    assert loudness_at(sound(path), 0.2, 1.8, 440) > 0.05


def test_look_and_trim_are_one_pass(do: Do, film: Path) -> None:
    path = do("apply_leica_and_trim", film, start=0.5, duration=0.5)
    assert read_numbers(path) == list(range(15, 30))
    plain = np.mean([frame.mean(axis=(0, 1)) for frame in frames(do("trim", film, start=0.5, duration=0.5))], axis=0)
    looked = np.mean([frame.mean(axis=(0, 1)) for frame in frames(path)], axis=0)
    assert looked.mean() - plain.mean() > 5, "the look lifts the shadows"
    assert probe(path).audio is not None


@pytest.mark.parametrize(
    ("params", "pointer", "code"),
    [
        ({"start": -1}, "/params/start", "greater_than_equal"),
        ({"duration": 0}, "/params/duration", "greater_than"),
        ({"start": 2}, "/params/start", "starts_after_end"),
        ({"start": 1, "duration": 2}, "/params/duration", "source_too_short"),
        ({"start": "soon"}, "/params/start", "float_parsing"),
    ],
)
def test_a_piece_that_is_not_there_is_refused(
    film: Path, tmp_path: Path, params: dict[str, object], pointer: str, code: str
) -> None:
    with pytest.raises(InvalidOperation) as caught:
        run_operation("trim", [film], params, tmp_path / "out.mp4")
    assert [(error.pointer, error.code) for error in caught.value.errors] == [(pointer, code)]
    assert list(tmp_path.iterdir()) == []
