"""Several files of one film in one run: sizes, rates, containers and codecs; forced keyframes."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from shared.media import MediaInfo, probe, run_graph
from tests.shared.kompositions.documents import document, segment
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import checksums
from tests.shared.media.clips import frames, mean_color, read_numbers

SMALL = {"width": 320, "height": 180, "fps": 30, "preset": "ultrafast", "crf": 20}
FILM = document(segment("a", "video", 0, 1), segment("b", "other", 1, 2, sourceStart=1))


def made(
    compiled: Compile, folder: Path, *outputs: dict[str, Any], window: range | None = None, **options: Any
) -> list[Path]:
    """The files of the film with these outputs, by one run."""
    graph = compiled({**FILM, "outputs": [{**SMALL, **output} for output in outputs]}, window)
    paths = [folder / f"film-{number}.{output.container}" for number, output in enumerate(graph.outputs)]
    run_graph(graph.arguments(paths, **options), duration=graph.duration, output=paths, timeout=60)
    return paths


def test_every_container_with_every_codec_it_holds(compiled: Compile, tmp_path: Path) -> None:
    pictures = [
        ("mp4", "h264", "aac"),
        ("mp4", "h265", "mp3"),
        ("mp4", "av1", "opus"),
        ("mp4", "vp9", "flac"),
        ("mov", "h264", "pcm"),
        ("mkv", "h265", "opus"),
        ("webm", "vp9", "opus"),
    ]
    outputs = [
        {"container": container, "videoCodec": video, "audioCodec": audio, "width": 160, "height": 90}
        for container, video, audio in pictures
    ]
    for path, (_, video, audio) in zip(made(compiled, tmp_path, SMALL, *outputs)[1:], pictures, strict=True):
        info = probe(path)
        assert info.video is not None
        assert info.audio is not None
        names = {"h265": "hevc", "av1": "libdav1d", "mp3": "mp3float", "pcm": "pcm_s16le"}
        assert info.video.codec == names.get(video, video), path
        assert info.audio.codec.removeprefix("lib") == names.get(audio, audio), path
        assert info.video.pixel_format == "yuv420p"
        assert abs(info.exact_duration - 2) < Fraction(1, 20)
        assert len(frames(path)) == 60


def test_sound_alone_is_made_without_pictures(compiled: Compile, tmp_path: Path) -> None:
    kinds = {"m4a": "aac", "mp3": "mp3float", "wav": "pcm_s16le", "flac": "flac"}
    outputs = [{"container": container} for container in kinds]
    graph = compiled({**FILM, "outputs": [{**SMALL, **output} for output in outputs]})
    assert graph.picture is None
    assert "scale" not in " ".join(graph.arguments([tmp_path / container for container in kinds]))
    for path, codec in zip(made(compiled, tmp_path, *outputs), kinds.values(), strict=True):
        info: MediaInfo = probe(path)
        assert info.video is None
        assert info.audio is not None
        assert info.audio.codec == codec
        assert abs(info.exact_duration - 2) < Fraction(1, 15)


def test_a_gif_moves_and_repeats(compiled: Compile, tmp_path: Path) -> None:
    (path,) = made(compiled, tmp_path, {"container": "gif", "fps": 10})
    info = probe(path)
    assert info.audio is None
    assert len(frames(path)) == 20
    assert b"NETSCAPE2.0" in path.read_bytes()[:1000]


def test_other_sizes_are_filled_as_they_ask(compiled: Compile, tmp_path: Path) -> None:
    tall = {"width": 90, "height": 160}
    names = ("contain", "cover", "stretch", "blur")
    body = {
        **document(segment("a", "still", 0, 0.2)),
        "outputs": [SMALL, *({**SMALL, **tall, "scale": n} for n in names)],
    }
    graph = compiled(body)
    paths = [tmp_path / f"{number}.mp4" for number in range(5)]
    run_graph(graph.arguments(paths), duration=graph.duration, output=paths, timeout=60)
    tops = {name: float(mean_color(frames(path)[0][:40])[2]) for name, path in zip(names, paths[1:], strict=True)}
    assert tops["contain"] < 8
    assert tops["cover"] > 240
    assert tops["stretch"] > 240
    assert 60 < tops["blur"] < 245


def test_other_rates_show_the_same_moments(compiled: Compile, tmp_path: Path) -> None:
    paths = made(compiled, tmp_path, {}, {"fps": 60}, {"fps": 15}, {"fps": 25}, {"fps": 29.97})
    first, double, half, slow, tv = (read_numbers(path)[: 60 * 30] for path in paths)
    assert (len(first), len(double), len(half), len(slow), len(tv)) == (60, 120, 30, 50, 60)
    assert double[:60] == [number // 2 for number in range(60)]
    assert half[:15] == list(range(0, 30, 2))
    assert slow[:25] == sorted(set(slow[:25]))
    assert probe(paths[3]).exact_duration == 2


def test_a_window_has_its_frames_in_every_output(compiled: Compile, tmp_path: Path) -> None:
    outputs = ({}, {"fps": 60}, {"fps": 10})
    whole = [read_numbers(path) for path in made(compiled, tmp_path, *outputs)]
    parts: list[list[int]] = [[], [], []]
    for window in (range(20), range(20, 31), range(31, 60)):
        for numbers, path in zip(parts, made(compiled, tmp_path, *outputs, window=window), strict=True):
            numbers += read_numbers(path)
    assert parts == whole


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_keyframes_begin_closed_groups_where_they_are_asked_for(compiled: Compile, tmp_path: Path, codec: str) -> None:
    wanted = [0, 7, 31, 45]
    output = {"videoCodec": codec, "preset": "veryfast"}
    (path,) = made(compiled, tmp_path, output, keyframes=[*wanted, 99])
    with av.open(str(path)) as container:
        keys = [packet.pts * packet.time_base * 30 for packet in container.demux(video=0) if packet.is_keyframe]
    assert set(wanted) <= set(keys)
    for start in wanted:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            container.seek(int((Fraction(start, 30) + Fraction(1, 100)) / stream.time_base), stream=stream)
            assert next(container.decode(stream)).pts * stream.time_base * 30 == start


def test_the_first_outputs_grid_is_the_films(compiled: Compile) -> None:
    body = {**FILM, "outputs": [{**SMALL, "fps": 24}, SMALL]}
    assert compiled(body).total_frames == len(checksums(compiled(body))) == 48
