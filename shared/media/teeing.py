"""Teeing: the names of outputs; FFmpeg's muxer `tee` writes what one encoder gives into several files, all in one name."""

import re
from pathlib import Path

_SPECIAL = re.compile(r"[\\'|]")


def tee_name(path: Path) -> str:
    """How a file is named among those that `tee` writes, after the options of its muxer in brackets."""
    return _SPECIAL.sub(r"\\\g<0>", str(path))


def is_named(name: str, path: Path) -> bool:
    """Whether an output of this name is `path`, or writes it among others."""
    return name == str(path) or f"]{tee_name(path)}|" in f"{name}|"


def renamed(name: str, path: Path, place: Path) -> str:
    """The name of the output that writes `place` instead of `path`."""
    if name == str(path):
        return str(place)
    return f"{name}|".replace(f"]{tee_name(path)}|", f"]{tee_name(place)}|")[:-1]
