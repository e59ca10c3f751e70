"""Small films and recordings to be analysed."""

import wave
from pathlib import Path

from tests.shared.analysis.sounds import RATE, Sound, pcm
from tests.shared.media.clips import make

QUICK = ("-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50")


def wav(path: Path, sound: Sound) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(pcm(sound))
    return path


def shots(*seconds: float, rate: int = 25, extra: str = "") -> tuple[str, ...]:
    """Arguments for shots of that many seconds, each with another pattern that moves."""
    kinds = (
        "testsrc2",
        "mandelbrot",
        "testsrc",
        "life=s=320x180:mold=10:ratio=0.2:death_color=#C83232:life_color=#00ff00",
    )
    inputs = [
        part
        for number, length in enumerate(seconds)
        for part in ("-f", "lavfi", "-t", str(length), "-i", _source(kinds[number % len(kinds)], rate))
    ]
    labels = "".join(f"[{number}:v]format=yuv420p,setsar=1[v{number}];" for number in range(len(seconds)))
    joined = "".join(f"[v{number}]" for number in range(len(seconds)))
    return (*inputs, "-filter_complex", f"{labels}{joined}concat=n={len(seconds)}{extra}[v]", "-map", "[v]")


def _source(kind: str, rate: int) -> str:
    return f"{kind}:r={rate}" if "=" in kind else f"{kind}=s=320x180:r={rate}"


def talking(path: Path, portrait: Path) -> Path:
    """A face that moves to the right for 4 s, then a test picture for 2 s."""
    graph = (
        "[1:v]scale=160:160[p];[0:v][p]overlay=x='10+20*t':y=10,format=yuv420p,setsar=1[a];"
        "[2:v]format=yuv420p,setsar=1[b];[a][b]concat[v]"
    )
    return make(
        path,
        *("-f", "lavfi", "-t", "4", "-i", "color=gray:s=320x180:r=25", "-loop", "1", "-t", "4", "-i", str(portrait)),
        *("-f", "lavfi", "-t", "2", "-i", "testsrc2=s=320x180:r=25", "-filter_complex", graph, "-map", "[v]", *QUICK),
    )
