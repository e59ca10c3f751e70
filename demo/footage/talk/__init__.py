"""A talk of two people, two and a half minutes long: a host asks, a guest tells. Real words, cut between cameras.

The sound was spoken by SVOX Pico (Apache 2.0), a synthesizer, from `lines.json`, which also says when each line is said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.media import run_graph

SOUND = Path(__file__).parent / "talk.opus"
RATE = 25
HEIGHT = 720
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


def make_talk(path: Path, portrait: Path, seconds: float | None = None, *, height: int = HEIGHT) -> None:
    """Write the talk (MP4, 16:9 at 25 fps, mono), or its first `seconds`. `portrait`: a square picture of a face, who plays both
    parts. `height`: lines of the picture, a multiple of 36."""
    said = lines()
    length = seconds or said[-1].end + 0.5
    wide, close = _shots(said, length)
    held = f"loop=loop=-1:size=1,fps={RATE},trim=end={length:.2f}"
    of, width = height / HEIGHT, height * 16 // 9
    speaker, large = round(560 * of / 2) * 2, height
    graph = ";".join(
        [
            f"[0]format=yuv420p,{held}[studio]",
            "[1]format=yuv444p,split=3[portrait][closer][mirror]",
            f"[portrait]scale={speaker}:{speaker},format=yuv420p,{held}[guest]",
            f"[closer]crop=420:420:30:10,scale={large}:{large},format=yuv420p,{held}[large]",
            f"[mirror]hflip,hue=h=140:s=0.8,scale={speaker}:{speaker},format=yuv420p,{held}[host]",
            f"[studio][host]overlay=x='{of:g}*(50+4*sin(t*0.9))':y='{of:g}*(80+3*sin(t*1.3))':enable='{wide}'[one]",
            f"[one][guest]overlay=x='{of:g}*(670+4*sin(t*0.8+1))':y='{of:g}*(80+3*sin(t*1.1))':enable='{wide}'[both]",
            f"[both][large]overlay=x='{of:g}*(430+70*sin(t*0.35))':y='{of:g}*4*sin(t*1.2)':enable='{close}'[picture]",
        ]
    )
    across = f"x0=0:y0=0:x1={width}:y1={height}"
    studio = f"gradients=s={width}x{height}:c0=0x1B2430:c1=0x2E3A4A:{across}:nb_colors=2:d=0.04:r=25:seed=7"
    arguments = [
        *("-f", "lavfi", "-i", studio, "-i", str(portrait), "-i", str(SOUND)),
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
