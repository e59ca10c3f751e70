"""The command that carries a graph out."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

_LONGEST_ARGUMENT = 100_000
"""Bytes: Linux takes 128 KiB."""


def command(outputs: Sequence[Any], folder: Path | None = None, *, loglevel: str | None = None) -> list[str]:
    """The arguments that make these outputs of ffmpeg-python from a graph's streams. The binary is not among them.

    A graph that is too long for an argument is written into `folder`, if one is given, named by its content."""
    from shared.media.graph.inputs import GLOBAL_OPTIONS
    from shared.media.graph.writing import write

    read, graphs, made = write(outputs)
    level = ("-loglevel", loglevel) if loglevel else ()
    filters = [argument for graph in graphs for argument in _graph(graph, folder)]
    return [*GLOBAL_OPTIONS, *level, *read, *filters, *made]


def _graph(graph: str, folder: Path | None) -> tuple[str, str]:
    if folder is None or len(graph.encode()) <= _LONGEST_ARGUMENT:
        return "-filter_complex", graph
    path = folder / f"graph-{sha256(graph.encode()).hexdigest()[:16]}.txt"
    path.write_text(graph, "utf-8")
    return "-/filter_complex", str(path.absolute())
