"""Execution: the steps of a division, carried out."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from shared.core.errors import KompoError
from shared.kompositions.compiler import MediaGraph
from shared.kompositions.passes.cache import Cache, Place
from shared.kompositions.passes.costs import encode_name
from shared.kompositions.passes.division import Division, Part, RenderOptions, Window
from shared.kompositions.passes.film import Film, muxer_of
from shared.kompositions.passes.mixdown import mix_down, sound_windows
from shared.kompositions.passes.plan import StepKind
from shared.kompositions.passes.progress import Steps, fractions
from shared.kompositions.passes.stored import Stored
from shared.media import RenderFailed, RunResult, run_graph
from shared.media.graph import Loudness
from shared.media.joining import Piece, join_pieces
from shared.media.packets import CodedPicture, read_picture
from shared.media.partials import partials

log = logging.getLogger(__name__)


@dataclass
class Execution:
    """Makes `outputs` as `division` says. `runs` are FFmpeg's so far."""

    film: Film
    division: Division
    options: RenderOptions
    fetched: Mapping[str, Stored]
    cache: Cache | None
    steps: Steps
    outputs: tuple[Path, ...]
    runs: list[RunResult] = field(default_factory=list)
    loudness: Loudness | None = None

    def run(self) -> None:
        """Carry it out: all outputs are there, and cached, or none."""
        self.steps.check()
        if not self.division.sound:
            self._measure()
        if self.division.direct:
            self._all_at_once()
        else:
            self._in_passes()
        if self.cache is not None:
            self._keep(self.cache)

    @property
    def notes(self) -> tuple[str, ...]:
        """In what the outputs are not as they were asked for."""
        note = self.loudness.note(self.film.komposition.mix) if self.loudness is not None else None
        return () if note is None else (note,)

    def _measure(self) -> None:
        """Runs over the sound alone, until it is known how to bring it to the loudness asked for: usually one."""
        if not self.film.whole.needs_loudness:
            return
        graph = self._heard(StepKind.MEASURE)
        while graph.needs_loudness:
            result = self._ffmpeg(StepKind.MEASURE, graph.loudness_arguments(), (), self.film.timeline.duration)
            self._learn({"measure": float(self.film.timeline.duration) / result.wall_seconds})
            self.loudness = graph.measured(result.log)
            graph = self._heard(StepKind.MEASURE)

    def _heard(self, kind: StepKind) -> MediaGraph:
        """The graph of the sound, as loud as is known by now."""

        def run(arguments: list[str], path: Path, graph: MediaGraph) -> None:
            self._ffmpeg(kind, arguments, (path,), graph.duration)

        return mix_down(
            self.film, sound_windows(self.film, self.division.parts, self.options.most_sounds), self.loudness, run
        )

    def _all_at_once(self) -> None:
        graph = self.film.graph(loudness=self.loudness)
        arguments = graph.arguments(self.outputs, keyframes=self.division.borders)
        result = self._ffmpeg(StepKind.ENCODE, arguments, self.outputs, self.film.timeline.duration)
        self._learn_encoding(len(self.film.komposition.outputs), graph.total_frames, result)

    def _in_passes(self) -> None:
        windows = [(window, self._encode(window)) for window in self.division.windows]
        with partials(self.outputs) as written:
            asides = [written[path] for path in self.outputs]
            sounds = self._sound(asides)
            for place, index in enumerate(self.film.pictured):
                self._join(place, index, windows, sounds[index], asides[index])

    def _encode(self, window: Window) -> tuple[Path, ...]:
        """The picture of a window, one file for each output with a picture."""
        film = self.film
        graph = film.silent(film.graph(window.frames))
        names = [f"window-{window.frames.start}-{index}.{o.container}" for index, o in enumerate(graph.outputs)]
        pictured = tuple(film.folder / name for name in names)
        arguments = graph.arguments(pictured, keyframes=self.division.borders)
        result = self._ffmpeg(StepKind.ENCODE, arguments, pictured, graph.duration)
        self._learn_encoding(len(pictured), graph.total_frames, result)
        if self.cache is not None and result.wall_seconds >= self.options.keep_after:
            for place, path in enumerate(pictured):
                self.cache.keep(path, _places(window.parts, place, window.frames.start))
        return pictured

    def _sound(self, asides: Sequence[Path]) -> list[Path | None]:
        """For each output a file with its sound: its own one where it is nothing but sound."""
        film = self.film
        if not film.sounding:
            return [None] * len(asides)
        if self.division.sound:
            return [self.fetched[entry.file].path for entry in self.division.sound]
        paths = [
            film.folder / f"sound-{index}.{output.container}" if index in film.pictured else aside
            for index, (output, aside) in enumerate(zip(film.komposition.outputs, asides, strict=True))
        ]
        graph = self._heard(StepKind.SOUND)
        result = self._ffmpeg(StepKind.SOUND, graph.arguments(paths), paths, film.timeline.duration)
        self._learn({"sound": float(film.timeline.duration) / result.wall_seconds})
        return list(paths)

    def _join(
        self,
        place: int,
        index: int,
        windows: Sequence[tuple[Window, tuple[Path, ...]]],
        sound: Path | None,
        aside: Path,
    ) -> None:
        film = self.film
        pieces, pictures = _pieces(film, self.division.parts, place, windows, self.fetched)
        heard = self.steps.begin(StepKind.JOIN, self._estimated(StepKind.JOIN) / len(film.pictured))
        join_pieces(
            pieces,
            pictures,
            aside,
            rate=film.timeline.rate,
            container=muxer_of(film.komposition.outputs[index]),
            sound=sound,
            on_progress=heard,
            should_cancel=self.steps.should_cancel,
        )

    def _keep(self, cache: Cache) -> None:
        """Take the film up for later renders. It is whole and published: whatever goes wrong here is no failure of it."""
        try:
            for place, index in enumerate(self.film.pictured):
                places = self._found_places(place, self.outputs[index])
                if places:
                    cache.keep(self.outputs[index], places)
        except (KompoError, OSError):
            log.warning("the film was not cached", exc_info=True)

    def _found_places(self, place: int, path: Path) -> dict[str, Place]:
        """The parts that can be taken out of a finished film, as it turned out."""
        film = self.film
        if not film.divisible:
            return {}
        picture = read_picture(path, film.timeline.rate)
        places = _places(self.division.parts, place, film.timeline.start_frame)
        found = {key: at for key, at in places.items() if picture.has_whole(at.start or 0, at.stop or 0)}
        if found and film.sounding:
            found[film.sound_keys[place]] = Place()
        return found

    def _ffmpeg(
        self, kind: StepKind, arguments: Sequence[str], outputs: Sequence[Path], duration: Fraction
    ) -> RunResult:
        heard = self.steps.begin(kind, self._estimated(kind, duration))
        result = run_graph(
            arguments,
            duration=duration,
            output=outputs,
            on_progress=fractions(heard),
            should_cancel=self.steps.should_cancel,
            timeout=self.steps.left,
            ffmpeg=self.film.ffmpeg,
        )
        heard(1.0)
        self.runs.append(result)
        return result

    def _estimated(self, kind: StepKind, duration: Fraction | None = None) -> float:
        """What the plan says of steps of this kind; of those as long as `duration` where several differ."""
        steps = [step for step in self.steps.plan.steps if step.kind is kind]
        total, seconds = sum(step.film_seconds for step in steps), sum(step.seconds for step in steps)
        share = 1.0 if duration is None or total == 0 else min(1.0, float(duration) / total)
        return seconds * share

    def _learn_encoding(self, outputs: int, frames: int, result: RunResult) -> None:
        output = self.film.komposition.output
        if outputs == 1 and output.coded[0] is not None and result.wall_seconds > 1:
            self._learn({encode_name(output): frames * output.width * output.height / result.wall_seconds})

    def _learn(self, speeds: Mapping[str, float]) -> None:
        if self.cache is not None:
            self.cache.learn(speeds)


