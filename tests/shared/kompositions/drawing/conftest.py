"""Drawing over a plain picture, and what can be measured of what was drawn."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.kompositions import parse_komposition, plan_timeline
from shared.kompositions.drawing import draw_overlays
from shared.media import find_ffmpeg, probe
from shared.media.graph import SourceMedia, command
from shared.media.graph.picture import cut
from shared.media.graph.scaling import tag
from tests.shared.kompositions.documents import Document, document, segment, track
from tests.shared.media.clips import counted, make

Frames = NDArray[np.uint8]
"""Frames, rows, columns, and red, green and blue."""


@dataclass(frozen=True)
class Box:
    """Where something was found, in pixels; `right` and `bottom` are the last ones of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> tuple[float, float]:
        """Of the box."""
        return (self.left + self.right + 1) / 2, (self.top + self.bottom + 1) / 2

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left + 1, self.bottom - self.top + 1


def found(mask: NDArray[np.bool_]) -> Box | None:
    """The box around what is true in a picture; None if nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])) if rows.size else None


def box(frame: Frames, background: int = 0, least: int = 60) -> Box:
    """The box around everything in a frame that differs from its plain background."""
    seen = found(np.abs(frame.astype(int) - background).max(axis=2) > least)
    assert seen is not None, "nothing was drawn"
    return seen


def is_plain(frame: Frames, background: int = 0) -> bool:
    """Whether nothing is drawn in a frame."""
    return bool(np.abs(frame.astype(int) - background).max() <= 3)


def text(words: str = "HIH", **more: Any) -> Document:
    """A text overlay as JSON: white, no outline; by default in the middle and all the time."""
    return {"kind": "text", "id": "text", "text": words, "outline": 0, **more}


def image(source: str = "still", **more: Any) -> Document:
    """An image overlay as JSON."""
    return {"kind": "image", "id": "image", "sourceId": source, **more}


def keyframes(*points: tuple[int, float], easing: str = "linear") -> list[Document]:
    """Keyframes as JSON from frames, counted from the item's start, and values."""
    return [{"at": {"frames": frame}, "value": value, "easing": easing} for frame, value in points]


def film(*items: Document, seconds: float = 1, captions: tuple[Document, ...] = (), **more: Any) -> Document:
    """A komposition as JSON that lasts so long, with these overlays on one track, and caption tracks."""
    body = document(segment("a", "still", 0, seconds), **more)
    named = [item | {"id": f"{item['id']}-{number}"} for number, item in enumerate(items)]
    body["tracks"] |= {"overlay": [{"items": named}], "caption": list(captions)}
    return body


Draw = Callable[..., Frames]


@pytest.fixture(scope="session")
def stills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceMedia]:
    """`still`: red, 80x40; `other`: white inside a clear edge, 64x64; `tall`: counted frames, 160x90."""
    folder = tmp_path_factory.mktemp("stills")
    clear = "color=black@0:s=64x64,format=rgba,drawbox=16:16:32:32:white@1:t=fill:replace=1"
    paths = {
        "still": make(folder / "red.png", "-f", "lavfi", "-i", "color=red:s=80x40,format=rgb24", "-frames:v", "1"),
        "other": make(folder / "clear.png", "-f", "lavfi", "-i", clear, "-frames:v", "1"),
        "tall": counted(folder / "counted.mp4", 1, size="160x90"),
    }
    return {name: SourceMedia(path, probe(path)) for name, path in paths.items()}


@pytest.fixture
def draw(stills: dict[str, SourceMedia], tmp_path: Path) -> Draw:
    """Draws a document's overlays and captions over a plain picture; gives every frame."""

    def drawn(
        body: Document,
        *,
        color: str = "black",
        window: range | None = None,
        folder: Path = tmp_path / "scratch",
        environment: Mapping[str, str] | None = None,
        media: Mapping[str, SourceMedia] = stills,
    ) -> Frames:
        import ffmpeg

        komposition = parse_komposition(body)
        timeline = plan_timeline(komposition)
        timeline = timeline if window is None else timeline.windowed(window)
        wide, high = komposition.output.width, komposition.output.height
        source = ffmpeg.input(f"color={color}:s={wide}x{high}:r={timeline.rate}", f="lavfi")
        picture = cut(tag(source.filter("format", "yuv420p")), 0, timeline.total_frames, timeline.rate)
        shown, files = draw_overlays(picture, komposition, media, timeline, folder)
        assert all(path.is_file() and path.is_relative_to(folder) for path in files)
        output = tmp_path / "drawn.rgb"
        arguments = command(
            [ffmpeg.output(shown, str(output), format="rawvideo", pix_fmt="rgb24", fps_mode="passthrough")]
        )
        ran = subprocess.run(
            [find_ffmpeg().path, "-y", "-loglevel", "warning", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
        )
        assert ran.returncode == 0, ran.stderr
        frames = np.fromfile(output, np.uint8).reshape(-1, high, wide, 3)
        assert len(frames) == timeline.total_frames
        return frames

    return drawn


__all__ = ["Box", "Draw", "Frames", "box", "film", "found", "image", "is_plain", "keyframes", "text", "track"]
