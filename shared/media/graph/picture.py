"""A shot's picture: any part of it, as exactly its number of frames in the size, rate and colours of the film.

Frame k of a shot shows what the source shows at the moment k frames (of the film, at the shot's speed) after its start. It is
looked up by the file's own time stamps, so it is the same frame however much before and after it is made."""

from fractions import Fraction
from math import ceil, floor

from shared.media.graph.counting import nearest
from shared.media.graph.fields import whole_frames
from shared.media.graph.inputs import Inputs
from shared.media.graph.scaling import Scale, Size, fill_frame, tag
from shared.media.graph.shot import FORGIVEN, Shot
from shared.media.graph.streams import Stream, combine, decimal, ratio
from shared.media.info import StreamInfo

_BIAS = Fraction(1, 20)
"""Of a frame. A source frame midway between two frames of the film goes to the earlier one, whatever a clock rounds."""
_LATE = Fraction(1, 4)
"""Of a frame. One of the source that begins so little after a frame of the film is still the one that is seen in it."""
_TICK = Fraction(1, 1000)
_MICROSECONDS = 1_000_000


def shot_picture(
    shot: Shot, begin: int, end: int, size: Size, scale: Scale, *, clear: bool, inputs: Inputs, keep_hdr: bool = False
) -> Stream:
    """The frames `begin` up to `end` of a shot that plays forwards; time stamps from 0."""
    info = shot.media.info.video
    assert info is not None, "plan_shots refuses files without a picture"
    if shot.media.info.is_still:
        still = inputs.open(shot.media, shot.label, Fraction(0), info.index)
        filled = fill_frame(still, info, size, scale, clear=clear)
        paced = filled.filter("fps", fps=ratio(inputs.rate), start_time=0, eof_action="pass")
        return cut(paced, 0, end - begin, inputs.rate)
    first = _first_made(shot, info, begin, inputs.rate)
    stream = _read(shot, info, first, end, inputs)
    pace = {"fps": ratio(inputs.rate), "start_time": decimal(Fraction(first) / inputs.rate)}
    slower = info.frame_rate is None or info.frame_rate / shot.stretch <= inputs.rate
    if slower:
        stream = fill_frame(stream, info, size, scale, clear=clear, keep_hdr=keep_hdr).filter("fps", **pace)
    else:
        stream = fill_frame(stream.filter("fps", **pace), info, size, scale, clear=clear, keep_hdr=keep_hdr)
    return cut(stream, begin - first, end - first, inputs.rate)


def paced_picture(shot: Shot, begin: int, end: int, inputs: Inputs) -> Stream:
    """The frames `begin` up to `end` of a shot that plays forwards, in the size and colours of the file; time stamps from 0."""
    info = shot.media.info.video
    assert info is not None, "it has a picture"
    first = _first_made(shot, info, begin, inputs.rate)
    stream = _read(shot, info, first, end, inputs)
    paced = stream.filter("fps", fps=ratio(inputs.rate), start_time=decimal(Fraction(first) / inputs.rate))
    return cut(paced, begin - first, end - first, inputs.rate)


def black(frames: int, size: Size, inputs: Inputs) -> Stream:
    """`frames` black frames."""
    color = inputs.open_generator(f"color=c=black:s={size[0]}x{size[1]}:r={ratio(inputs.rate)}")
    return cut(tag(color.filter("format", "yuv420p")), 0, frames, inputs.rate)


def cut(stream: Stream, begin: int, end: int, rate: Fraction) -> Stream:
    """The frames `begin` up to `end` of a stream, time stamps from 0; its last one is held if there are too few."""
    held = stream.filter("tpad", stop_mode="clone", stop=end)
    return renumber(held.filter("trim", **({"start_frame": begin} if begin else {}), end_frame=end), rate)


def held(stream: Stream, info: StreamInfo) -> Stream:
    """The frames of a source with its last one shown again and again, without end: whoever reads takes what is needed."""
    # Where no rate is told, FFmpeg would show it again without time going on.
    return stream.filter("tpad", stop_mode="clone", stop=-1) if info.frame_rate else stream


def renumber(stream: Stream, rate: Fraction) -> Stream:
    """Time stamps counted anew, one tick per frame, so that no rounding of an earlier filter can drop or double a frame."""
    return stream.filter("settb", ratio(1 / rate)).filter("setpts", "N")


def join(streams: list[Stream], rate: Fraction) -> Stream:
    """One after the other."""
    return renumber(combine(streams, "concat", n=len(streams)), rate) if len(streams) > 1 else streams[0]


def with_palette(stream: Stream) -> Stream:
    """256 colours chosen anew for every frame: so no more than a frame is kept."""
    pair = stream.split()
    palette = pair[0].filter("palettegen", stats_mode="single")
    return combine([pair[1], palette], "paletteuse", new=1, dither="bayer", bayer_scale=4)


def _first_made(shot: Shot, info: StreamInfo, begin: int, rate: Fraction) -> int:
    """The frame from which to make the shot so that `begin` is there: some may be missing at a file's end.

    It lies before the shot's first where the picture ends before the shot begins, as of films with longer sound."""
    there, lowest = shot.window, 0
    if info.exact_duration is not None and info.exact_duration - shot.start < shot.window:
        there = info.exact_duration - shot.start
        lowest = -floor(shot.start * shot.stretch * rate)
    sure = nearest(there * shot.stretch * rate) - 2 - ceil(FORGIVEN * shot.stretch * rate)
    return max(lowest, min(begin, sure))


def _read(shot: Shot, info: StreamInfo, first: int, end: int, inputs: Inputs) -> Stream:
    """The source's frames around those needed, at the film's speed: time stamp 0 is the start of the shot."""
    frame = 1 / inputs.rate / shot.stretch
    moment = shot.start + first * frame
    key = shot.key_start(moment + _LATE * frame)
    begin = shot.reading_start(moment) if key is None else key
    # Of a variable rate no one knows how long before a moment the frame began that is on screen then: from a keyframe on.
    exact = key is None and not info.variable_frame_rate
    stream = inputs.open(shot.media, shot.label, begin, info.index, exact=exact)
    stream = whole_frames(stream, info).filter("settb", "AVTB")
    if end > shot.piece(inputs.rate):
        early = 1 / info.frame_rate / 4 if info.frame_rate else _TICK
        stream = stream.filter("trim", end=decimal(shot.start + shot.window - early))
    shift = float(-shot.start * _MICROSECONDS)
    bias = float(_BIAS / inputs.rate * _MICROSECONDS)
    speed = "" if shot.stretch == 1 else f"*{ratio(shot.stretch)}"
    # The last frame may stand for long, and what is made may begin after it; or all may be over before a frame of the film is.
    if info.variable_frame_rate or shot.window * shot.stretch * inputs.rate < 1:
        stream = held(stream, info)
    return stream.filter("setpts", f"(PTS{shift:+.3f}){speed}{bias:+.3f}")
