"""Levels of sound: gain, fades, and the dynamics between quiet and loud."""

from typing import Literal

from pydantic import Field

from shared.media.effects.kind import SAMPLE_RATE, Decibels, Milliseconds, Params, Seconds, Stream, sound_effect
from shared.media.effects.sound import amplitude, cut_to, finish


class Volume(Params):
    """A factor."""

    volume: float = Field(default=1.0, ge=0, le=4, description="On amplitude: 1 leaves the sound, 0 silences it")


class Gain(Params):
    """A gain."""

    gain: Decibels = Field(default=3.0, description="6 doubles the amplitude")


class SoundFade(Params):
    """From silence and to silence."""

    fade_in: Seconds = 1.0
    fade_out: Seconds = 1.0
    curve: Literal["tri", "qsin", "hsin", "log", "exp", "par"] = Field(
        default="tri", description="tri is linear; qsin keeps the loudness of crossfades; the others as FFmpeg's afade"
    )


class Compressor(Params):
    """When and how far loud sound is held down."""

    threshold: float = Field(default=-20, ge=-60, le=0, json_schema_extra={"unit": "dB"})
    ratio: float = Field(
        default=4, ge=1, le=20, description="4: what is 4 dB over the threshold comes out 1 dB over it"
    )
    attack: Milliseconds = 10
    release: Milliseconds = 200
    knee: float = Field(default=6, ge=0, le=18, json_schema_extra={"unit": "dB"}, description="Width of the bend")
    makeup: float = Field(default=0, ge=0, le=36, json_schema_extra={"unit": "dB"}, description="Gain afterwards")


class Gate(Params):
    """What counts as silence."""

    threshold: float = Field(default=-50, ge=-96, le=0, json_schema_extra={"unit": "dB"})
    reduction: float = Field(
        default=24, ge=0, le=96, json_schema_extra={"unit": "dB"}, description="How far it is turned down"
    )
    ratio: float = Field(default=2, ge=1, le=20)
    attack: Milliseconds = 5
    release: Milliseconds = 200


class Limiter(Params):
    """The ceiling."""

    ceiling: float = Field(default=-1, ge=-24, le=0, json_schema_extra={"unit": "dBFS"})
    release: Milliseconds = 50


class Normalize(Params):
    """How an uneven recording is evened out."""

    peak: float = Field(default=-1, ge=-24, le=0, json_schema_extra={"unit": "dBFS"}, description="Of every moment")
    max_gain: float = Field(default=20, ge=0, le=40, json_schema_extra={"unit": "dB"})
    window: float = Field(
        default=15, ge=1, le=60, json_schema_extra={"unit": "seconds"}, description="Shorter: quieter moments rise more"
    )


def compressed(stream: Stream, params: Compressor) -> Stream:
    """The stream through a compressor."""
    return stream.filter(
        "acompressor",
        threshold=f"{amplitude(params.threshold):.8f}",
        ratio=params.ratio,
        attack=params.attack,
        release=params.release,
        knee=f"{min(amplitude(params.knee), 8):.6f}",
        makeup=f"{amplitude(params.makeup):.6f}",
    )


def gated(stream: Stream, params: Gate) -> Stream:
    """The stream through a gate."""
    return stream.filter(
        "agate",
        threshold=f"{amplitude(params.threshold):.8f}",
        range=f"{amplitude(-params.reduction):.8f}",
        ratio=params.ratio,
        attack=params.attack,
        release=params.release,
    )


def limited(stream: Stream, params: Limiter) -> Stream:
    """The stream under a ceiling; the look-ahead does not delay it."""
    ceiling = f"{amplitude(params.ceiling):.8f}"
    return stream.filter("alimiter", limit=ceiling, attack=5, release=max(1.0, params.release), level=0, latency=1)


def volume(stream: Stream, params: Volume, _samples: int) -> Stream:
    """Multiplies the amplitude."""
    return finish(stream.filter("volume", volume=f"{params.volume:.6f}", precision="float"))


def gain_db(stream: Stream, params: Gain, _samples: int) -> Stream:
    """Turns the sound up or down, in decibels."""
    return finish(stream.filter("volume", volume=f"{amplitude(params.gain):.8f}", precision="float"))


def fade(stream: Stream, params: SoundFade, samples: int) -> Stream:
    """From silence at the start, to silence at the end, exact to the sample."""
    rising, falling = (min(samples, round(length * SAMPLE_RATE)) for length in (params.fade_in, params.fade_out))
    if rising:
        stream = stream.filter("afade", type="in", start_sample=0, nb_samples=rising, curve=params.curve)
    if falling:
        start = samples - falling
        stream = stream.filter("afade", type="out", start_sample=start, nb_samples=falling, curve=params.curve)
    return finish(stream)


def compressor(stream: Stream, params: Compressor, samples: int) -> Stream:
    """Holds down what is louder than the threshold, so that quiet and loud come closer."""
    return cut_to(compressed(stream, params), samples)


def gate(stream: Stream, params: Gate, samples: int) -> Stream:
    """Turns down what is quieter than the threshold: breath, hum and rooms between the words."""
    return cut_to(gated(stream, params), samples)


def limiter(stream: Stream, params: Limiter, samples: int) -> Stream:
    """No peak goes over the ceiling."""
    return cut_to(limited(stream, params), samples)


def normalize(stream: Stream, params: Normalize, samples: int) -> Stream:
    """Evens out a recording whose loudness wanders, moment by moment. For a film's loudness as a whole use the mix's target."""
    # The window is a bell over an odd number of frames of half a second.
    frames = max(3, round(params.window) * 2 + 1)
    peak, most = f"{amplitude(params.peak):.6f}", f"{max(1.0, amplitude(params.max_gain)):.4f}"
    return cut_to(stream.filter("dynaudnorm", framelen=500, gausssize=frames, peak=peak, maxgain=most), samples)


EFFECTS = (
    sound_effect(volume, Volume),
    sound_effect(gain_db, Gain),
    sound_effect(fade, SoundFade),
    sound_effect(compressor, Compressor),
    sound_effect(gate, Gate),
    sound_effect(limiter, Limiter),
    sound_effect(normalize, Normalize),
)
