"""What needs no reference: black and frozen pictures, silence, loudness. One FFmpeg run decodes the file once and finds all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from shared.media.graph.loudness import Range
from shared.media.info import MediaInfo
from shared.media.quality.report import SoundLevel, Span, Spans

LOOKS = 10
"""Pictures a second that are looked at."""
WIDTH = 160
"""Pixels: of a picture that is looked at."""
BLACK_SECONDS, FROZEN_SECONDS, SILENT_SECONDS = 0.2, 1.0, 1.0
"""What lasts less is no defect."""
_PICTURE = (
    f"fps={LOOKS},scale={WIDTH}:'max(2,2*round(ow/a/2))':flags=area,format=yuv420p,"
    f"blackdetect=d={BLACK_SECONDS}:pic_th=0.98:pix_th=0.08,freezedetect=n=0.0005:d={FROZEN_SECONDS}"
)
_SOUND = f"silencedetect=n=-60dB:d={SILENT_SECONDS},ebur128=peak=true:framelog=quiet"
_NUMBER = r"(-?[\d.]+(?:e[-+]?\d+)?)"
_BLACK = re.compile(rf"^\[[^\]]*blackdetect[^\]]*\] black_start:{_NUMBER} black_end:{_NUMBER}", re.MULTILINE)
_FROZEN = re.compile(rf"^\[[^\]]*freezedetect[^\]]*\] lavfi\.freezedetect\.freeze_(start|end): {_NUMBER}", re.MULTILINE)
_SILENT = re.compile(rf"^\[[^\]]*silencedetect[^\]]*\] silence_(start|end): {_NUMBER}", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """What was found. None: the file has nothing of the kind."""

    black: Spans | None
    frozen: Spans | None
    silent: Spans | None
    sound: SoundLevel | None


def detecting(path: Path, info: MediaInfo) -> list[str]:
    """The arguments of the run. What it says is read by `found_in`.

    Pictures on which no other is built are not decoded, and none is smoothed: at this size nobody sees it."""
    sparing = ("-skip_frame:v", "noref", "-skip_loop_filter:v", "all") if info.video else ()
    arguments = ["-loglevel", "info", *sparing, "-i", str(path.absolute())]
    for stream, filters, option, other in ((info.video, _PICTURE, "-vf", "-an"), (info.audio, _SOUND, "-af", "-vn")):
        if stream is not None:
            arguments += ["-map", f"0:{stream.index}", option, filters, other, "-sn", "-dn", "-f", "null", "-"]
    return arguments


def found_in(log: str, info: MediaInfo) -> Found:
    """What a run of `detecting` said."""
    end = info.duration
    black = [Span(start=float(start), end=float(stop)) for start, stop in _BLACK.findall(log)]
    # What is black stands still too: it is black.
    frozen = [part for span in _spans(_FROZEN, log, end) for part in _without(span, black)]
    level = Range.parse(log) if info.audio is not None else None
    return Found(
        black=Spans.of(black) if info.video else None,
        frozen=Spans.of(frozen) if info.video else None,
        silent=Spans.of(list(_spans(_SILENT, log, end))) if info.audio else None,
        sound=SoundLevel(integrated=level.loudness.integrated, range=level.range, true_peak=level.loudness.true_peak)
        if level
        else None,
    )


def _spans(pattern: re.Pattern[str], log: str, end: float) -> Iterator[Span]:
    """Spans told by their starts and ends; the last may have no end but that of the file."""
    told = pattern.findall(log)
    starts = [max(0.0, float(value)) for word, value in told if word == "start"]
    ends = [float(value) for word, value in told if word == "end"]
    if len(ends) > len(starts):  # The oldest lines of a long log are lost.
        ends = ends[len(ends) - len(starts) :]
    for start, stop in zip_longest(starts, ends, fillvalue=end):
        if stop > start:
            yield Span(start=start, end=min(stop, end))


def _without(span: Span, others: list[Span]) -> Iterator[Span]:
    """The parts of a span, long enough to count, that none of the others covers. `others` are in order."""
    start = span.start
    for other in others:
        if other.end <= start or other.start >= span.end:
            continue
        if other.start - start >= FROZEN_SECONDS:
            yield Span(start=start, end=other.start)
        start = max(start, other.end)
    if span.end - start >= FROZEN_SECONDS:
        yield Span(start=start, end=span.end)
