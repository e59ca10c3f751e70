"""`python -m bench.rerender`: a five-minute film of 20 segments, rendered, and rendered again after an edit of one segment.

The baseline is the full render of the edited film, in the same run and without a cache."""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from demo.footage import make_footage
from shared.kompositions import Komposition, SourceMedia, parse_komposition
from shared.kompositions.passes import LocalCache, Rendered, RenderOptions, render
from shared.media import probe, run_graph

BAR = 0.25
SEGMENTS, SECONDS = 20, 15
_OPTIONS = RenderOptions(copy_sources=False)


def main() -> None:
    """Print the time of the full render, of the second one, and their ratio."""
    parser = argparse.ArgumentParser(description="Rendering again after a small edit, against rendering all of it.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each segment")
    seconds = parser.parse_args().seconds
    with TemporaryDirectory(prefix="bench-rerender-") as name:
        folder = Path(name)
        media = _media(folder, seconds)
        cache = LocalCache(folder / "cache")
        before = _timed(_film(seconds, None), media, folder / "before.mp4", cache)
        after = _timed(_film(seconds, 8), media, folder / "after.mp4", cache)
        full = _timed(_film(seconds, 8), media, folder / "full.mp4", None)
    frames = full[1].plan.frames
    print(f"{SEGMENTS} segments, {frames} frames at 1280x720; one segment edited")
    for title, (wall, made) in (("first, into the cache", before), ("full, edited", full), ("again, edited", after)):
        encoded, cached = made.plan.encoded_frames, made.plan.cached_frames
        print(
            f"  {title:22} {wall:7.2f} s   {encoded:5} frames encoded, {cached:5} copied, {made.cpu_seconds:7.2f} s of processors"
        )
    ratio = after[0] / full[0]
    print(f"  ratio {ratio:.3f}   bar: <= {BAR}: {'met' if ratio <= BAR else 'MISSED'}")


def _timed(
    komposition: Komposition, media: dict[str, SourceMedia], output: Path, cache: LocalCache | None
) -> tuple[float, Rendered]:
    started = time.perf_counter()
    made = render(komposition, media, [output], cache=cache, options=_OPTIONS)
    return time.perf_counter() - started, made


def _media(folder: Path, seconds: float) -> dict[str, SourceMedia]:
    """Footage long enough: each clip of the demo's, repeated without encoding."""
    footage = make_footage(folder / "footage")
    paths = {}
    for name in ("dusk", "cells", "embers"):
        paths[name] = folder / f"{name}.mp4"
        repeat = ["-stream_loop", "9", "-i", str(getattr(footage, name)), "-c", "copy", "-t", f"{seconds * 2.5}"]
        run_graph([*repeat, "-f", "mp4", str(paths[name])], duration=seconds * 2.5, output=paths[name])
    paths["music"] = footage.music
    return {name: SourceMedia(path, probe(path)) for name, path in paths.items()}


def _film(seconds: float, edited: int | None) -> Komposition:
    segments: list[dict[str, Any]] = [
        {
            "id": f"segment-{n}",
            "sourceId": ("dusk", "cells", "embers")[n % 3],
            "start": {"seconds": seconds * n},
            "end": {"seconds": seconds * (n + 1)},
            "sourceStart": {"seconds": n % 5 + (1.5 if n == edited else 0)},
        }
        for n in range(SEGMENTS)
    ]
    end = {"seconds": seconds * SEGMENTS}
    clip = {"id": "tune", "sourceId": "music", "fit": "loop", "end": end, "volume": 0.5}
    kinds = {"dusk": "video", "cells": "video", "embers": "video", "music": "audio"}
    return parse_komposition(
        {
            "schemaVersion": "2.0",
            "sources": [{"id": name, "kind": kind} for name, kind in kinds.items()],
            "tracks": {"video": [{"segments": segments}], "audio": [{"id": "music", "clips": [clip]}]},
            "outputs": [{"width": 1280, "height": 720, "fps": 30}],
        }
    )


if __name__ == "__main__":
    main()
