"""Measuring: one FFmpeg run over the whole file, and with a reference a second one over a few of its frames."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from shared.media.ffmpeg import Ffmpeg
from shared.media.info import MediaInfo, StreamInfo
from shared.media.probe import probe
from shared.media.quality.comparison import comparable, comparing, fidelity_of
from shared.media.quality.detection import detecting, found_in
from shared.media.quality.report import Fidelity, QualityReport
from shared.media.runner import run_graph


@dataclass(frozen=True)
class _Running:
    """How FFmpeg is run here: quietly, until it is told to stop."""

    should_cancel: Callable[[], bool] | None
    deadline: float | None
    ffmpeg: Ffmpeg | None

    def log_of(
        self, arguments: Sequence[str], seconds: Fraction, on_progress: Callable[[float], None] | None = None
    ) -> str:
        result = run_graph(
            arguments,
            duration=seconds,
            output=(),
            on_progress=(lambda progress: on_progress(progress.fraction)) if on_progress else None,
            should_cancel=self.should_cancel,
            timeout=max(0.0, self.deadline - time.monotonic()) if self.deadline is not None else None,
            ffmpeg=self.ffmpeg,
        )
        return result.log


def measure_quality(
    path: Path,
    reference: Path | None = None,
    *,
    info: MediaInfo | None = None,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> QualityReport:
    """Measure a film or a sound. `reference` is what its picture should look like, frame for frame in time; its size and rate
    may differ. Where the two cannot be compared (no picture, other dynamic range), the report has no fidelity.

    The picture is looked at ten times a second, at 160 pixels of width: black or frozen for less than 0.2 s is not seen.
    `info` saves a probe. A still has nothing to measure: ValueError. Raises what `probe` and `run_graph` raise."""
    started = time.monotonic()
    known = info or probe(path, hashed=False)
    if known.is_still:
        raise ValueError("a still has no quality over time")
    running = _Running(should_cancel, started + timeout if timeout is not None else None, ffmpeg)
    log = running.log_of(detecting(path, known), known.exact_duration, on_progress)
    found = found_in(log, known)
    fidelity = _compare(path, reference, known, running) if reference is not None else None
    return QualityReport(
        duration=known.duration,
        black=found.black,
        frozen=found.frozen,
        silent=found.silent,
        sound=found.sound,
        length_difference=_length_difference(known.video, known.audio),
        fidelity=fidelity,
        wall_seconds=round(time.monotonic() - started, 3),
    )


def _compare(path: Path, reference: Path, info: MediaInfo, running: _Running) -> Fidelity | None:
    wanted = probe(reference, hashed=False)
    if not comparable(info, wanted):
        return None
    asked = comparing(path, reference, info, running.ffmpeg, wanted)
    return fidelity_of(running.log_of(asked.arguments, info.exact_duration), asked.frames)


def _length_difference(video: StreamInfo | None, audio: StreamInfo | None) -> float | None:
    if video is None or audio is None or video.exact_duration is None or audio.exact_duration is None:
        return None
    return round(float(audio.exact_duration - video.exact_duration), 3)
