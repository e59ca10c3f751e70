"""Sound as streams of 48 kHz stereo float, counted in samples: pieces of files at any speed, cut, joined, faded."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shared.media.graph.counting import SAMPLE_RATE, nearest
from shared.media.graph.inputs import Inputs
from shared.media.graph.shot import Shot
from shared.media.graph.streams import Stream, combine, decimal
from shared.media.info import StreamInfo

LAYOUT = "stereo"


def shot_sound(shot: Shot, begin: int, end: int, inputs: Inputs) -> Stream | None:
    """Samples `begin` up to `end` of a shot, time stamps from 0; None when its file has no sound.

    In step with its picture: same speed, pitch kept, backwards if it is; silence where the source has none. What is stretched
    or turned round is made from its beginning, so that a part of it has the samples of the whole."""
    info = shot.media.info.audio
    if info is None:
        return None
    there = nearest(shot.window * SAMPLE_RATE)
    whole = shot.reverse or shot.stretch != 1
    first, last = (0, there) if whole else (begin, end)
    if first >= there:
        return silence(end - begin, inputs)
    stream = _read(shot, info, first, last, inputs)
    if shot.stretch != 1:
        for tempo in tempo_chain(1 / shot.stretch):
            stream = stream.filter("atempo", f"{float(tempo):.9f}")
        last = nearest(shot.window * shot.stretch * SAMPLE_RATE)
        stream = cut_samples(stream, 0, last)
    if shot.reverse:
        stream = stream.filter("areverse")
    return cut_samples(stream, begin, end) if whole else stream


def silence(samples: int, inputs: Inputs) -> Stream:
    """So many samples of silence."""
    endless = inputs.generate("anullsrc", r=SAMPLE_RATE, cl=LAYOUT)
    return conform(cut_samples(endless, 0, samples))


def cut_samples(stream: Stream, begin: int, end: int) -> Stream:
    """Samples `begin` up to `end` of a stream, time stamps from 0; silence is added if there are too few."""
    padded = stream.filter("apad", whole_len=end)
    trimmed = padded.filter("atrim", **({"start_sample": begin} if begin else {}), end_sample=end)
    return restamp(trimmed)


def restamp(stream: Stream, first: int = 0) -> Stream:
    """Time stamps counted anew in samples, from `first` on."""
    return stream.filter("asettb", f"1/{SAMPLE_RATE}").filter("asetpts", f"N+{first}" if first else "N")


def conform(stream: Stream) -> Stream:
    """Of the format that all sound in a graph has."""
    return stream.filter("aformat", sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts=LAYOUT)


def join_sounds(streams: Sequence[Stream]) -> Stream:
    """One after the other."""
    return combine(streams, "concat", n=len(streams), v=0, a=1) if len(streams) > 1 else streams[0]


def mix(streams: Sequence[Stream]) -> Stream:
    """All at once, each as loud as it is alone."""
    if len(streams) == 1:
        return streams[0]
    return combine(streams, "amix", inputs=len(streams), duration="longest", normalize=0)


def tempo_chain(speed: Fraction) -> Iterator[Fraction]:
    """Factors whose product is `speed`, each within the 0.5–2 in which `atempo` sounds best; nothing for normal speed."""
    while speed > 2:
        yield Fraction(2)
        speed /= 2
    while speed < Fraction(1, 2):
        yield Fraction(1, 2)
        speed *= 2
    if speed != 1:
        yield speed


def _read(shot: Shot, info: StreamInfo, first: int, last: int, inputs: Inputs) -> Stream:
    """Samples of the file from sample `first` of the shot up to `last`; silence after the shot's end and the file's.

    Gaps in the file's time stamps become silence, so that sound stays with picture."""
    begin = shot.reading_start(shot.start + Fraction(first, SAMPLE_RATE))
    origin = nearest(begin * SAMPLE_RATE)
    video = shot.media.info.video
    stream = inputs.open(
        shot.media, shot.label, begin, info.index, exact=video is None or not video.variable_frame_rate
    )
    if begin:
        stream = stream.filter("atrim", start=decimal(begin))
    # Counted in samples of the file, which `begin` falls on.
    timed = {"async": 1, "min_hard_comp": _HARD, "first_pts": nearest(begin * (info.sample_rate or SAMPLE_RATE))}
    stream = stream.filter("aresample", SAMPLE_RATE, **timed)
    if info.channels == 1:
        # Copied to both sides: FFmpeg's own upmix would play it 3 dB quieter than any player does.
        stream = stream.filter("pan", args="stereo|c0=c0|c1=c0")
    offset = shot.first_sample - origin
    there = min(last, nearest(shot.window * SAMPLE_RATE))
    stream = conform(stream).filter("atrim", start_sample=offset + first, end_sample=offset + there)
    return cut_samples(stream, 0, last - first)


_HARD = 0.01
"""Seconds that the file's stamps and its samples may differ before silence is put in or samples are left out."""
