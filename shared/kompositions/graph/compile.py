"""Compiles a komposition into one FFmpeg graph: files in, one file out, no frame through Python.

Every segment is cut, paced, scaled and counted to exactly the frames of its slot; slots are joined in runs by transitions and
runs by cuts. Sound is counted in samples at the same boundaries. So the length of the output is known before it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from shared.core.errors import FieldError
from shared.kompositions import picture, sound
from shared.kompositions.errors import UnusableMedia
from shared.kompositions.model import Komposition, Output
from shared.kompositions.shots import Shot, SourceMedia, plan_shots, require_media
from shared.kompositions.timing import SAMPLE_RATE, Slot, Timeline, exact, plan_timeline, samples_at

Stream = Any
"""A stream of ffmpeg-python, which has no types."""

_AUDIO_BITRATE = "192k"
_KEYFRAME_SECONDS = 2
_READ_MARGIN = Fraction(1, 2)
"""Seconds read past what a shot needs, so that its last frame never has to be made up."""


@dataclass(frozen=True)
class MediaGraph:
    """A compiled komposition: `arguments` for FFmpeg, and what will come out."""

    timeline: Timeline
    output: Output
    picture: Stream
    sound: Stream

    @property
    def duration(self) -> Fraction:
        """Exact length of the output, seconds."""
        return self.timeline.duration

    @property
    def total_frames(self) -> int:
        """Frames of the output, exactly."""
        return self.timeline.total_frames

    def arguments(self, output: Path) -> list[str]:
        """FFmpeg's arguments, ending with `output`. The binary itself is not among them."""
        import ffmpeg

        rate = self.timeline.rate
        colors = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "color_range": "tv"}
        options = {
            "format": "mp4",
            "c:v": "libx264",
            "preset": self.output.preset,
            "crf": self.output.crf,
            "pix_fmt": "yuv420p",
            "r": f"{rate.numerator}/{rate.denominator}",
            "g": max(1, round(rate * _KEYFRAME_SECONDS)),
            "frames:v": self.total_frames,
            **colors,
            "c:a": "aac",
            "b:a": _AUDIO_BITRATE,
            "ar": SAMPLE_RATE,
            "map_metadata": -1,
            "movflags": "+faststart",
        }
        arguments: list[str] = ffmpeg.get_args(ffmpeg.output(self.picture, self.sound, str(output), **options))
        return arguments


@dataclass(frozen=True)
class _Run:
    """A stretch of the output: picture and sound of the same length."""

    picture: Stream
    sound: Stream
    start_frame: int
    end_frame: int


def compile_komposition(komposition: Komposition, media: Mapping[str, SourceMedia]) -> MediaGraph:
    """The graph that renders `komposition` from the files in `media` (by source id).

    Raises `MissingMedia` for files that are not there and `UnusableMedia` for those that cannot do what is asked."""
    require_media(komposition, media)
    timeline = plan_timeline(komposition)
    compiler = _Compiler(komposition, media, timeline)
    shown, heard = compiler.whole()
    return MediaGraph(timeline, komposition.output, shown, compiler.with_music(heard))


