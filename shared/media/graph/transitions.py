"""Transitions from one picture, and one sound, to the next."""

from fractions import Fraction
from typing import Literal

from shared.media.graph.streams import Stream, combine, decimal

TransitionType = Literal[
    "crossfade",
    "gradient_wipe",
    "fadeblack",
    "fadewhite",
    "fadegrays",
    "wipeleft",
    "wiperight",
    "wipeup",
    "wipedown",
    "wipetl",
    "wipetr",
    "wipebl",
    "wipebr",
    "slideleft",
    "slideright",
    "slideup",
    "slidedown",
    "coverleft",
    "coverright",
    "coverup",
    "coverdown",
    "revealleft",
    "revealright",
    "revealup",
    "revealdown",
    "smoothleft",
    "smoothright",
    "smoothup",
    "smoothdown",
    "circlecrop",
    "circleopen",
    "circleclose",
    "rectcrop",
    "vertopen",
    "vertclose",
    "horzopen",
    "horzclose",
    "diagtl",
    "diagtr",
    "diagbl",
    "diagbr",
    "hlslice",
    "hrslice",
    "vuslice",
    "vdslice",
    "hblur",
    "dissolve",
    "pixelize",
    "radial",
    "distance",
    "squeezeh",
    "squeezev",
    "zoomin",
    "hlwind",
    "hrwind",
    "vuwind",
    "vdwind",
]
_XFADE = {"crossfade": "fade", "gradient_wipe": "wiperight"}
"""Our names of transitions that FFmpeg calls otherwise."""


def cross_pictures(first: Stream, second: Stream, kind: TransitionType, seconds: Fraction) -> Stream:
    """From `first` to `second`, both `seconds` long."""
    return combine([first, second], "xfade", transition=_XFADE.get(kind, kind), duration=decimal(seconds), offset=0)


def cross_sounds(first: Stream, second: Stream, samples: int) -> Stream:
    """From `first` to `second`, both so many samples long, at equal power."""
    return combine([first, second], "acrossfade", ns=samples, c1="qsin", c2="qsin")
