"""Volume over time: keyframes as an expression of FFmpeg's, fades on exact samples."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from shared.kompositions.graph.streams import Stream
from shared.kompositions.model import Animated, Keyframe
from shared.kompositions.timing import SAMPLE_RATE, Clock, nearest

STEP = 256
"""Samples between two values of a moving volume: 5 ms."""

_EASINGS = {
    "linear": "{u}",
    "hold": "0",
    "ease_in": "pow({u},2)",
    "ease_out": "(1-pow(1-{u},2))",
    "ease_in_out": "({u}*{u}*(3-2*{u}))",
}


def set_volume(stream: Stream, volume: Animated, origin: Fraction, clock: Clock) -> Stream:
    """The stream, whose stamps count from the moment `origin` of the film, at a volume whose keyframes count from there too."""
    if not isinstance(volume, list):
        return stream if volume == 1 else stream.filter("volume", f"{volume:.6f}")
    if len(volume) == 1:
        return stream.filter("volume", f"{volume[0].value:.6f}")
    moments = [clock.length(keyframe.at, origin) for keyframe in volume]
    # Double precision and a fixed number of samples per frame: a part of the sound gets the values that the whole gets.
    framed = stream.filter("asetnsamples", n=STEP, p=0)
    return framed.filter("volume", expression(volume, moments), eval="frame", precision="float")


def expression(keyframes: Sequence[Keyframe], moments: Sequence[Fraction]) -> str:
    """The value at the time `t`: a sum of which one term counts at a time. (Nested, it would be too deep for FFmpeg.)"""
    terms = [f"{keyframes[0].value:.6f}*lt(t,{float(moments[0]):.6f})"]
    for (before, start), (after, end) in pairwise(zip(keyframes, moments, strict=True)):
        begin, length = float(start), float(end - start)
        way = _EASINGS[before.easing].format(u=f"((t-{begin:.6f})/{length:.6f})")
        inside = f"gte(t,{begin:.6f})*lt(t,{float(end):.6f})"
        terms.append(f"({before.value:.6f}+{after.value - before.value:.6f}*{way})*{inside}")
    terms.append(f"{keyframes[-1].value:.6f}*gte(t,{float(moments[-1]):.6f})")
    return "+".join(terms)


def fade(stream: Stream, fade_in: Fraction, fade_out: Fraction, samples: int) -> Stream:
    """Fades of so many seconds at the ends of a sound of `samples` samples whose stamps count from its beginning."""
    into, out = (min(samples, nearest(seconds * SAMPLE_RATE)) for seconds in (fade_in, fade_out))
    if into:
        stream = stream.filter("afade", t="in", ss=0, ns=into)
    if out:
        stream = stream.filter("afade", t="out", ss=samples - out, ns=out)
    return stream
