"""The command that carries a graph out."""

from collections.abc import Sequence
from typing import Any


def command(outputs: Sequence[Any], *, loglevel: str | None = None) -> list[str]:
    """The arguments that make these outputs of ffmpeg-python from a graph's streams. The binary is not among them."""
    import ffmpeg

    from shared.media.graph.inputs import GLOBAL_OPTIONS

    arguments: list[str] = ffmpeg.get_args(ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0])
    return [*GLOBAL_OPTIONS, *(("-loglevel", loglevel) if loglevel else ()), *arguments]
