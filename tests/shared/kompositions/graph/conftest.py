"""Files for the sources of test kompositions, and rendering them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.kompositions import MediaGraph, SourceMedia, compile_komposition, parse_komposition
from shared.media import MediaInfo, probe, run_graph
from tests.shared.media.clips import counted, make, numbered, plain


@dataclass(frozen=True)
class Rendered:
    """A rendered komposition: the plan, the file, what is in it."""

    graph: MediaGraph
    path: Path
    info: MediaInfo


Render = Callable[..., Rendered]


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceMedia]:
    """`video`: red, 440 Hz; `other`: green, 880 Hz; `tall`: counted frames, silent; `still`: blue; `music`: 220 Hz."""
    folder = tmp_path_factory.mktemp("sources")
    paths = {
        "video": plain(folder / "red.mp4", "red", 6, tone=440),
        "other": plain(folder / "green.mp4", "lime", 6, tone=880, size="640x360", rate="25"),
        "tall": counted(folder / "counted.mp4", 3),
        "still": make(folder / "blue.png", "-f", "lavfi", "-i", "color=blue:s=320x180", "-frames:v", "1"),
        "music": make(folder / "music.wav", "-f", "lavfi", "-i", "sine=f=220:d=30", "-af", "volume=4"),
    }
    return {name: SourceMedia(path, probe(path)) for name, path in paths.items()}


@pytest.fixture(scope="session")
def numbered_sources(
    sources: dict[str, SourceMedia], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, SourceMedia]:
    """`sources` with other videos, every frame of which shows its number: `video` at 30 frames a second, with sound at
    44.1 kHz; `other` at 25 in another size, with sound at 48 kHz; `tall` at 60, silent."""
    folder = tmp_path_factory.mktemp("numbered")
    noise = "anoisesrc=d=6:r={rate}:seed={seed}:a=0.3,lowpass=2000"
    sounds = [("-f", "lavfi", "-i", noise.format(rate=rate, seed=rate)) for rate in (44_100, 48_000)]
    paths = {
        "video": numbered(folder / "thirty.mov", 6, more=(*sounds[0], "-c:a", "pcm_s16le")),
        "other": numbered(folder / "twentyfive.mkv", 6, rate="25", size="128x128", more=(*sounds[1], "-c:a", "flac")),
        "tall": numbered(folder / "sixty.mp4", 4, rate="60"),
    }
    return sources | {name: SourceMedia(path, probe(path)) for name, path in paths.items()}


Compile = Callable[..., MediaGraph]


@pytest.fixture
def compiled(numbered_sources: dict[str, SourceMedia], tmp_path: Path) -> Compile:
    """Compiles a document with `numbered_sources`, or other files for some of them."""

    def compiled(body: dict[str, Any], window: range | None = None, **files: Path) -> MediaGraph:
        media = numbered_sources | {name: SourceMedia(path, probe(path)) for name, path in files.items()}
        return compile_komposition(parse_komposition(body), media, tmp_path, window=window)

    return compiled


@pytest.fixture
def render(sources: dict[str, SourceMedia], tmp_path: Path) -> Render:
    """Renders a document, with other files for some of the sources if they are given, and measures its frame count."""

    def rendered(body: dict[str, Any], **files: Path) -> Rendered:
        media = sources | {name: SourceMedia(path, probe(path)) for name, path in files.items()}
        graph = compile_komposition(parse_komposition(body), media, tmp_path)
        output = tmp_path / "film.mp4"
        result = run_graph(graph.arguments([output]), duration=graph.duration, output=output, timeout=60)
        info = probe(output)
        assert info.video is not None
        assert info.audio is not None
        assert result.frames == info.video.frame_count == graph.total_frames
        assert info.video.exact_duration == graph.duration
        assert abs((info.audio.exact_duration or 0) - graph.duration) < 1024 / 48_000
        return Rendered(graph, output, info)

    return rendered