@dataclass(frozen=True)
class _Compiler:
    komposition: Komposition
    media: Mapping[str, SourceMedia]
    timeline: Timeline

    def whole(self) -> tuple[Stream, Stream]:
        """Picture and sound of all segments, from first to last."""
        runs = self._runs()
        return self._pictures([run.picture for run in runs]), _sounds([run.sound for run in runs])

    def _runs(self) -> list[_Run]:
        """The output in order: segments, joined where there are transitions, and black where there are gaps."""
        runs: list[_Run] = []
        for slot in self.timeline.slots:
            run = self._segment(slot)
            if slot.transition is not None:
                runs.append(self._joined(runs.pop(), run, slot))
                continue
            end = runs[-1].end_frame if runs else 0
            if slot.start_frame > end:
                runs.append(self._gap(end, slot.start_frame))
            runs.append(run)
        return runs

    def with_music(self, original: Stream) -> Stream:
        """The segments' sound with the music under it."""
        from shared.kompositions.inputs import open_media

        audio, samples = self.komposition.audio, self.timeline.total_samples
        if audio.music is None:
            return sound.mix_sound(original, None, audio, samples)
        media = self.media[audio.music.source_id]
        track = media.info.audio
        if track is None:
            detail = "The file of this source has no sound. Choose another track."
            raise UnusableMedia(detail, errors=[FieldError("/audio/music/sourceId", detail, "no_sound")])
        source = open_media(media, "music", exact(audio.music.start_offset), self.timeline.duration + _READ_MARGIN)
        return sound.mix_sound(
            original, sound.shape_music(source[str(track.index)], media.info, audio.music, samples), audio, samples
        )

    def _segment(self, slot: Slot) -> _Run:
        from shared.kompositions.inputs import open_media

        segment = self.komposition.segments[slot.index]
        shots = plan_shots(segment, slot, self.timeline, self.media[segment.source_id])
        begin, pictures, sounds = slot.start_frame, [], []
        for turn, shot in enumerate(shots):
            label = f"{slot.index}.{turn}"
            source = open_media(shot.media, label, shot.start, _seconds_to_read(shot, self.timeline.rate))
            pictures.append(self._picture(source, shot))
            sounds.append(self._sound(source, shot, label, self._samples(begin, begin + shot.frames)))
            begin += shot.frames
        return _Run(self._pictures(pictures), _sounds(sounds), slot.start_frame, slot.end_frame)

    def _picture(self, source: Stream, shot: Shot) -> Stream:
        video = shot.media.info.video
        return picture.shape_picture(source[str(video.index if video else 0)], shot, self.komposition.output)

    def _sound(self, source: Stream, shot: Shot, label: str, samples: int) -> Stream:
        track = shot.media.info.audio
        volume = shot.segment.volume * self.komposition.audio.original_volume
        if track is None or shot.segment.muted or volume == 0:
            return _silence(label, samples)
        return sound.shape_sound(source[str(track.index)], shot, volume, samples)

    def _gap(self, start: int, end: int) -> _Run:
        from shared.kompositions.inputs import generate

        output, rate = self.komposition.output, self.timeline.rate
        size, fps = f"{output.width}x{output.height}", f"{rate.numerator}/{rate.denominator}"
        color = generate(f"color=c=black:s={size}:r={fps}", f"gap-{start}")
        silence = _silence(f"gap-{start}", self._samples(start, end))
        return _Run(picture.black(color, end - start, rate), silence, start, end)

    def _joined(self, first: _Run, second: _Run, slot: Slot) -> _Run:
        """`second` over the end of `first`. The offset counts from the start of `first`, whatever it is made of already."""
        import ffmpeg

        from shared.kompositions.inputs import decimal

        assert slot.transition is not None
        rate = self.timeline.rate
        crossed = ffmpeg.filter(
            [first.picture, second.picture],
            "xfade",
            transition=picture.XFADE_NAMES.get(slot.transition.type, slot.transition.type),
            duration=decimal(Fraction(slot.overlap) / rate),
            offset=decimal(Fraction(second.start_frame - first.start_frame) / rate),
        )
        shared = self._samples(second.start_frame, first.end_frame)
        mixed = ffmpeg.filter([first.sound, second.sound], "acrossfade", ns=shared, c1="qsin", c2="qsin")
        return _Run(picture.renumber(crossed, rate), mixed, first.start_frame, second.end_frame)

    def _pictures(self, streams: Sequence[Stream]) -> Stream:
        """One after the other; no frame is dropped or doubled by rounding at the joints."""
        import ffmpeg

        return picture.renumber(ffmpeg.concat(*streams), self.timeline.rate) if len(streams) > 1 else streams[0]

    def _samples(self, start_frame: int, end_frame: int) -> int:
        rate = self.timeline.rate
        return samples_at(end_frame, rate) - samples_at(start_frame, rate)


def _seconds_to_read(shot: Shot, rate: Fraction) -> Fraction:
    return min(shot.window, Fraction(shot.frames) / rate / shot.stretch + _READ_MARGIN)


def _silence(label: str, samples: int) -> Stream:
    from shared.kompositions.inputs import generate

    return sound.cut_to(generate(f"anullsrc=r={SAMPLE_RATE}:cl={sound.LAYOUT}", f"silence-{label}"), samples)


def _sounds(streams: Sequence[Stream]) -> Stream:
    """One after the other."""
    import ffmpeg

    return ffmpeg.concat(*streams, v=0, a=1) if len(streams) > 1 else streams[0]
