"""Synthesizes sound with numpy: music with a clear beat, and a voice that babbles. Deterministic, 48 kHz WAV."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Samples = NDArray[np.float64]

_CHORDS = ((220.0, 261.63, 329.63), (174.61, 220.0, 261.63), (261.63, 329.63, 392.0), (196.0, 246.94, 293.66))
_VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480), (300, 870, 2240))


def write_music(path: Path, seconds: float, bpm: float = 120) -> None:
    """A kick on every beat, hats between, a bass and a pad that change chord every measure of four."""
    music = np.zeros(int(seconds * RATE))
    beat = 60 / bpm
    random = np.random.default_rng(4)
    for number in range(int(seconds / beat)):
        at = number * beat
        chord = _CHORDS[number // 4 % len(_CHORDS)]
        _add(music, at, _kick())
        _add(music, at + beat / 2, _hat(random))
        _add(music, at, _bass(chord[0] / 4, beat * 0.45))
        _add(music, at + beat / 2, 0.8 * _bass(chord[0] / 4, beat * 0.4))
        _add(music, at, _pluck(chord[number % 3] * 2, beat * 1.5))
        if number % 4 == 0:
            _add(music, at, _pad(chord, beat * 4))
    _write(path, np.stack([music, np.roll(music, int(0.0006 * RATE))], axis=1))


def write_speech(path: Path, seconds: float) -> None:
    """Syllables at the pace of speech: a glottal buzz with falling melody through vowel formants, consonants of noise."""
    voice = np.zeros(int(seconds * RATE))
    random = np.random.default_rng(11)
    at = 0.25
    while at < seconds - 0.5:
        for _ in range(int(random.integers(3, 8))):
            length = float(random.uniform(0.13, 0.24))
            if at + length > seconds - 0.1:
                break
            _add(voice, at, _consonant(random))
            _add(voice, at + 0.04, _syllable(random, length))
            at += length + 0.05
        at += float(random.uniform(0.25, 0.45))
    _write(path, voice[:, None])


def _time(seconds: float) -> Samples:
    return np.arange(int(seconds * RATE)) / RATE


def _add(track: Samples, at: float, sound: Samples) -> None:
    start = int(at * RATE)
    end = min(len(track), start + len(sound))
    if end > start:
        track[start:end] += sound[: end - start]


def _kick() -> Samples:
    time = _time(0.28)
    return 0.9 * np.sin(2 * np.pi * (48 * time + 9 * (1 - np.exp(-time * 26)))) * np.exp(-time * 11)


def _hat(random: np.random.Generator) -> Samples:
    noise = np.diff(random.standard_normal(int(0.07 * RATE) + 1))
    return 0.07 * noise * np.exp(-_time(0.07)[: len(noise)] * 60)


def _bass(pitch: float, seconds: float) -> Samples:
    time = _time(seconds)
    return 0.28 * np.tanh(2 * np.sin(2 * np.pi * pitch * time)) * _envelope(len(time), 0.01, 0.06)


def _pluck(pitch: float, seconds: float) -> Samples:
    time = _time(seconds)
    tone = np.sin(2 * np.pi * pitch * time) + 0.4 * np.sin(4 * np.pi * pitch * time)
    return 0.09 * tone * np.exp(-time * 5)


def _pad(chord: tuple[float, ...], seconds: float) -> Samples:
    time = _time(seconds)
    tones = [np.sin(2 * np.pi * pitch * time * detune) for pitch in chord for detune in (0.998, 1.002)]
    return 0.03 * np.sum(tones, axis=0) * _envelope(len(time), 0.3, 0.5)


def _syllable(random: np.random.Generator, seconds: float) -> Samples:
    time = _time(seconds)
    pitch = float(random.uniform(105, 150)) * (1 - 0.35 * time)
    buzz = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0) - pitch / RATE
    formants = _VOWELS[int(random.integers(len(_VOWELS)))]
    tone: Samples = sum((_resonate(buzz, formant) / (n + 1) for n, formant in enumerate(formants)), np.zeros(len(time)))
    return 0.32 * tone / (np.abs(tone).max() + 1e-9) * _envelope(len(time), 0.02, 0.05)


def _resonate(sound: Samples, frequency: float, bandwidth: float = 90) -> Samples:
    from scipy.signal import lfilter

    radius = np.exp(-np.pi * bandwidth / RATE)
    filtered: Samples = lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * frequency / RATE), radius**2], sound)
    return filtered


def _consonant(random: np.random.Generator) -> Samples:
    noise = random.standard_normal(int(0.05 * RATE))
    return 0.05 * _resonate(noise, float(random.uniform(2500, 5500)), 1500) * _envelope(len(noise), 0.01, 0.02)


def _envelope(length: int, attack: float, release: float) -> Samples:
    place = np.arange(length)
    rising, falling = place / (attack * RATE), (length - 1 - place) / (release * RATE)
    envelope: Samples = np.clip(np.minimum(rising, falling), 0, 1)
    return envelope


def _write(path: Path, samples: Samples) -> None:
    whole = np.int16(np.clip(samples, -0.98, 0.98) * 32767)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.tobytes())
