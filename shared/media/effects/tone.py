"""Tone, pitch, space and noise of sound."""

from typing import Annotated

from pydantic import Field

from shared.media.effects.kind import Hertz, Milliseconds, Params, Share, Stream, sound_effect, unit
from shared.media.effects.sound import cut_to, finish, mixed

_AFFTDN_DELAY = 1200
"""Samples at 48 kHz by which FFmpeg's afftdn is late."""
_REFLECTIONS = (11, 17, 23, 31, 41, 53, 67, 83, 101, 127, 149, 179, 211, 251, 293, 347, 409, 479, 563, 659, 773, 907)
"""Echoes of a room in ms: primes, so that none falls on the repetition of another."""


class Cutoff(Params):
    """Where it cuts."""

    frequency: Hertz
    slope: Annotated[int, Field(ge=1, le=4, json_schema_extra=unit("times 12 dB per octave"))] = 1


class Highpass(Cutoff):
    """What is lower is taken away."""

    frequency: Hertz = 80


class Lowpass(Cutoff):
    """What is higher is taken away."""

    frequency: Hertz = 12_000


class Band(Params):
    """A bell around a frequency."""

    frequency: Hertz
    gain: float = Field(ge=-36, le=36, json_schema_extra=unit("dB"))
    width: float = Field(default=1.0, ge=0.05, le=6, json_schema_extra=unit("octaves"))


class Equalizer(Params):
    """Which frequencies, and by how much."""

    bands: Annotated[list[Band], Field(min_length=1, max_length=32)]


class DeEss(Params):
    """How strongly."""

    amount: Share = 0.4


class Pitch(Params):
    """How far up or down."""

    semitones: float = Field(default=2, ge=-24, le=24, description="12 is an octave up")


class Width(Params):
    """How wide."""

    width: float = Field(default=1.5, ge=0, le=3, description="0 is mono, 1 leaves the sound as it is")


class Echo(Params):
    """When, how often and how loud it comes back."""

    delay: Milliseconds = 300
    decay: float = Field(default=0.4, ge=0.01, le=0.95, description="Of the amplitude that each repetition keeps")
    repeats: int = Field(default=3, ge=1, le=12)


class Reverb(Params):
    """The room."""

    size: Share = Field(default=0.5, description="0 a bathroom, 1 a cathedral")
    mix: Share = Field(default=0.3, description="How much of the room is heard")


class NoiseReduction(Params):
    """How strongly, and what counts as noise."""

    reduction: float = Field(default=12, ge=0.01, le=60, json_schema_extra=unit("dB"))
    floor: float = Field(default=-50, ge=-80, le=-20, json_schema_extra=unit("dB"), description="The noise's level")


def equalized(stream: Stream, *bands: Band) -> Stream:
    """The stream through bells."""
    for band in bands:
        stream = stream.filter("equalizer", frequency=band.frequency, width_type="o", width=band.width, gain=band.gain)
    return stream


def without_lows(stream: Stream, frequency: float, slope: int = 1) -> Stream:
    """The stream without what is lower; 12 dB per octave for each `slope`."""
    for _ in range(slope):
        stream = stream.filter("highpass", frequency=frequency)
    return stream


def de_essed(stream: Stream, amount: float) -> Stream:
    """The stream with softer sibilants; `amount` 0–1."""
    return stream.filter("deesser", i=f"{amount:.4f}", m=0.5, f=0.5)


def highpass(stream: Stream, params: Highpass, _samples: int) -> Stream:
    """Takes away rumble and booms."""
    return finish(without_lows(stream, params.frequency, params.slope))


def lowpass(stream: Stream, params: Lowpass, _samples: int) -> Stream:
    """Takes away hiss and brilliance."""
    for _ in range(params.slope):
        stream = stream.filter("lowpass", frequency=params.frequency)
    return finish(stream)


def equalizer(stream: Stream, params: Equalizer, _samples: int) -> Stream:
    """Lifts or lowers bands of frequencies."""
    return finish(equalized(stream, *params.bands))


def de_ess(stream: Stream, params: DeEss, samples: int) -> Stream:
    """Softens sharp s and t of a voice."""
    return cut_to(de_essed(stream, params.amount), samples)


def pitch(stream: Stream, params: Pitch, samples: int) -> Stream:
    """Higher or lower at the same speed."""
    factor = f"{2 ** (params.semitones / 12):.8f}"
    return (
        cut_to(stream.filter("rubberband", pitch=factor, transients="mixed", channels="together"), samples)
        if params.semitones
        else stream
    )


def stereo_width(stream: Stream, params: Width, _samples: int) -> Stream:
    """Moves left and right apart or together."""
    near, far = (1 + params.width) / 2, (1 - params.width) / 2
    sides = f"stereo|c0={near:.6f}*c0+{far:.6f}*c1|c1={far:.6f}*c0+{near:.6f}*c1"
    return finish(stream.filter("pan", args=sides))


def echo(stream: Stream, params: Echo, samples: int) -> Stream:
    """Repeats the sound, each time quieter."""
    turns = range(1, params.repeats + 1)
    delays = "|".join(f"{params.delay * turn:.3f}" for turn in turns)
    decays = "|".join(f"{max(params.decay**turn, 1e-5):.6f}" for turn in turns)
    return cut_to(stream.filter("aecho", in_gain=1, out_gain=1, delays=delays, decays=decays), samples)


def reverb(stream: Stream, params: Reverb, samples: int) -> Stream:
    """Puts the sound into a room."""
    stretch = 0.4 + 1.6 * params.size
    seconds = 0.3 + 2.2 * params.size
    times = [delay * stretch for delay in _REFLECTIONS]
    # A room is said to last as long as its echo needs to fall by 60 dB.
    levels = [max(0.5 * 10 ** (-3 * time / 1000 / seconds), 1e-5) for time in times]
    delays, decays = "|".join(f"{time:.3f}" for time in times), "|".join(f"{level:.6f}" for level in levels)
    copies = stream.asplit()
    wet = copies[1].filter("aecho", in_gain=1, out_gain=0.6, delays=delays, decays=decays)
    return cut_to(mixed(wet, copies[0], params.mix), samples)


def noise_reduction(stream: Stream, params: NoiseReduction, samples: int) -> Stream:
    """Takes away steady noise: hiss, fans, air conditioning."""
    denoised = stream.filter("afftdn", noise_reduction=params.reduction, noise_floor=params.floor)
    return cut_to(denoised, samples, late=_AFFTDN_DELAY)


EFFECTS = (
    sound_effect(highpass, Highpass),
    sound_effect(lowpass, Lowpass),
    sound_effect(equalizer, Equalizer),
    sound_effect(de_ess, DeEss),
    sound_effect(pitch, Pitch),
    sound_effect(stereo_width, Width),
    sound_effect(echo, Echo),
    sound_effect(reverb, Reverb),
    sound_effect(noise_reduction, NoiseReduction),
)
