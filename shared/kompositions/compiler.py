"""Compiles a komposition into one FFmpeg graph: files in, all outputs out, no frame through Python.

Every segment is cut, paced, scaled and counted to exactly the frames of its slot; slots are joined by transitions and cuts,
tracks laid over each other. Sound is counted in samples at the same boundaries. So the length of every output is known before
it is made, and any window of the film is made of the frames that the whole film has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from shared.kompositions.drawing import draw_overlays
from shared.kompositions.graph.brackets import plan_brackets
from shared.kompositions.graph.composition import Composition
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.media import require_media
from shared.kompositions.graph.mixing import Mixer
from shared.kompositions.graph.versions import version, version_frames
from shared.kompositions.model import Komposition, Mix, Output
from shared.kompositions.timing import Timeline, plan_timeline
from shared.media.graph.commands import command
from shared.media.graph.encoding import container_options, picture_options, sound_options
from shared.media.graph.loudness import Loudness, measure
from shared.media.graph.source import SourceMedia
from shared.media.graph.streams import Stream, copies, decimal


@dataclass(frozen=True)
class MediaGraph:
    """A compiled komposition, or a window of one: `arguments` for FFmpeg, and what will come out.

    `dataclasses.replace(graph, sound=None)` makes pictures only, `picture=None` sound only."""

    timeline: Timeline
    outputs: tuple[Output, ...]
    picture: Stream | None
    """At the first output's size and rate; None when no output has one."""
    sound: Stream | None
    """48 kHz stereo; None when no output has any."""
    mix: Mix
    folder: Path
    loudness: Loudness | None = None
    files: tuple[Path, ...] = ()
    """What was written into the scratch folder; it must stay until the graph has run."""

    @property
    def duration(self) -> Fraction:
        """Exact length of the outputs, seconds."""
        return self.timeline.duration

    @property
    def total_frames(self) -> int:
        """Frames of the first output, exactly."""
        return self.timeline.total_frames

    @property
    def needs_loudness(self) -> bool:
        """Whether to run `loudness_arguments`, and to compile again with what `measured` makes of its log, first."""
        if self.mix.loudness is None or self.sound is None:
            return False
        return self.loudness is None or not self.loudness.is_enough(self.mix)

    def arguments(self, paths: Sequence[Path], *, keyframes: Sequence[int] = ()) -> list[str]:
        """FFmpeg's arguments, with one of `paths`, literally, for each output. The binary itself is not among them.

        An output with neither picture nor sound left is not made. Each of `keyframes`, frames counted from the first one made,
        begins a closed group of pictures; those outside are passed over. Raises ValueError when no output is left."""
        import ffmpeg

        pictures = self._pictures()
        sounds = self._sounds()
        made = []
        for output, path in zip(self.outputs, paths, strict=True):
            streams, options = [], container_options(output)
            if pictures and output.coded[0]:
                streams.append(pictures.pop(0))
                frames = version_frames(output, self.timeline)
                options |= picture_options(output, len(frames), self._moments(keyframes, output))
            if sounds and output.coded[1]:
                streams.append(sounds.pop(0))
                options |= sound_options(output)
            if streams:
                made.append(ffmpeg.output(*streams, str(path), **options))
        if not made:
            raise ValueError("no output has a picture or sound")
        return command(made, self.folder)

    def loudness_arguments(self) -> list[str]:
        """FFmpeg's arguments for a run that only measures the sound. It writes no file; `measured` reads its log."""
        import ffmpeg

        if self.sound is None:
            raise ValueError("there is no sound to measure")
        return command([ffmpeg.output(measure(self.sound), "-", format="null")], self.folder, loglevel="info")

    def measured(self, log: str) -> Loudness:
        """What a run of `loudness_arguments` said. Raises `UnreadableMedia`."""
        return Loudness.parse(log, self.loudness, self.mix)

    def _pictures(self) -> list[Stream]:
        """One for each output that has a picture, in order."""
        wanted = [output for output in self.outputs if output.coded[0]] if self.picture is not None else []
        shared = copies(self.picture, len(wanted)) if wanted else []
        first = self.outputs[0]
        return [version(stream, first, output, self.timeline) for stream, output in zip(shared, wanted, strict=True)]

    def _sounds(self) -> list[Stream]:
        """One for each output that has sound, in order."""
        count = sum(output.coded[1] is not None for output in self.outputs) if self.sound is not None else 0
        return copies(self.sound, count, sound=True) if count else []

    def _moments(self, keyframes: Sequence[int], output: Output) -> str:
        """Where the keyframes are, in seconds; half a frame early, for no clock to miss one."""
        early = 1 / output.frame_rate / 2
        inside = sorted({frame for frame in keyframes if 0 < frame < self.total_frames})
        return ",".join(decimal(Fraction(frame) / self.timeline.rate - early) for frame in inside)


def compile_komposition(
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    folder: Path,
    *,
    window: range | None = None,
    loudness: Loudness | None = None,
) -> MediaGraph:
    """The graph that renders `komposition` from the files in `media` (by source id).

    `window` is the frames of the film to make; left out, the komposition's render range. Frame n of a window is frame n of the
    film. `folder` takes the files that filters read. `loudness` is what the sound was measured to be, when loudness is asked for.

    Raises `MissingMedia` for files that are not there, `UnusableMedia` for those that cannot do what is asked, and ValueError
    for a window outside the film."""
    require_media(komposition, media)
    timeline = plan_timeline(komposition)
    if window is not None:
        timeline = timeline.windowed(window)
    film = Film(komposition, media, timeline)
    film.check_shots()
    brackets = plan_brackets(komposition, timeline.tracks)
    start, end = timeline.start_frame, timeline.end_frame
    outputs = tuple(komposition.outputs)
    picture = sound = None
    files: tuple[Path, ...] = ()
    if any(output.coded[0] for output in outputs):
        picture, files = draw_overlays(
            Composition(film, brackets).frames(start, end), komposition, media, timeline, folder
        )
    if any(output.coded[1] for output in outputs):
        sound = Mixer(film, brackets).samples(start, end, loudness)
    return MediaGraph(timeline, outputs, picture, sound, komposition.mix, folder, loudness, files)
