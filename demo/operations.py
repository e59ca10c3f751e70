"""`python -m demo.operations`: what each operation does to footage, measured, as the page docs/operations.md.

Two films of 4 s, a landscape with speech and a portrait with music, go through every operation with the parameters that are told.
Pictures are measured at 64 x 64: what is told of colour and likeness is about the film, not about the grain of its encoding."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.media import find_ffmpeg, probe
from shared.media.info import MediaInfo
from shared.media.operations import describe_operations, run_operation

PAGE = Path(__file__).parents[1] / "docs" / "operations.md"
BEGINNING = """# Operations

What every operation does, measured: `python -m demo.operations` carries each out on footage and writes this page.
`GET /v1/operations` has their parameters with units, ranges and defaults. `POST /v1/operations/{{name}}` runs one as a job;
here it is `python -m shared.media run OPERATION INPUT… --set NAME=VALUE -o OUTPUT`.

The footage is 4 s (120 frames) of 320 x 180 with a sound of {loudness:.1f} LUFS. Colour is how far the mean red, green and blue
move (of 255); likeness is SSIM against the source frame by frame, 1 where nothing changed, and a dash where the frames are not as
many.

Of several pictures or sounds in a file the first is taken; subtitles, chapters, data and cover pictures are left out. A film of
one picture under a sound is a film: the picture stands. Where a source is transparent, black is seen; as the film on top of
`opacity_transition` it stays transparent there. Colours of BT.2020 and P3, and high dynamic range, become BT.709's.

`face_blur` without `regions` finds the faces itself: it looks ten times a second, which takes about a third of the film's length
on one processor. Those turned away, very small or in the dark may be missed.

A sound that cannot be as loud as is asked for, its peaks under the ceiling, comes as near as it gets. The command says so, and a
job in the `notes` of its outputs.

| operation | with | picture | frames | seconds | LUFS | colour | likeness |
|---|---|---|---|---|---|---|---|
"""
ENDING = """
## Batches

`python -m shared.media batch FILE.json` does several, one after the other:

```json
{
  "steps": [
    {"operation": "trim", "inputs": ["film.mp4"], "params": {"start": 2, "duration": 8}, "name": "piece"},
    {"operation": "leica_look", "inputs": ["OUTPUT_PREVIOUS"], "output": "look.mp4"},
    {"operation": "gradient_wipe", "inputs": ["OUTPUT:piece", "OUTPUT_PREVIOUS"], "params": {"duration": 0.5}}
  ],
  "output": "both.mp4"
}
```

