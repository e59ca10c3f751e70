"""Chains for whole programmes. They shape tone and dynamics; how loud the film is in the end is its mix's loudness target."""

from shared.media.effects.kind import Params, Stream, sound_effect
from shared.media.effects.levels import Compressor, Gate, Limiter, compressed, gated, limited
from shared.media.effects.sound import cut_to
from shared.media.effects.tone import Band, de_essed, equalized, without_lows


def podcast_enhancement(stream: Stream, _params: Params, samples: int) -> Stream:
    """A clear, near voice: gate at -50 dB, highpass at 85 Hz, de-esser, presence, compressor at -20 dB with 4:1.

    Its loudness is the mix's: set that to -16 LUFS, true peak -1 dBTP, range 8 LU."""
    quiet = gated(stream, Gate(threshold=-50))
    clear = de_essed(without_lows(quiet, 85), 0.4)
    near = equalized(
        clear, Band(frequency=250, gain=-2), Band(frequency=3500, gain=3), Band(frequency=10_000, gain=1.5)
    )
    steady = compressed(near, Compressor(threshold=-20, ratio=4, attack=10, release=200, makeup=4))
    return cut_to(limited(steady, Limiter(ceiling=-1)), samples)


def rock_mastering(stream: Stream, _params: Params, samples: int) -> Stream:
    """Punch and weight for guitars and drums. Meant for -9 LUFS: set the mix's loudness to that."""
    shaped = equalized(
        without_lows(stream, 30),
        Band(frequency=80, gain=2),
        Band(frequency=350, gain=-1.5),
        Band(frequency=3000, gain=1.5),
        Band(frequency=11_000, gain=2),
    )
    dense = compressed(shaped, Compressor(threshold=-18, ratio=3, attack=15, release=120, makeup=5))
    return cut_to(limited(dense, Limiter(ceiling=-1, release=60)), samples)


def edm_mastering(stream: Stream, _params: Params, samples: int) -> Stream:
    """Deep bass, bright tops and hardly any quiet moment. Meant for -7 LUFS: set the mix's loudness to that."""
    shaped = equalized(
        without_lows(stream, 25),
        Band(frequency=55, gain=3),
        Band(frequency=300, gain=-2),
        Band(frequency=5000, gain=1),
        Band(frequency=12_000, gain=3),
    )
    dense = compressed(shaped, Compressor(threshold=-22, ratio=4, attack=5, release=80, makeup=8))
    return cut_to(limited(dense, Limiter(ceiling=-0.5, release=40)), samples)


EFFECTS = (sound_effect(podcast_enhancement), sound_effect(rock_mastering), sound_effect(edm_mastering))
