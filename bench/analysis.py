"""Analysing a recording: how many cuts are found, and how fast everything is, against PySceneDetect's own way and FFmpeg's scdet.

`python -m bench.analysis [--hours 1]`. A film is made of photographs under a camera that pans, zooms, shakes and flickers, with
cuts between subjects and from a subject to its close-up, with flashes and dissolves between them, which are no cuts. It is small
(H.264 of 640x360, 25 fps, about 1 Mbit/s, with key frames at cuts), as the BBC set that the goals are from. A copy has a key
frame every two seconds, wherever cuts are, as broadcasters and many cameras have it; another has frames that come unevenly.

Goals: F1 91.6 %, 80 x real time for scenes on two cores, 40 x for each. Speed is told of the wall clock, and of processor time,
which others on the machine change less."""

import argparse
import os
import random
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np
import skimage

from shared.analysis import analyze_media
from shared.analysis.picture import look_at
from shared.analysis.sound import listen_to
from shared.media import find_ffmpeg, probe

SIZE, RATE = (640, 360), 25
SHOTS = 60
PHOTOS = (
    "astronaut.png",
    "chelsea.png",
    "coffee.png",
    "rocket.jpg",
    "motorcycle_left.png",
    "camera.png",
    "hubble_deep_field.jpg",
)
GOAL_F1, GOAL_A_CORE = 0.916, 40


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0, help="of the long recording")
    hours = parser.parse_args().hours
    with TemporaryDirectory(prefix="bench-analysis-") as folder:
        film, cuts = make_film(Path(folder) / "film.mp4")
        seconds = probe(film, hashed=False).duration
        uneven, uneven_cuts = make_uneven(film, cuts, Path(folder) / "uneven.mp4")
        print(f"film of {seconds:.0f} s with {len(cuts)} cuts{'':<15}{'F1':>8}{'x real time':>13}{'a core':>9}")
        fixed = make_fixed(film, Path(folder) / "fixed.mp4")
        base = report("PySceneDetect, its own way (baseline)", lambda: by_pyscenedetect(film), cuts, seconds)
        report("FFmpeg scdet", lambda: by_scdet(film), cuts, seconds, base)
        report("scenes", lambda: scenes(film), cuts, seconds, base, f"goals {GOAL_F1:.1%}, {GOAL_A_CORE} x a core")
        report("scenes, key frames not at cuts", lambda: scenes(fixed), cuts, seconds, base)
        report("PySceneDetect, uneven frames", lambda: by_pyscenedetect(uneven), uneven_cuts, seconds, base)
        report("scenes, uneven frames", lambda: scenes(uneven), uneven_cuts, seconds, base)
        long = make_long(film, Path(folder) / "long.mp4", hours)
        report_long(long, hours)


def report(
    name: str, find: Callable[[], list[float]], cuts: Sequence[float], seconds: float, base: float = 0.0, goal: str = ""
) -> float:
    """One line of the table; the seconds of a processor that it took."""
    found: list[float] = []
    wall, worked = measured(lambda: found.extend(find()))
    ratio = f"{base / worked:6.2f} x baseline" if base else ""
    speeds = f"{seconds / wall:>13.1f}{seconds / worked:>9.1f}"
    print(f"{name:<46}{f1(found, cuts):>8.1%}{speeds}  {ratio}  {goal}", flush=True)
    return worked


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of a processor, of this process and of those that it starts."""
    wall, worked = time.monotonic(), processor_seconds()
    work()
    return time.monotonic() - wall, processor_seconds() - worked


def processor_seconds() -> float:
    """Of this process and of those that it has started and that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def report_long(path: Path, hours: float) -> None:
    """How fast all of it is, and what memory it takes."""
    info = probe(path, hashed=False)
    assert info.audio is not None
    audio = info.audio
    parts: tuple[tuple[str, Callable[[], object]], ...] = (
        (
            "sound",
            lambda: listen_to(path, audio, info.duration, on_progress=lambda _: None, should_cancel=lambda: False),
        ),
        ("scenes and sound", lambda: analyze_media(path, faces=False)),
        ("scenes, sound and faces", lambda: analyze_media(path)),
    )
    for name, work in parts:
        wall, worked = measured(work)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        speeds = f"{info.duration / wall:>13.1f}{info.duration / worked:>9.1f}"
        print(f"{f'{name}, {hours:g} h':<54}{speeds}  at most {peak:.0f} MiB so far", flush=True)


def scenes(path: Path) -> list[float]:
    """Cuts as we find them."""
    info = probe(path, hashed=False)
    assert info.video is not None
    seen = look_at(
        path, info.video, info.duration, faces=False, on_progress=lambda _: None, should_cancel=lambda: False
    )
    return [scene.start for scene in seen.scenes[1:]]


def by_pyscenedetect(path: Path) -> list[float]:
    """As its documentation has it, with PyAV."""
    from scenedetect import AdaptiveDetector, SceneManager, open_video

    video = open_video(str(path), backend="pyav")
    manager = SceneManager()
    manager.add_detector(AdaptiveDetector())
    manager.detect_scenes(video)
    return [float(start.seconds) for start, _ in manager.get_scene_list()[1:]]