`OUTPUT_PREVIOUS` is what the step before has made, `OUTPUT:piece` what the step of that name has. A step's result is kept
where it has an `output`, the last one's there or as that of the batch; all others are gone at the end. What can be seen to be
wrong is told before anything runs, with its place: unknown operations and parameters, files and folders that are not there,
two results in one place. Each result appears whole or not at all. A batch that was killed begins anew when it is run again;
what it has left behind is taken away then.
"""
_SIDE = 64
_LOUDNESS = re.compile(r"I:\s+(-?[\d.]+|-inf) LUFS")
_FILM = (
    "gradients=s={size}:d=4:r=30:c0=0x204060:c1=0xd08040:c2=0x60a060:n=3:speed=0.02:seed=4,"
    "drawbox=x=20+40*t:y=30:w=60:h=60:c=white@0.8:t=fill,scale=out_color_matrix=bt709:flags=accurate_rnd,"
    "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv,format=yuv420p"
)
_BOX = {"regions": [{"keyframes": [{"x": 0.3, "y": 0.3, "width": 0.3, "height": 0.3}]}]}


@dataclass(frozen=True)
class Trial:
    """An operation as it is tried."""

    name: str
    inputs: Sequence[str] = ("film",)
    params: Mapping[str, Any] = field(default_factory=dict)
    suffix: str = "mp4"


_GIVEN: Mapping[str, Trial] = {
    trial.name: trial
    for trial in (
        Trial("trim", params={"start": 1, "duration": 2}),
        Trial("apply_leica_and_trim", params={"start": 1, "duration": 2}),
        Trial("trim_and_replace_audio", ("film", "other"), {"start": 1, "duration": 2}),
        Trial("resize", params={"width": 160}),
        Trial("extract_audio", suffix="m4a"),
        Trial("to_mp3", suffix="mp3"),
        Trial("image_to_video", ("still",), {"duration": 2}),
        Trial("replace_audio", ("film", "other")),
        Trial("concatenate_simple", ("film", "other")),
        Trial("face_blur", params=_BOX),
        Trial("equalizer", params={"bands": [{"frequency": 330, "gain": -6}]}),
        Trial("ffmpeg_filter", params={"filter": "eq=contrast=1.3"}),
    )
}


@dataclass(frozen=True)
class Seen:
    """What a file shows and sounds like. `pictures` is (frames, 64, 64, 3); empty where there is none."""

    info: MediaInfo
    pictures: NDArray[np.float64]
    loudness: float | None

    @classmethod
    def of(cls, path: Path) -> "Seen":
        """Look at a file and listen to it."""
        info = probe(path, hashed=False)
        return cls(info, _pictures(path) if info.video else np.zeros((0, _SIDE, _SIDE, 3)), _loudness(path, info))


def main() -> int:
    """Write the page."""
    with TemporaryDirectory(prefix="operations-") as name:
        folder = Path(name)
        files = _footage(folder)
        source = Seen.of(files["film"])
        rows = [_row(trial, files, folder, source) for trial in trials()]
    PAGE.write_text(BEGINNING.format(loudness=source.loudness or 0) + "\n".join(rows) + f"\n{ENDING}")
    sys.stdout.write(f"{len(rows)} operations, measured: {PAGE}\n")
    return 0


def trials() -> Iterator[Trial]:
    """Every operation of the registry, with a second film where it takes one."""
    for described in describe_operations():
        yield _GIVEN.get(described.name) or Trial(described.name, ("film", "other")[: described.least])


def _footage(folder: Path) -> dict[str, Path]:
    files = {
        name: folder / f"{name}.{suffix}" for name, suffix in (("film", "mp4"), ("other", "mp4"), ("still", "png"))
    }
    tone = "aevalsrc=0.3*sin({pitch}*2*PI*t)*(0.6+0.4*sin(6*t)):d=4:s=48000,aformat=channel_layouts=stereo"
    for name, size, pitch in (("film", "320x180", 330), ("other", "180x320", 523)):
        made = ("-f", "lavfi", "-i", _FILM.format(size=size), "-f", "lavfi", "-i", tone.format(pitch=pitch))
        _ffmpeg(*made, "-c:v", "libx264", "-crf", "10", "-g", "30", "-c:a", "aac", "-t", "4", str(files[name]))
    _ffmpeg("-i", str(files["film"]), "-frames:v", "1", str(files["still"]))
    return files


def _row(trial: Trial, files: Mapping[str, Path], folder: Path, source: Seen) -> str:
    output = folder / f"{trial.name}.{trial.suffix}"
    run_operation(trial.name, [files[name] for name in trial.inputs], trial.params, output)
    seen = Seen.of(output)
    video = seen.info.video
    cells = [
        f"`{trial.name}`",
        ", ".join(_told(name, value) for name, value in trial.params.items()),
        f"{video.width} x {video.height}" if video else "-",
        str(len(seen.pictures)) if video else "-",
        f"{seen.info.duration:.2f}",
        f"{seen.loudness:.1f}" if seen.loudness is not None else "-",
        *_compared(source.pictures, seen.pictures),
    ]
    return "| " + " | ".join(cells) + " |"


def _told(name: str, value: object) -> str:
    return f"{name} {value}" if isinstance(value, str | int | float) else name


def _compared(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[str, str]:
    if not len(after):
        return "-", "-"
    shift = after.mean(axis=(0, 1, 2)) - before.mean(axis=(0, 1, 2))
    told = " ".join(f"{round(each):+d}" for each in shift)
    return told, f"{_ssim(before, after):.3f}" if len(before) == len(after) else "-"


def _ssim(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """The mean over blocks of 8 x 8 of all luma pictures (Wang et al., Image Quality Assessment, 2004)."""
    tiles = [_tiles(each @ np.array([0.2126, 0.7152, 0.0722])) for each in (before, after)]
    means = [each.mean(axis=-1) for each in tiles]
    spread = [each.var(axis=-1) for each in tiles]
    joint = ((tiles[0] - means[0][..., None]) * (tiles[1] - means[1][..., None])).mean(axis=-1)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * means[0] * means[1] + c1) * (2 * joint + c2)
    return float((above / ((means[0] ** 2 + means[1] ** 2 + c1) * (spread[0] + spread[1] + c2))).mean())


def _tiles(lumas: NDArray[np.float64]) -> NDArray[np.float64]:
    count, across = len(lumas), _SIDE // 8
    return lumas.reshape(count, across, 8, across, 8).swapaxes(2, 3).reshape(count, across, across, 64)


def _pictures(path: Path) -> NDArray[np.float64]:
    scale = f"scale={_SIDE}:{_SIDE}:flags=area+accurate_rnd+full_chroma_inp"
    raw = _ffmpeg("-i", str(path), "-vf", scale, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    return np.frombuffer(raw.stdout, np.uint8).reshape(-1, _SIDE, _SIDE, 3).astype(np.float64)


def _loudness(path: Path, info: MediaInfo) -> float | None:
    """Integrated, in LUFS, by EBU R 128."""
    if info.audio is None:
        return None
    log = _ffmpeg("-i", str(path), "-vn", "-af", "ebur128", "-f", "null", "-", loglevel="info").stderr.decode()
    return float(_LOUDNESS.findall(log)[-1])


def _ffmpeg(*arguments: str, loglevel: str = "error") -> subprocess.CompletedProcess[bytes]:
    command = [str(find_ffmpeg().path), "-y", "-nostats", "-loglevel", loglevel, *arguments]
    return subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
