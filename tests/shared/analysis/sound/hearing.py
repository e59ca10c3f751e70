"""Sounds, measured."""

from shared.analysis.sound.measures import Measures, Meter
from tests.shared.analysis.sounds import Sound, pcm


def measured(sound: Sound, piece: int = 10_000) -> Measures:
    """What is measured of a sound that comes in pieces of so many bytes."""
    data, meter = pcm(sound), Meter()
    for start in range(0, len(data), piece):
        meter.read(data[start : start + piece])
    return meter.measures()
