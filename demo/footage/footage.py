"""Makes its own footage, so that the demo and the tests need no downloads: three scenes that move, a face, speech, music.

The same machine makes the same files each time, in a few seconds on two cores."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from demo.footage.scenery import paint_layers
from demo.footage.soundtrack import write_music, write_speech
from shared.media import run_graph

SCENE_SECONDS = 7.0
MUSIC_SECONDS = 20.0
BPM = 120


@dataclass(frozen=True)
class Footage:
    """The files, all different in size, rate and sound, as real footage is."""

    dusk: Path
    """1280x720 at 30 fps, H.264 with AAC: a landscape passes by, somebody speaks."""
    embers: Path
    """720x1280 (9:16) at 25 fps, silent."""
    cells: Path
    """960x540 at 24000/1001 fps, with mono sound at 44.1 kHz."""
    face: Path
    """512x512 PNG: a photograph of an astronaut (NASA, public domain, from scikit-image)."""
    speech: Path
    """WAV, mono, 48 kHz."""
    music: Path
    """WAV, stereo, 48 kHz, 120 beats per minute, the first beat at 0."""

    def demo_files(self) -> dict[str, Path]:
        """What the demo's komposition is made of, by the names it uses."""
        return {"opening": self.dusk, "still": self.face, "closing": self.embers, "music": self.music}


def make_footage(folder: Path) -> Footage:
    """Write all footage into `folder`, which is made if it is not there, and return the paths. Footage that these very programs
    have made there before is not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("dusk.mp4", "embers.mp4", "cells.mp4", "face.png", "speech.wav", "music.wav")
    footage = Footage(*(folder / name for name in names))
    made, programs = folder / "made-by", _programs()
    if not made.exists() or made.read_text() != programs:
        made.unlink(missing_ok=True)
        _make(footage, folder)
        made.write_text(programs)
    return footage


def _programs() -> str:
    """Changes with the programs that make the footage."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _make(footage: Footage, folder: Path) -> None:
    write_speech(footage.speech, SCENE_SECONDS)
    write_music(footage.music, MUSIC_SECONDS, BPM)
    shutil.copyfile(portrait(), footage.face)
    _make_dusk(footage.dusk, footage.speech, folder)
    _make_embers(footage.embers)
    _make_cells(footage.cells)


def portrait() -> Path:
    import skimage

    return Path(skimage.__file__).parent / "data" / "astronaut.png"


def _make_dusk(output: Path, speech: Path, folder: Path) -> None:
    sky, ridges = paint_layers(folder, SCENE_SECONDS)
    layers = [sky, *(ridge.path for ridge in ridges)]
    inputs = [argument for layer in layers for argument in ("-f", "png_pipe", "-i", str(layer))]
    held = "fps=30,format=yuva420p,loop=loop=-1:size=1"
    graph = ";".join([f"[{n}]{held}[l{n}]" for n in range(len(layers))])
    below = "l0"
    for number, ridge in enumerate(ridges, start=1):
        graph += f";[{below}][l{number}]overlay=x=-{ridge.speed}*t:y={ridge.top}:eval=frame[o{number}]"
        below = f"o{number}"
    sound = ["-map", f"{len(layers)}:a", "-c:a", "aac", "-b:a", "128k"]
    _encode([*inputs, "-i", str(speech), "-filter_complex", graph, "-map", f"[{below}]", *sound], output)
    for layer in layers:
        layer.unlink()


def _make_embers(output: Path) -> None:
    noise = "perlin=s=90x160:r=25:octaves=4:persistence=0.55:xscale=2.2:yscale=3.4:tscale=0.9:random_mode=seed:seed=7"
    look = "scale=720:1280:flags=bicubic,format=yuv444p,eq=contrast=2:brightness=-0.04,pseudocolor=preset=inferno"
    _encode(["-f", "lavfi", "-i", noise, "-vf", look], output)


def _make_cells(output: Path) -> None:
    life = "life=s=96x54:r=24000/1001:mold=30:seed=3:ratio=0.3:life_color=0xFFD166:death_color=0x0B1D3A:mold_color=0x118AB2"
    hum = "aevalsrc=0.12*sin(2*PI*196*t)*(0.6+0.4*sin(2*PI*0.5*t)):s=44100"
    look = "scale=960:540:flags=neighbor"
    _encode(["-f", "lavfi", "-i", life, "-f", "lavfi", "-i", hum, "-vf", look, "-c:a", "aac", "-ac", "1"], output)


def _encode(arguments: list[str], output: Path) -> None:
    encoder = ["-c:v", "libx264", "-preset", "superfast", "-crf", "20", "-pix_fmt", "yuv420p", "-threads", "2"]
    exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    length = ["-t", str(SCENE_SECONDS), "-movflags", "+faststart", "-f", "mp4"]
    run_graph([*arguments, *encoder, *exact, *length, str(output)], duration=SCENE_SECONDS, output=output, timeout=120)
