"""Versions: the film's picture as each output wants it."""

from fractions import Fraction

from shared.kompositions.model import Output
from shared.kompositions.timing import Timeline, nearest
from shared.media.graph.picture import cut, with_palette
from shared.media.graph.scaling import refit
from shared.media.graph.streams import Stream, decimal, ratio


def version_frames(output: Output, timeline: Timeline) -> range:
    """The frames of this output, counted at its own rate from the start of the film, that the part to render has."""
    factor = output.frame_rate / timeline.rate
    start, end = nearest(timeline.start_frame * factor), nearest(timeline.end_frame * factor)
    return range(start, max(end, start + 1))


def version(picture: Stream, first: Output, output: Output, timeline: Timeline) -> Stream:
    """The picture, which is made for the output `first`, in the size and at the rate of another."""
    slower = output.frame_rate < timeline.rate
    stream = _paced(picture, output, timeline) if slower else picture
    stream = refit(stream, (first.width, first.height), (output.width, output.height), output.scale)
    if output.frame_rate > timeline.rate:
        stream = _paced(stream, output, timeline)
    return with_palette(stream) if output.container == "gif" else stream


def _paced(picture: Stream, output: Output, timeline: Timeline) -> Stream:
    """At the output's rate. Stamps count from the start of the film, so that a part has the frames of the whole."""
    frames = version_frames(output, timeline)
    shifted = picture.filter("setpts", f"N+{timeline.start_frame}")
    begin = decimal(Fraction(frames.start) / output.frame_rate)
    paced = shifted.filter("fps", fps=ratio(output.frame_rate), start_time=begin)
    return cut(paced, 0, len(frames), output.frame_rate)
