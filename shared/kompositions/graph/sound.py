"""The sound's part of the graph: every shot as exactly its number of samples, music under it, a limiter on top."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from shared.kompositions.model import Audio, Music
from shared.kompositions.shots import Shot
from shared.kompositions.timing import SAMPLE_RATE
from shared.media import MediaInfo

Stream = Any
"""A stream of ffmpeg-python, which has no types."""

LAYOUT = "stereo"
_CEILING = 0.95
"""The limiter's ceiling: 0.45 dB below full scale, room for what AAC adds."""


def shape_sound(source: Stream, shot: Shot, volume: float, samples: int) -> Stream:
    """A shot's own sound in step with its picture: same speed, pitch kept, silence where the source has none."""
    stream = _conformed(source, shot.media.info)
    for tempo in tempo_chain(1 / shot.stretch):
        stream = stream.filter("atempo", f"{float(tempo):.9f}")
    if volume != 1:
        stream = stream.filter("volume", f"{volume:g}")
    return cut_to(stream, samples)


def shape_music(source: Stream, info: MediaInfo, music: Music, samples: int) -> Stream:
    """The music at its volume with its fades, as long as the komposition; silence after its end."""
    stream = cut_to(_conformed(source, info).filter("volume", f"{music.volume:g}"), samples)
    length = samples / SAMPLE_RATE
    if music.fade_in > 0:
        stream = stream.filter("afade", t="in", st=0, d=f"{min(music.fade_in, length):g}")
    if music.fade_out > 0:
        duration = min(music.fade_out, length)
        stream = stream.filter("afade", t="out", st=f"{length - duration:.6f}", d=f"{duration:.6f}")
    return stream


def mix_sound(original: Stream, music: Stream | None, audio: Audio, samples: int) -> Stream:
    """Both together, at the loudness asked for, never clipping, exactly `samples` long."""
    mixed = original
    if music is not None:
        if audio.ducking:
            voice = original.asplit()
            original = voice[0]
            pressed = {"threshold": 0.03, "ratio": 8, "attack": 20, "release": 400}
            music = _join([music, voice[1]], "sidechaincompress", **pressed)
        mixed = _join([original, music], "amix", inputs=2, duration="longest", normalize=0)
    if audio.loudness is not None:
        mixed = mixed.filter("loudnorm", I=audio.loudness, TP=-1.5, LRA=11).filter("aresample", SAMPLE_RATE)
    return cut_to(mixed.filter("alimiter", limit=_CEILING, level=0, latency=1), samples)


def cut_to(stream: Stream, samples: int) -> Stream:
    """Exactly `samples` samples, time stamps from 0; silence is added if there are too few."""
    padded = stream.filter("apad", whole_len=samples).filter("atrim", end_sample=samples)
    return padded.filter("asetpts", "N/SR/TB")


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


def _conformed(source: Stream, info: MediaInfo) -> Stream:
    """48 kHz stereo float. Gaps in the source's time stamps become silence, so that sound stays with picture."""
    stream = source.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
    if info.audio is not None and info.audio.channels == 1:
        # Copied to both sides: FFmpeg's own upmix would play it 3 dB quieter than any player does.
        stream = stream.filter("pan", args="stereo|c0=c0|c1=c0")
    return stream.filter("aformat", sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts=LAYOUT)


def _join(streams: list[Stream], name: str, **options: object) -> Stream:
    import ffmpeg

    return ffmpeg.filter(streams, name, **options)
