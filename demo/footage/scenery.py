"""Paints the layers of a landscape at dusk: a sky with a sun, and ridges that fade with distance. Deterministic."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 1280, 720
SPEEDS = (12, 28, 60, 120)
"""Pixels per second by which each ridge, from far to near, passes the camera."""

_SKY = ((0.0, (24, 26, 64)), (0.45, (116, 54, 112)), (0.72, (238, 118, 92)), (1.0, (255, 206, 128)))
_RIDGES = ((168, 92, 128), (110, 62, 112), (62, 40, 84), (26, 20, 46))
_SUN = (820, 400, 62)


@dataclass(frozen=True)
class Ridge:
    """A picture of a ridge without the empty rows above it: it belongs `top` rows down, an even number, and passes at `speed`."""

    path: Path
    top: int
    speed: int


def paint_layers(folder: Path, seconds: float) -> tuple[Path, list[Ridge]]:
    """Write the sky and the ridges, far to near, as PNG files; ridges are wide enough to pass for `seconds`."""
    sky = folder / "sky.png"
    Image.fromarray(_sky()).save(sky)
    ridges = []
    random = np.random.default_rng(20)
    for number, (color, speed) in enumerate(zip(_RIDGES, SPEEDS, strict=True)):
        path = folder / f"ridge-{number}.png"
        picture = _ridge(random, number, color, WIDTH + int(speed * seconds) + 2)
        top = int(picture[..., 3].any(axis=1).argmax()) // 2 * 2
        Image.fromarray(picture[top:]).save(path)
        ridges.append(Ridge(path, top, speed))
    return sky, ridges


def _sky() -> NDArray[np.uint8]:
    heights = np.linspace(0, 1, HEIGHT)
    stops = [stop for stop, _ in _SKY]
    column = np.stack([np.interp(heights, stops, [color[i] for _, color in _SKY]) for i in range(3)], axis=1)
    picture = np.repeat(column[:, None, :], WIDTH, axis=1)
    x, y, radius = _SUN
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    distance = np.hypot(columns - x, rows - y)
    disc = np.clip(radius + 0.5 - distance, 0, 1)[..., None]
    glow = (0.55 * np.exp(-np.maximum(distance - radius, 0) / 110))[..., None]
    light = np.array([255, 236, 190])
    picture = picture + (light - picture) * np.maximum(glow, disc)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _ridge(random: np.random.Generator, number: int, color: tuple[int, int, int], width: int) -> NDArray[np.uint8]:
    """A mountain line: octaves of sines, rougher when nearer, lit a little along its crest."""
    places = np.arange(width)
    line = np.zeros(width)
    for octave in range(7):
        length = 620 / 1.9**octave
        line += np.sin(2 * np.pi * (places / length + random.random())) * (34 + 12 * number) / 1.75**octave
    crest = 430 + 62 * number + line
    depth = np.arange(HEIGHT)[:, None] - crest[None, :]
    shade = 1 + 0.35 * np.exp(-np.maximum(depth, 0) / 26)
    picture = np.zeros((HEIGHT, width, 4))
    picture[..., :3] = np.clip(np.array(color) * shade[..., None], 0, 255)
    picture[..., 3] = 255 * np.clip(depth + 0.5, 0, 1)
    return picture.astype(np.uint8)
