"""Sounds made by sums: voices that speak and laugh, hands that clap, noise, music. 16 kHz, floats from -1 to 1."""

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound = NDArray[np.float64]


def quiet(seconds: float, level: float = -60, seed: int = 0) -> Sound:
    """The faint hiss of a room, dBFS."""
    noise = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return noise * 10 ** (level / 20)


def noise(seconds: float, seed: int = 1) -> Sound:
    """Steady noise, as of a fan that is switched on."""
    return quiet(seconds, -20, seed)


def tone(seconds: float, frequency: float = 300) -> Sound:
    """A sine."""
    return 0.3 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE)


def music(seconds: float, seed: int = 2) -> Sound:
    """Chords that change twice a second, with a drum on each."""
    parts = []
    random = np.random.default_rng(seed)
    while sum(map(len, parts)) < seconds * RATE:
        root = 220 * 2 ** (random.integers(0, 12) / 12)
        chord = sum(tone(0.5, root * ratio) for ratio in (1, 1.25, 1.5)) / 3
        drum = _burst(0.5, 0.05, random) * 0.4
        parts.append(chord + drum)
    return np.concatenate(parts)[: round(seconds * RATE)]


def voiced(seconds: float, pitch: float, formants: tuple[float, ...] = (600, 1200, 2500), glide: float = 0.0) -> Sound:
    """A vowel: pulses of the vocal cords through the resonances of a mouth. `pitch` in Hz, which moves by the share `glide`."""
    count = round(seconds * RATE)
    pitches = pitch * (1 + glide * np.linspace(-0.5, 0.5, count))
    phase = np.cumsum(pitches / RATE)
    pulses = np.diff(np.floor(phase), prepend=0.0) - pitches / RATE
    return sum(_resonance(pulses, formant) for formant in formants) / len(formants)


def speech(seconds: float, pitch: float = 130, seed: int = 3) -> Sound:
    """Syllables of uneven length and melody, hissed consonants between them, a pause after some words: as people speak."""
    random = np.random.default_rng(seed)
    parts: list[Sound] = []
    while sum(map(len, parts)) < seconds * RATE:
        for _ in range(random.integers(3, 9)):
            length = random.uniform(0.07, 0.3)
            formants = (random.uniform(300, 800), random.uniform(900, 2200), 2600)
            vowel = voiced(length, pitch * random.uniform(0.85, 1.25), formants, random.uniform(-0.2, 0.2))
            parts.append(_swell(vowel) * random.uniform(0.5, 1))
            if random.random() < 0.7:
                hiss = random.standard_normal(round(random.uniform(0.03, 0.12) * RATE))
                parts.append(_swell(hiss) * random.uniform(0.005, 0.05))
        parts.append(quiet(random.choice([0.05, 0.12, 0.4, 0.8]), seed=int(random.integers(1 << 30))))
    return _loud(np.concatenate(parts)[: round(seconds * RATE)]) + quiet(seconds)


def laughter(seconds: float, pitch: float = 280, rate: float = 5.0, seed: int = 4) -> Sound:
    """ha-ha-ha: short vowels at a rather even pace that slows down, high and falling, with a breath after each."""
    random = np.random.default_rng(seed)
    parts: list[Sound] = []
    while sum(map(len, parts)) < seconds * RATE:
        period = random.normal(1 / rate, 0.08 / rate) * (1 + 0.1 * len(parts) / 2 / (seconds * rate))
        vowel = voiced(period * 0.45, pitch * random.uniform(0.93, 1.07), (700, 1250, 2600), -0.15)
        breath = random.standard_normal(round(period * 0.55 * RATE))
        parts += [_swell(vowel) * random.uniform(0.8, 1), _swell(breath) * 0.01]
    return _loud(np.concatenate(parts)[: round(seconds * RATE)]) + quiet(seconds)


def applause(seconds: float, people: int = 40, seed: int = 5) -> Sound:
    """Many people who clap, each at a pace of their own, with hands of their own."""
    random = np.random.default_rng(seed)
    total = np.zeros(round(seconds * RATE) + RATE)
    for _ in range(people):
        clap = _hands(random)
        moment, pace = random.uniform(0, 0.5), random.uniform(2.5, 5)
        while moment < seconds:
            place = round(moment * RATE)
            total[place : place + len(clap)] += clap * random.uniform(0.5, 1)
            moment += random.normal(1 / pace, 0.03)
    return _loud(total[: round(seconds * RATE)]) + quiet(seconds)


def pcm(sound: Sound) -> bytes:
    """As 16-bit samples."""
    return (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def _hands(random: np.random.Generator) -> Sound:
    """One clap: noise about 1 to 2.5 kHz that is gone within hundredths of a second."""
    length = round(0.05 * RATE)
    decay = np.exp(-np.arange(length) / (random.uniform(0.004, 0.012) * RATE))
    return _resonance(random.standard_normal(length) * decay, random.uniform(900, 2600), 900) * random.uniform(0.3, 1)


def _burst(seconds: float, fade: float, random: np.random.Generator) -> Sound:
    count = round(seconds * RATE)
    return random.standard_normal(count) * np.exp(-np.arange(count) / (fade * RATE))


def _resonance(sound: Sound, frequency: float, width: float = 90) -> Sound:
    """Through a band of `width` Hz about `frequency`, in the frequency domain."""
    spectrum = np.fft.rfft(sound, 2 * len(sound))
    frequencies = np.fft.rfftfreq(2 * len(sound), 1 / RATE)
    gain = 1 / (1 + 1j * (frequencies - frequency) / width) + 1 / (1 + 1j * (frequencies + frequency) / width)
    return np.fft.irfft(spectrum * gain)[: len(sound)]


def _swell(sound: Sound) -> Sound:
    return sound * np.hanning(len(sound)) ** 0.5


def _loud(sound: Sound) -> Sound:
    return 0.5 * sound / np.abs(sound).max()
