"""Waveform: the peaks of the sound in the form that audiowaveform (version 2) made usual and Peaks.js reads.

FFmpeg finds the peaks; no sample passes through Python."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from shared.media.graph import command
from shared.media.graph.counting import SAMPLE_RATE, samples_at
from shared.media.graph.sound import cut_samples
from shared.media.partials import scratch
from shared.media.transcoding.sidecars.work import Sidecar, Work
from shared.media.transcoding.sound import film_sound

_LEAST, _MOST = 256, 2400
"""Samples to a pair of peaks: at most 20 pairs a second of a long film, up to 187 of a short one."""
_PAIRS = 2000
_MIN, _MAX = "lavfi.astats.Overall.Min_level=", "lavfi.astats.Overall.Max_level="


def make_waveform(work: Work, on_progress: Callable[[float], None] | None = None) -> Sidecar:
    """The lowest and the highest sample of every so many, of both channels together, as whole numbers from -128 to 127."""
    total = samples_at(work.plan.frames, work.plan.frame_rate)
    each = min(_MOST, max(_LEAST, total // _PAIRS))
    with scratch() as folder:
        told = folder / "peaks.txt"
        work.run(_command(work, each, total, told), work.plan.seconds, (), on_progress)
        data = list(_peaks(told))
    document = {
        "version": 2,
        "channels": 1,
        "sample_rate": SAMPLE_RATE,
        "samples_per_pixel": each,
        "bits": 8,
        "length": len(data) // 2,
        "data": data,
    }
    path = work.folder / "waveform.json"
    path.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
    return Sidecar("waveform", path)


def _command(work: Work, each: int, total: int, told: Path) -> list[str]:
    import ffmpeg

    measured = (
        cut_samples(film_sound(work.plan, work.source), 0, total)
        .filter("pan", args="mono|c0=0.5*c0+0.5*c1")
        .filter("asetnsamples", n=each, p=0)
        .filter("astats", metadata=1, reset=1, measure_perchannel="none", measure_overall="Min_level+Max_level")
        .filter("ametadata", mode="print", file=str(told))
    )
    return command([ffmpeg.output(measured, "-", format="null")])


def _peaks(told: Path) -> Iterator[int]:
    low = 0
    with told.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith(_MIN):
                low = _level(line.removeprefix(_MIN))
            elif line.startswith(_MAX):
                yield from (low, _level(line.removeprefix(_MAX)))


def _level(text: str) -> int:
    return max(-128, min(127, round(float(text) * 128)))
