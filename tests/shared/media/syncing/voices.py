"""Voices that nobody has: syllables of a buzzing throat and hissing consonants, with pauses, as speech has them; and the rooms,
microphones and clocks that record them. All sound is at `RATE` samples a second, from -1 to 1."""

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.media import find_ffmpeg
from shared.media.syncing import RATE

Samples = NDArray[np.float32]


def voice(seconds: float, seed: int, *, talks: float = 0.75, pitch: float = 120.0) -> Samples:
    """Somebody who talks for this share of the time, in sentences of a few seconds; the same for the same seed."""
    chance = np.random.default_rng(seed)
    said = np.zeros(int(seconds * RATE), np.float32)
    at = chance.uniform(0, 0.5)
    while at < seconds:
        ends = at + chance.uniform(1.5, 4.0)
        while at < min(ends, seconds):
            sound = _syllable(chance, pitch)
            start = int(at * RATE)
            said[start : start + len(sound)] += sound[: len(said) - start]
            at += len(sound) / RATE + chance.exponential(0.03)
        at += chance.exponential(2.75 * (1 - talks) / max(talks, 0.05))
    return said


def _syllable(chance: np.random.Generator, pitch: float) -> Samples:
    length = chance.uniform(0.08, 0.25)
    time = np.arange(int(length * RATE)) / RATE
    hums = pitch * chance.uniform(0.8, 1.3) * (1 + chance.uniform(-0.15, 0.15) * time / length)
    phase = 2 * np.pi * np.cumsum(hums) / RATE
    first, second = chance.uniform(250, 900), chance.uniform(900, 2600)
    sound = np.zeros(len(time))
    for overtone in range(1, int(3600 / hums.max())):
        height = overtone * float(hums.mean())
        gain = 1 / (1 + ((height - first) / 120) ** 2) + 0.6 / (1 + ((height - second) / 180) ** 2) + 0.01
        sound += gain * np.sin(overtone * phase)
    hiss = chance.normal(0, 1, len(time)) * np.exp(-time / 0.025) * chance.uniform(0, 1.5)
    shape = np.minimum(1, time / 0.015) * np.minimum(1, (length - time) / 0.03)
    return (0.08 * chance.uniform(0.6, 1.4) * (sound + hiss) * shape).astype(np.float32)


def recorded(sound: Samples, *, offset: float = 0.0, drift: float = 0.0, seconds: float | None = None) -> Samples:
    """What a recorder has that starts `offset` seconds into the sound, its clock slow by `drift` parts per million."""
    length = len(sound) if seconds is None else int(seconds * RATE)
    places = offset * RATE + np.arange(length) * (1 + drift / 1e6)
    return np.interp(places, np.arange(len(sound)), sound, left=0, right=0).astype(np.float32)


def noisy(sound: Samples, decibels: float, seed: int = 99) -> Samples:
    """With noise that many decibels below the sound."""
    level = np.sqrt((sound**2).mean()) * 10 ** (-decibels / 20)
    return (sound + np.random.default_rng(seed).normal(0, level, len(sound))).astype(np.float32)


def in_a_room(sound: Samples, seed: int = 7) -> Samples:
    """With the echoes of walls and a tail that takes a third of a second to fade."""
    chance = np.random.default_rng(seed)
    answer = np.zeros(int(0.35 * RATE))
    answer[0] = 1
    for delay, gain in ((0.011, 0.6), (0.023, -0.5), (0.041, 0.4)):
        answer[int(delay * RATE)] += gain
    tail = np.arange(len(answer)) / RATE
    answer += 0.04 * chance.normal(0, 1, len(answer)) * np.exp(-tail / 0.08) * (tail > 0.02)
    size = 1 << int(np.ceil(np.log2(len(sound) + len(answer))))
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)[: len(sound)]
    return heard.astype(np.float32)


def write(path: Path, sound: Samples, *options: str, picture: tuple[str, ...] = ()) -> Path:
    """The sound in a file that real FFmpeg encodes with `options`; `picture`: its arguments for an input that is seen."""
    samples = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    reads = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-")
    subprocess.run(
        [find_ffmpeg().path, "-y", "-v", "error", *reads, *picture, *options, str(path)],
        input=samples,
        check=True,
        timeout=60,
    )
    return path
