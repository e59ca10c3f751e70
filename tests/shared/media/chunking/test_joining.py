"""Chunks that were encoded one by one, in any order, are the film that one pass would have made, frame for frame."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from shared.media import MediaInfo, RenderCancelled, UnreadableMedia, probe
from shared.media.chunking import check_chunk, join_chunks, key_moments, plan_chunks
from shared.media.transcoding import TranscodePlan, TranscodeRequest, encode_pictures, plan_transcode
from tests.shared.media.clips import frames, numbered, plain, read_numbers

SECONDS = 5


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Numbered frames, 25 a second, with a key frame every 37."""
    folder = tmp_path_factory.mktemp("chunking")
    return numbered(folder / "source.mp4", SECONDS, rate="25", more=("-g", "37"))


@pytest.fixture(scope="module")
def info(source: Path) -> MediaInfo:
    """What is known of it."""
    return probe(source)


def plan_of(info: MediaInfo, **params: object) -> TranscodePlan:
    return plan_transcode(info, TranscodeRequest.model_validate({"preset": "ultrafast", **params}))


def in_chunks(plan: TranscodePlan, source: Path, folder: Path, count: int) -> dict[str, list[Path]]:
    """The checked chunks of every rendition in the order of the film, made largest first."""
    chunks = plan_chunks(plan.frames, plan.gop_frames, plan.frame_rate, count, key_moments(source))
    made: dict[int, dict[str, Path]] = {}
    for chunk in chunks:
        place = folder / str(chunk.index)
        place.mkdir()
        made[chunk.index] = dict(encode_pictures(plan, source, chunk.range, place).paths)
        for name, path in made[chunk.index].items():
            check_chunk(path, plan.rendition(name).size, chunk.frames, plan.frame_rate)
    return {each.name: [made[index][each.name] for index in sorted(made)] for each in plan.renditions}


@pytest.mark.parametrize("fps", [25, 30, 12.5])
def test_every_frame_of_the_joined_film_shows_what_it_shows_in_a_single_pass(
    source: Path, info: MediaInfo, tmp_path: Path, fps: float
) -> None:
    plan = plan_of(info, fps=fps)
    whole = encode_pictures(plan, source, range(plan.frames), tmp_path).paths["film"]
    chunks = in_chunks(plan, source, tmp_path, 2)["film"]
    assert len(chunks) > 1
    joined = tmp_path / "joined.mp4"
    assert join_chunks(chunks, joined, plan.frame_rate) == plan.frames
    assert read_numbers(joined) == read_numbers(whole)
    assert stamps(joined) == stamps(whole)


def test_frames_that_lose_nothing_are_the_same_to_the_last_bit(source: Path, info: MediaInfo, tmp_path: Path) -> None:
    plan = plan_of(info, crf=0)
    whole = encode_pictures(plan, source, range(plan.frames), tmp_path).paths["film"]
    join_chunks(in_chunks(plan, source, tmp_path, 3)["film"], joined := tmp_path / "joined.mp4", plan.frame_rate)
    assert all((one == other).all() for one, other in zip(frames(joined), frames(whole), strict=True))


def test_every_rendition_of_a_ladder_is_split_at_the_same_frames(tmp_path: Path) -> None:
    source = numbered(tmp_path / "source.mp4", 5, rate="25", size="640x360")
    plan = plan_of(probe(source), profile="ladder")
    assert len(plan.renditions) > 1
    for name, chunks in in_chunks(plan, source, tmp_path, 2).items():
        join_chunks(chunks, joined := tmp_path / f"{name}.mp4", plan.frame_rate)
        assert read_numbers(joined) == list(range(125))


def test_key_moments_are_where_decoding_can_begin(source: Path) -> None:
    assert key_moments(source) == tuple(Fraction(frame, 25) for frame in range(0, 125, 37))


def test_chunks_of_different_sizes_are_not_joined(tmp_path: Path) -> None:
    small, large = plain(tmp_path / "small.mp4", "red"), plain(tmp_path / "large.mp4", "red", size="640x360")
    with pytest.raises(UnreadableMedia, match="coded differently"):
        join_chunks([small, large], tmp_path / "joined.mp4", Fraction(30))
    assert not (tmp_path / "joined.mp4").exists()


def test_a_join_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    film = plain(tmp_path / "film.mp4", "red", 30, size="64x64")
    with pytest.raises(RenderCancelled):
        join_chunks([film], tmp_path / "joined.mp4", Fraction(30), should_cancel=lambda: True)
    assert {path.name for path in tmp_path.iterdir()} == {"film.mp4"}


def stamps(path: Path) -> list[int]:
    """When frames are shown, in microseconds."""
    with av.open(str(path)) as container:
        return [round((frame.time or 0) * 1e6) for frame in container.decode(video=0)]
