"""Talk: people who babble in turns, each with a voice of his own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.transcripts.recognition.decoding import Sound
from shared.transcripts.recognition.timing import TimedWord

RATE = 16_000
TURNS = (5.0, 4.0, 4.0, 5.0, 3.0, 4.0)
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480), (300, 870, 2240))


@dataclass(frozen=True)
class Voice:
    """Hertz of the pitch; how much shorter than a man's the throat is, which moves all resonances up."""

    pitch: float
    shortness: float


def talk(*voices: Voice, turns: tuple[float, ...]) -> tuple[Sound, list[TimedWord], list[str]]:
    """The voices in turns of so many seconds; the words of it; who says each."""
    random = np.random.default_rng(5)
    sound = random.standard_normal(int(sum(turns) * RATE)) * 0.002
    words, who, begun = [], [], 0.0
    for number, seconds in enumerate(turns):
        at, voice = begun, voices[number % len(voices)]
        while at < begun + seconds - 0.35:
            length = float(random.uniform(0.1, 0.2))
            first = int(at * RATE)
            said = _syllable(random, voice, length)
            sound[first : first + len(said)] += said
            words.append(TimedWord(" ba", at, at + length, 0.9))
            who.append(str(number % len(voices)))
            at += length + 0.04
        begun += seconds
    samples = np.int16(np.clip(sound, -1, 1) * 32767)
    return Sound(samples, len(samples) / RATE), words, who


def _syllable(random: np.random.Generator, voice: Voice, seconds: float) -> NDArray[np.float64]:
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = voice.pitch * float(random.uniform(0.9, 1.1)) * (1 - 0.2 * time)
    buzz = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0) + random.standard_normal(len(time)) * 0.03
    first, last = (_through(buzz, VOWELS[int(random.integers(len(VOWELS)))], voice) for _ in range(2))
    tone = first + (last - first) * time / seconds
    rising = np.clip(np.minimum(time / 0.02, (seconds - time) / 0.04), 0, 1)
    found: NDArray[np.float64] = 0.4 * tone / np.abs(tone).max() * rising
    return found


def _through(buzz: NDArray[np.float64], vowel: tuple[int, ...], voice: Voice) -> NDArray[np.float64]:
    from scipy.signal import lfilter

    tone = buzz
    for formant in vowel:
        angle, radius = 2 * np.pi * formant * voice.shortness / RATE, np.exp(-np.pi * 130 / RATE)
        tone = lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], tone)
    found: NDArray[np.float64] = tone / np.abs(tone).max()
    return found
