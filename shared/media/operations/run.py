"""Run: an operation while it is carried out: its files, FFmpeg, how far it is, what it has cost and what is to be told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any

from shared.media.containers import CODECS, AudioCodec, Container, Preset, VideoCodec
from shared.media.effects.kind import Params
from shared.media.ffmpeg import Ffmpeg
from shared.media.graph import SourceMedia, command
from shared.media.graph.counting import SAMPLE_RATE, nearest
from shared.media.graph.encoding import container_options, picture_options, sound_options
from shared.media.graph.loudness import BLOCK, Loudness, Range, Target, limit, measure
from shared.media.graph.streams import Stream
from shared.media.limits import time_left
from shared.media.runner import RunResult, run_graph

MEASURING = 0.3
"""Of what is left to do, as progress tells it, that a measurement takes."""


@dataclass(frozen=True)
class FileCoding:
    """How a result is coded (a `Coding`)."""

    container: Container
    coded: tuple[VideoCodec | None, AudioCodec | None]
    frame_rate: Fraction = Fraction(25)
    crf: int = 21
    preset: Preset = "veryfast"
    audio_bitrate: int = 192


@dataclass(frozen=True)
class Track:
    """A stream of the result, and what its encoder is told; `copied` streams are taken packet by packet."""

    stream: Stream
    options: dict[str, object] = field(default_factory=dict)


@dataclass
class Run:
    """What an operation works with. `folder` is scratch; `output` appears whole or not at all.

    `lasting`: as `run_graph` has it."""

    sources: Sequence[SourceMedia]
    output: Path
    container: Container
    folder: Path
    on_progress: Callable[[float], None] | None = None
    should_cancel: Callable[[], bool] | None = None
    timeout: float | None = None
    ffmpeg: Ffmpeg | None = None
    lasting: bool = True
    results: list[RunResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    started: float = field(default_factory=monotonic)
    _done: float = 0.0

    def coding(self, params: Params, rate: Fraction = Fraction(25), **codecs: Any) -> FileCoding:
        """How the result is coded: in the container's usual codecs unless others are named."""
        pictures, sounds = CODECS[self.container]
        video = codecs.get("video") or (pictures[0] if pictures else None)
        audio = codecs.get("audio") or (sounds[0] if sounds else None)
        given = {name: getattr(params, name) for name in ("crf", "preset", "audio_bitrate") if hasattr(params, name)}
        return FileCoding(self.container, (video, audio), rate, **given)

    def write(
        self, coding: FileCoding, tracks: Sequence[Track], seconds: Fraction, output: Path | None = None, **more: object
    ) -> RunResult:
        """Write `tracks` into the result (or another file): the rest of the progress, or, of another file, none of it."""
        import ffmpeg

        path = output or self.output
        options = container_options(coding)
        for track in tracks:
            options |= track.options
        made = ffmpeg.output(*(track.stream for track in tracks), str(path), **options, **more)
        return self.execute(command([made]), seconds, path, 1.0 - self._done if output is None else 0.0)

    def execute(self, arguments: Sequence[str], seconds: Fraction, output: Path | None, share: float) -> RunResult:
        """Run FFmpeg: `share` of the whole, as progress tells it. Raises what `run_graph` raises."""
        done = self._done
        result = run_graph(
            arguments,
            duration=seconds,
            output=output if output is not None else (),
            on_progress=lambda progress: self.report(done + share * progress.fraction),
            should_cancel=self.should_cancel,
            timeout=time_left(self.timeout, self.started, "operation"),
            ffmpeg=self.ffmpeg,
            lasting=self.lasting and output == self.output,
        )
        self._done = done + share
        self.report(self._done)
        self.results.append(result)
        return result

    def report(self, fraction: float) -> None:
        """Say how far it is, from 0 to 1."""
        if self.on_progress is not None:
            self.on_progress(min(1.0, fraction))

    def passed(self, share: float) -> None:
        """Work of another kind than FFmpeg's is done: `share` of the whole, as progress tells it."""
        self._done += share
        self.report(self._done)

    def log_of(self, stream: Stream, seconds: Fraction, share: float) -> str:
        """What FFmpeg's measuring filters at the end of a sound say."""
        import ffmpeg

        arguments = command([ffmpeg.output(stream, "-", format="null")], loglevel="info")
        return self.execute(arguments, seconds, None, share).log

    def measured(self, sound: Stream, seconds: Fraction) -> Range:
        """How loud a sound is, and how far its passages lie apart."""
        return Range.parse(self._measured(sound, seconds))

    def levelled(
        self, sound: Callable[[], Stream], target: Target, seconds: Fraction, loudness: Loudness | None = None
    ) -> Stream:
        """The sound at the loudness aimed at, or as near as it gets: then a note tells so.

        `sound` makes it anew for every time that it is measured; `loudness` is what it was measured to be, if it was."""
        found = loudness or self.measured(sound(), seconds).loudness
        while not found.is_enough(target):
            found = Loudness.parse(self._measured(_at(sound(), found, target), seconds), found, target)
        if (note := found.note(target)) is not None:
            self.notes.append(note)
        return _at(sound(), found, target)

    def _measured(self, sound: Stream, seconds: Fraction) -> str:
        return self.log_of(measure(_long_enough(sound, seconds)), seconds, MEASURING * (1 - self._done))


def film_tracks(coding: FileCoding, picture: Stream, frames: int, sound: Stream | Track | None) -> list[Track]:
    """A picture to encode, and its sound to encode or, as a `Track`, to take as it is."""
    # Told by an option where to stop, FFmpeg has one queue for the frames of all encoders, in which sound waits for pictures.
    options = {name: value for name, value in picture_options(coding, frames, "").items() if name != "frames:v"}
    tracks = [Track(picture.filter("trim", end_frame=frames), options)]
    if isinstance(sound, Track):
        return [*tracks, sound]
    return tracks if sound is None or coding.coded[1] is None else [*tracks, sound_track(coding, sound)]


def sound_track(coding: FileCoding, sound: Stream) -> Track:
    """A sound to encode."""
    return Track(sound, sound_options(coding))


def _long_enough(sound: Stream, seconds: Fraction) -> Stream:
    """A sound that can be measured: one that is shorter than what EBU R 128 looks at is repeated."""
    if seconds >= BLOCK:
        return sound
    return sound.filter("aloop", loop=ceil(BLOCK / seconds), size=nearest(seconds * SAMPLE_RATE))


def _at(sound: Stream, loudness: Loudness, target: Target) -> Stream:
    return limit(sound.filter("volume", f"{loudness.gain_for(target):.3f}dB"), target.true_peak)