def _pieces(
    film: Film,
    parts: Sequence[Part],
    place: int,
    windows: Sequence[tuple[Window, tuple[Path, ...]]],
    fetched: Mapping[str, Stored],
) -> tuple[list[Piece], dict[Path, CodedPicture]]:
    """All parts of one output as pieces of files, in order, and the pictures of those files."""
    pieces: list[Piece] = []
    pictures: dict[Path, CodedPicture] = {}
    waiting = {window.frames.start: (window, paths[place]) for window, paths in windows}
    for part in parts:
        if part.entries:
            entry = part.entries[place]
            stored = fetched[entry.file]
            pictures[stored.path] = stored.picture
            pieces.append(Piece(stored.path, entry.place.start or 0, entry.place.stop or 0))
        elif part.run is not None:
            pictures[part.run.path] = part.run.picture
            pieces.append(Piece(part.run.path, part.run.start, part.run.start + len(part.frames)))
        elif part.frames.start in waiting:
            window, path = waiting[part.frames.start]
            pictures[path] = read_picture(path, film.timeline.rate)
            if pictures[path].frames != len(window.frames):
                found = pictures[path].frames
                raise RenderFailed(f"A window of {len(window.frames)} frames came out with {found}. Try again.")
            pieces.append(Piece(path, 0, len(window.frames)))
    return pieces, pictures


def _places(parts: Sequence[Part], place: int, begin: int) -> dict[str, Place]:
    """Where parts lie in a file that begins with frame `begin` of the film."""
    return {part.keys[place]: Place(part.frames.start - begin, part.frames.stop - begin) for part in parts if part.keys}
