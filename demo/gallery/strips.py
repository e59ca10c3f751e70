"""Strips: a few frames of an exhibit side by side, as a small PNG."""

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from demo.footage import make_footage
from demo.gallery.exhibits import SIZE, Exhibit
from shared.kompositions import SourceMedia, compile_komposition
from shared.media import find_ffmpeg, probe, run_graph

FRAME = (160, 90)
LARGEST = 12_000
"""Bytes of a strip, at most."""
_COLORS = (64, 48, 32, 24, 16, 12, 8)


def gallery_media(folder: Path) -> Mapping[str, SourceMedia]:
    """The sources of all exhibits, made in `folder`: the demo's footage, scaled down so that a strip takes half a second."""
    footage = make_footage(folder / "footage")
    media = {}
    for name, path in {"dusk": footage.dusk, "cells": footage.cells, "embers": footage.embers}.items():
        small = folder / f"{name}.mp4"
        quality = ("-an", "-t", "4", "-c:v", "libx264", "-crf", "8", "-preset", "veryfast", "-f", "mp4")
        scaling = f"scale={SIZE[0]}:{SIZE[1]}:force_original_aspect_ratio=increase:force_divisible_by=2"
        run_graph(["-i", str(path), "-vf", scaling, *quality, str(small)], duration=4, output=small)
        media[name] = SourceMedia(small, probe(small))
    face = folder / "face.png"
    with Image.open(footage.face) as portrait:
        width = portrait.width
        portrait.crop((0, 0, width, width * SIZE[1] // SIZE[0])).resize(SIZE, Image.Resampling.LANCZOS).save(face)
    return {**media, "face": SourceMedia(face, probe(face))}


def render_strip(exhibit: Exhibit, media: Mapping[str, SourceMedia]) -> bytes:
    """The exhibit's frames in a row as a PNG with a palette, with as many colours as fit into `LARGEST` bytes."""
    window = range(exhibit.frames[0], exhibit.frames[-1] + 1)
    with TemporaryDirectory() as folder:
        graph = compile_komposition(exhibit.komposition, media, Path(folder), window=window)
        chosen = "+".join(f"eq(n,{frame - window.start})" for frame in exhibit.frames)
        row = graph.picture.filter("select", chosen).filter("scale", *FRAME, flags="lanczos")
        row = row.filter("tile", f"{len(exhibit.frames)}x1", padding=2, color="white").filter("format", "rgb24")
        picture = Image.open(io.BytesIO(_png(row)))
        return _small(picture)


def _png(row: object) -> bytes:
    import ffmpeg

    output = ffmpeg.output(row, "pipe:1", f="image2pipe", vcodec="png", **{"frames:v": 1})
    command = [str(find_ffmpeg().path), "-nostdin", "-loglevel", "error", *ffmpeg.get_args(output)]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout


def _small(picture: Image.Image) -> bytes:
    data = b""
    for colors in _COLORS:
        file = io.BytesIO()
        picture.quantize(colors, dither=Image.Dither.NONE).save(file, "png", optimize=True)
        data = file.getvalue()
        if len(data) <= LARGEST:
            break
    return data