def by_scdet(path: Path) -> list[float]:
    """FFmpeg's own filter, at its default threshold and the size that we look at."""
    graph = "scale=160:90:flags=fast_bilinear,scdet=threshold=10"
    ran = run(["-i", str(path), "-an", "-vf", graph, "-f", "null", "-"], "info")
    marked = (line.rpartition("lavfi.scd.time: ")[2] for line in ran.splitlines() if "lavfi.scd.time" in line)
    return [float(time.split()[0]) for time in marked]


def f1(found: Sequence[float], cuts: Sequence[float], within: float = 1.5 / RATE) -> float:
    """Of cuts found to the frame, each once."""
    left = list(cuts)
    hits = 0
    for cut in found:
        near = [each for each in left if abs(each - cut) <= within]
        if near:
            left.remove(min(near, key=lambda each: abs(each - cut)))
            hits += 1
    return 2 * hits / max(len(found) + len(cuts), 1)


def make_film(path: Path) -> tuple[Path, list[float]]:
    """The film, and when it cuts."""
    chance = random.Random(8)
    photos = [cv2.imread(str(Path(skimage.__file__).parent / "data" / name)) for name in PHOTOS]
    command = [
        *(str(find_ffmpeg().path), "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "bgr24"),
        *("-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(RATE), "-i", "-", "-f", "lavfi", "-i", _SOUND, "-shortest"),
        *("-preset", "veryfast", "-b:v", "1M", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
    ]
    cuts: list[float] = []
    written = 0
    before: Any = None
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for number in range(SHOTS):
            frames = shoot(photos[chance.randrange(len(photos))] if number % 3 else photos[0], chance)
            if before is not None and number % 9 == 4:
                frames = dissolve(before, frames)
            elif number:
                cuts.append(written / RATE)
            if number % 7 == 3:
                frames[len(frames) // 2][:] = 255
            for frame in frames:
                process.stdin.write(frame.tobytes())
            written += len(frames)
            before = frames[-1]
    return path, cuts


_SOUND = "aevalsrc='0.3*sin(2*PI*(150+40*sin(3*t))*t)*gt(sin(9*t),-0.3)+0.01*random(0)':s=48000:c=mono"


def shoot(photo: Any, chance: random.Random) -> list[Any]:
    """Frames of a photograph under a camera that moves, shakes a little, and sees the light flicker."""
    height, width = photo.shape[:2]
    count = round(chance.uniform(0.8, 5) * RATE)
    zoom, faster = chance.uniform(1, 2.5) * max(SIZE[0] / width, SIZE[1] / height), chance.uniform(-0.003, 0.003)
    at = np.array([chance.uniform(0.3, 0.7) * width, chance.uniform(0.3, 0.7) * height])
    speed = np.array([chance.uniform(-1.5, 1.5), chance.uniform(-0.8, 0.8)])
    noise = np.random.default_rng(chance.randrange(1 << 30))
    frames = []
    for number in range(count):
        scale = zoom * (1 + faster) ** number
        x, y = at + speed * number + noise.normal(0, 0.4, 2)
        matrix = np.array([[scale, 0, SIZE[0] / 2 - scale * x], [0, scale, SIZE[1] / 2 - scale * y]])
        frame = cv2.warpAffine(photo, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        frames.append(cv2.convertScaleAbs(frame, alpha=1 + noise.normal(0, 0.01)))
    return frames


def dissolve(before: Any, frames: list[Any]) -> list[Any]:
    """The frames, the first second of them over what was seen before."""
    for number in range(min(RATE, len(frames))):
        share = (number + 1) / (RATE + 1)
        frames[number] = cv2.addWeighted(frames[number], share, before, 1 - share, 0)
    return frames


def make_uneven(film: Path, cuts: Sequence[float], path: Path) -> tuple[Path, list[float]]:
    """The film with frames missing here and there, as phones write it; a cut is where the first frame after it is."""
    kept = "not(eq(mod(n\\,5)\\,2))*not(between(mod(n\\,100)\\,40\\,70)*mod(n\\,2))"
    run(
        ["-i", str(film), "-vf", f"select='{kept}'", "-fps_mode", "vfr", "-preset", "veryfast", "-b:v", "1M", str(path)]
    )

    def there(number: int) -> bool:
        return number % 5 != 2 and not (40 <= number % 100 <= 70 and number % 2)

    def moved(cut: float) -> float:
        number = round(cut * RATE)
        while not there(number):
            number += 1
        return number / RATE

    return path, [moved(cut) for cut in cuts]


def make_fixed(film: Path, path: Path) -> Path:
    """The film with key frames in the same distance always, and three frames between others that no other is made from."""
    options = ("-g", str(2 * RATE), "-sc_threshold", "0", "-bf", "3", "-preset", "veryfast", "-b:v", "1M")
    run(["-i", str(film), "-an", *options, str(path)])
    return path


def make_long(film: Path, path: Path, hours: float) -> Path:
    """The film again and again, copied."""
    run(["-stream_loop", "-1", "-i", str(film), "-t", str(hours * 3600), "-c", "copy", str(path)])
    return path


def run(arguments: Sequence[str], level: str = "error") -> str:
    """What FFmpeg says."""
    command = [str(find_ffmpeg().path), "-y", "-hide_banner", "-nostats", "-loglevel", level, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


if __name__ == "__main__":
    main()
