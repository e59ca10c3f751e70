"""A talk of two people, two and a half minutes long: a host asks, a guest tells. Real words, cut between cameras.

The sound was spoken by SVOX Pico (Apache 2.0), a synthesizer, from `lines.json`, which also says when each line is said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.media import run_graph

SOUND = Path(__file__).parent / "talk.opus"
RATE = 25
_STUDIO = "gradients=s=1280x720:c0=0x1B2430:c1=0x2E3A4A:x0=0:y0=0:x1=1280:y1=720:nb_colors=2:d=0.04:r=25"
_WIDE = frozenset({"Host"})
"""Of whom both people are seen while they speak."""


@dataclass(frozen=True)
class Line:
    """What is said by whom from `start` to `end`, seconds."""

    speaker: str
    start: float
    end: float
    text: str


def lines() -> list[Line]:
    """Every line, in order."""
    return [Line(**line) for line in json.loads((Path(__file__).parent / "lines.json").read_text())]


def make_talk(path: Path, portrait: Path, seconds: float | None = None) -> None:
    """Write the talk (MP4, 1280x720 at 25 fps, mono), or its first `seconds`. `portrait`: a square picture of a face, who plays
    both parts."""
    said = lines()
    length = seconds or said[-1].end + 0.5
    wide, close = _shots(said, length)
    held = f"loop=loop=-1:size=1,fps={RATE},trim=end={length:.2f}"
    graph = ";".join(
        [
            f"[0]format=yuv420p,{held}[studio]",
            "[1]format=yuv444p,split=3[portrait][closer][mirror]",
            f"[portrait]scale=560:560,format=yuv420p,{held}[guest]",
            f"[closer]crop=420:420:30:10,scale=720:720,format=yuv420p,{held}[large]",
            f"[mirror]hflip,hue=h=140:s=0.8,scale=560:560,format=yuv420p,{held}[host]",
            f"[studio][host]overlay=x='50+4*sin(t*0.9)':y='80+3*sin(t*1.3)':enable='{wide}'[one]",
            f"[one][guest]overlay=x='670+4*sin(t*0.8+1)':y='80+3*sin(t*1.1)':enable='{wide}'[both]",
            f"[both][large]overlay=x='430+70*sin(t*0.35)':y='4*sin(t*1.2)':enable='{close}'[picture]",
        ]
    )
    arguments = [
        *("-f", "lavfi", "-i", _STUDIO, "-i", str(portrait), "-i", str(SOUND)),
        *("-filter_complex", graph, "-map", "[picture]", "-map", "2:a", "-c:a", "aac", "-b:a", "96k", "-ar", "48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "22", "-pix_fmt", "yuv420p", "-r", str(RATE)),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
        *("-t", f"{length:.2f}", "-movflags", "+faststart", "-f", "mp4", str(path)),
    ]
    run_graph(arguments, duration=length, output=path, timeout=180)


def _shots(said: Sequence[Line], length: float) -> tuple[str, str]:
    """When both are seen, and when the guest alone is: FFmpeg's expressions of the time."""
    starts = [0.0, *(line.start - 0.3 for line in said[1:]), length]
    spans = list(zip(said, starts, starts[1:], strict=False))
    wide = [f"between(t,{start:.2f},{end - 0.001:.3f})" for line, start, end in spans if line.speaker in _WIDE]
    close = [f"between(t,{start:.2f},{end - 0.001:.3f})" for line, start, end in spans if line.speaker not in _WIDE]
    return "+".join(wide), "+".join(close)
