"""Volume over time: keyframes as an expression of FFmpeg's, fades on exact samples."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from shared.kompositions.model import Animated, Keyframe
from shared.kompositions.timing import SAMPLE_RATE, Clock, nearest
from shared.media.graph.streams import Stream

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
    """The value at the time `t`. Halves within halves: FFmpeg takes no deep expressions, and looks at few of the keyframes."""
    pieces = [(float(moments[0]), f"{keyframes[0].value:.6f}")]
    for (before, start), (after, end) in pairwise(zip(keyframes, moments, strict=True)):
        way = _EASINGS[before.easing].format(u=f"((t-{float(start):.6f})/{float(end - start):.6f})")
        pieces.append((float(end), f"({before.value:.6f}+{after.value - before.value:.6f}*{way})"))
    return _choice(pieces, f"{keyframes[-1].value:.6f}")


def _choice(pieces: Sequence[tuple[float, str]], last: str) -> str:
    """Each of `pieces` up to its moment, then `last`."""
    if not pieces:
        return last
    middle = len(pieces) // 2
    moment, value = pieces[middle]
    return f"if(lt(t,{moment:.6f}),{_choice(pieces[:middle], value)},{_choice(pieces[middle + 1 :], last)})"


def fade(stream: Stream, fade_in: Fraction, fade_out: Fraction, samples: int) -> Stream:
    """Fades of so many seconds at the ends of a sound of `samples` samples whose stamps count from its beginning."""
    into, out = (min(samples, nearest(seconds * SAMPLE_RATE)) for seconds in (fade_in, fade_out))
    if into:
        stream = stream.filter("afade", t="in", ss=0, ns=into)
    if out:
        stream = stream.filter("afade", t="out", ss=samples - out, ns=out)
    return stream
