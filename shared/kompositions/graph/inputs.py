"""The inputs of a graph. Import it where a graph is built: it needs ffmpeg-python, which the functions do not install."""

from fractions import Fraction
from typing import Any

from ffmpeg.nodes import InputNode

from shared.kompositions.shots import SourceMedia

Stream = Any
"""A stream of ffmpeg-python, which has no types."""


class _Input(InputNode):  # type: ignore[misc]
    """An input that equals only itself. ffmpeg-python takes equal nodes for one node, and then refuses to use it twice."""

    def __init__(self, filename: str, label: str, **options: object) -> None:
        self._label = label
        super().__init__("input", kwargs={"filename": filename, **options})

    def __hash__(self) -> int:
        return hash((super().__hash__(), self._label))


def open_media(media: SourceMedia, label: str, start: Fraction, length: Fraction) -> Stream:
    """The file as an input that begins at `start` and gives `length` seconds; a still gives its one frame."""
    path = str(media.path.absolute())
    if media.info.is_still:
        return _Input(path, label, format=media.info.container).stream()
    return _Input(path, label, **({"ss": decimal(start)} if start else {}), t=decimal(length)).stream()


def generate(description: str, label: str) -> Stream:
    """An endless generated input, such as `color=black`."""
    return _Input(description, label, format="lavfi").stream()


def decimal(seconds: Fraction) -> str:
    """Seconds to the microsecond, FFmpeg's own resolution."""
    return f"{float(seconds):.6f}"
