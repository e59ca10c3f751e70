"""Footage with a face in it: the portrait that scikit-image brings along (NASA, in the public domain), moved over a backdrop."""

import shutil
from pathlib import Path

from demo import footage
from tests.shared.media.clips import make

FACE = (0.34, 0.12, 0.19, 0.19)
"""Where in the portrait the face is, by eye: left, top, width, height as fractions of it."""


def portrait(folder: Path) -> Path:
    """A still of a woman in a space suit, 512 x 512."""
    path = folder / "portrait.png"
    if not path.exists():
        shutil.copyfile(footage.portrait(), path)
    return path


def with_face(
    path: Path, across: str, *, down: str = "20", side: int = 240, seconds: float = 4, size: str = "640x360"
) -> Path:
    """A film of 30 frames a second: the portrait, `side` pixels a side, with its corner at (`across`, `down`).

    Both are expressions of FFmpeg's overlay, such as 100+40*t."""
    still = ("-loop", "1", "-framerate", "30", "-t", str(seconds), "-i", str(portrait(path.parent)))
    backdrop = (
        "-f",
        "lavfi",
        "-i",
        f"gradients=s={size}:r=30:d={seconds}:c0=0x304050:c1=0x506070:n=2:seed=1:speed=0.00001",
    )
    laid = f"[1]scale={side}:{side}[face];[0][face]overlay=x='{across}':y='{down}':shortest=1,format=yuv420p"
    return make(path, *backdrop, *still, "-filter_complex", laid, "-preset", "ultrafast", "-crf", "12")
