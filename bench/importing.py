"""`python -m bench.importing`: how long a komposition of 10,000 segments takes to import.

The baseline is what reading it costs at least: `json.loads` and pydantic's model of the same film in canonical form, without
the checks across fields. Runs alternate, so that other load hits all alike."""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from shared.kompositions import Komposition
from shared.kompositions.importing import import_komposition

BAR_SECONDS = 1.0
SEGMENTS = 10_000


def main() -> None:
    """Print the median seconds of each form, and the ratio to the baseline."""
    parser = argparse.ArgumentParser(description=f"Import of {SEGMENTS} segments against json.loads and pydantic.")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    texts = {name: json.dumps(made) for name, made in _documents().items()}
    subjects: dict[str, Callable[[], object]] = {"baseline": lambda: _read(texts["canonical"])}
    subjects |= {name: lambda text=text: _import(text) for name, text in texts.items()}
    walls: dict[str, list[float]] = {name: [] for name in subjects}
    processors: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(runs):
        for name, subject in subjects.items():
            started, used = time.perf_counter(), time.process_time()
            subject()
            walls[name].append(time.perf_counter() - started)
            processors[name].append(time.process_time() - used)
    print(f"import of {SEGMENTS:,} segments, {runs} runs each, alternating: median seconds, ratio to the baseline")
    for name in subjects:
        wall, processor = statistics.median(walls[name]), statistics.median(processors[name])
        ratio = processor / statistics.median(processors["baseline"])
        met = (
            ""
            if name == "baseline"
            else f"   bar: wall <= {BAR_SECONDS:g}: {'met' if wall <= BAR_SECONDS else 'MISSED'}"
        )
        print(f"  {name:10} wall {wall:6.3f}   cpu {processor:6.3f}   ratio {ratio:5.2f}{met}")


def _read(text: str) -> Komposition:
    with patch("shared.kompositions.validation.refuse_problems"):
        return Komposition.model_validate(json.loads(text))


def _import(text: str) -> None:
    imported = import_komposition(text)
    assert imported.komposition is not None, imported.errors[:3]
    assert len(imported.komposition.tracks.video[0].segments) == SEGMENTS


def _documents() -> dict[str, Any]:
    """The same cuts in four formats, half a second each."""
    numbers = range(SEGMENTS)
    canonical = [
        {
            "id": f"s{n}",
            "sourceId": "a",
            "start": {"beats": n},
            "end": {"beats": n + 1},
            "sourceStart": {"seconds": n / 8},
        }
        for n in numbers
    ]
    first = [{"id": f"s{n}", "sourceId": "a", "startBeat": n, "endBeat": n + 1, "sourceStart": n / 8} for n in numbers]
    stored = [{"id": f"s{n}", "sourceid": "a", "start": n, "duration": 1, "end": n + 1} for n in numbers]
    generated = [
        {
            **{"id": f"s{n}", "startBeat": n, "endBeat": n + 1, "duration": 0.5, "sourceType": "video"},
            **{"sourceRef": f"clip{n % 20}.mp4", "operation": "trim", "params": {"start": n / 8, "duration": 0.5}},
            **{"effects": [], "description": "A shot"},
        }
        for n in numbers
    ]
    sources = [{"id": "a", "kind": "video", "assetId": "asset"}]
    return {
        "canonical": {"schemaVersion": "2.0", "sources": sources, "tracks": {"video": [{"segments": canonical}]}},
        "kompo-1": {"bpm": 120, "sources": sources, "segments": first},
        "A": {
            **{"_id": "film", "type": "Komposition", "bpm": 120, "segments": stored},
            "sources": [{"id": "a", "url": "a.mp4", "mediatype": "video"}],
        },
        "C": {"metadata": {"title": "Film", "bpm": 120}, "segments": generated},
    }


if __name__ == "__main__":
    main()
