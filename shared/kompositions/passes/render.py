"""render: a komposition becomes its files, in one run of FFmpeg or in as few as it takes, encoding only what is new."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from secrets import token_hex

from shared.core.errors import KompoError
from shared.kompositions.graph import Loudness, SourceMedia
from shared.kompositions.model import Komposition
from shared.kompositions.passes.cache import Cache, Place
from shared.kompositions.passes.costs import encode_name
from shared.kompositions.passes.division import Division, Part, RenderOptions, Window, divide
from shared.kompositions.passes.film import Film, muxer_of, open_film
from shared.kompositions.passes.plan import RenderPlan, StepKind, plan_steps
from shared.kompositions.passes.progress import RenderProgress, Steps, fractions
from shared.media import Ffmpeg, RenderFailed, RunResult, find_ffmpeg, run_graph
from shared.media.joining import Piece, join_pieces
from shared.media.packets import CodedPicture, read_picture
from shared.media.runner import publish

log = logging.getLogger(__name__)

_WORTH_KEEPING = 20.0
"""Seconds that a window takes to encode, from which it is kept on its own until the film is whole."""


@dataclass(frozen=True)
class Rendered:
    """What a render made, by which plan, and what it cost. `size` is of all outputs together, in bytes."""

    outputs: tuple[Path, ...]
    plan: RenderPlan
    size: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int


def render(
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    outputs: Sequence[Path],
    *,
    cache: Cache | None = None,
    options: RenderOptions | None = None,
    on_progress: Callable[[RenderProgress], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> Rendered:
    """Render `komposition` from the files in `media` (by source id) into `outputs`, one path for each of its outputs.

    Parts that `cache` knows are copied from earlier renders, packet by packet; what is made is kept there. The outputs appear
    together, once all of them are whole. `on_progress` is called from this thread; `should_cancel` is asked ten times a second.

    Raises `MissingMedia`, `UnusableMedia`, `RenderCancelled`, `RenderTimeout`, `OutOfSpace` and `RenderFailed`."""
    if len(outputs) != len(komposition.outputs):
        raise ValueError(f"{len(komposition.outputs)} outputs want as many paths, not {len(outputs)}")
    with open_film(komposition, media, ffmpeg or find_ffmpeg()) as film:
        division, fetched = _divided(film, cache, options or RenderOptions())
        plan = plan_steps(film, division, cache)
        steps = Steps(plan, on_progress, should_cancel, timeout)
        job = _Render(film, division, fetched, cache, steps, tuple(outputs))
        job.run()
        steps.end()
        return job.result(plan)


def _divided(film: Film, cache: Cache | None, options: RenderOptions) -> tuple[Division, dict[str, "_Stored"]]:
    """The division, and the cached files that it needs. Those that are gone or spoilt are done without."""
    fetched: dict[str, _Stored] = {}
    gone: set[str] = set()
    while True:
        division = divide(film, cache, options, frozenset(gone))
        for file in division.files:
            if file not in fetched and cache is not None:
                stored = _fetch(film, cache, file)
                if stored is None:
                    gone.add(file)
                else:
                    fetched[file] = stored
        gone |= {
            entry.file
            for part in division.parts
            for entry in part.entries
            if not _holds(fetched, entry.file, entry.place)
        }
        if gone.isdisjoint(division.files):
            return division, fetched


@dataclass(frozen=True)
class _Stored:
    path: Path
    picture: CodedPicture


def _fetch(film: Film, cache: Cache, file: str) -> _Stored | None:
    path = cache.fetch(file, film.folder)
    if path is None:
        return None
    try:
        return _Stored(path, read_picture(path, film.timeline.rate))
    except KompoError:
        return None


def _holds(fetched: Mapping[str, _Stored], file: str, place: Place) -> bool:
    stored = fetched.get(file)
    return stored is not None and stored.picture.has_whole(place.start or 0, place.stop or 0)


@dataclass
class _Render:
    film: Film
    division: Division
    fetched: Mapping[str, _Stored]
    cache: Cache | None
    steps: Steps
    outputs: tuple[Path, ...]
    runs: list[RunResult] = field(default_factory=list)
    loudness: Loudness | None = None

    def run(self) -> None:
        self.steps.check()
        if self.film.whole.needs_loudness and not self.division.sound:
            self.loudness = self._measure()
        if self.division.direct:
            self._all_at_once()
        else:
            self._in_passes()
        if self.cache is not None:
            self._keep(self.cache)

    def result(self, plan: RenderPlan) -> Rendered:
        return Rendered(
            outputs=self.outputs,
            plan=plan,
            size=sum(path.stat().st_size for path in self.outputs),
            wall_seconds=self.steps.elapsed,
            cpu_seconds=sum(run.cpu_seconds for run in self.runs),
            peak_memory=max((run.peak_memory for run in self.runs), default=0),
        )

    def _measure(self) -> Loudness:
        """A run over the sound alone."""
        result = self._ffmpeg(StepKind.MEASURE, self.film.whole.loudness_arguments(), (), self.film.timeline.duration)
        return Loudness.parse(result.log)

    def _all_at_once(self) -> None:
        graph = self.film.graph(loudness=self.loudness)
        arguments = graph.arguments(self.outputs, keyframes=self.division.borders)
        result = self._ffmpeg(StepKind.ENCODE, arguments, self.outputs, self.film.timeline.duration)
        self._learn_encoding(len(self.film.komposition.outputs), graph.total_frames, result)

    def _in_passes(self) -> None:
        windows = [(window, self._encode(window)) for window in self.division.windows]
        with ExitStack() as stack:
            asides = {_beside(path): path for path in self.outputs}
            for aside in asides:
                stack.callback(aside.unlink, missing_ok=True)
            sounds = self._sound(list(asides))
            for place, index in enumerate(self.film.pictured):
                self._join(place, index, windows, sounds[index], list(asides)[index])
            publish(asides)

    def _encode(self, window: Window) -> tuple[Path, ...]:
        """The picture of a window, one file for each output with a picture."""
        film = self.film
        graph = replace(film.graph(window.frames), sound=None)
        paths = [
            film.folder / f"window-{window.frames.start}-{index}.{o.container}" for index, o in enumerate(graph.outputs)
        ]
        borders = [part.frames.start - window.frames.start for part in window.parts]
        pictured = tuple(paths[index] for index in film.pictured)
        result = self._ffmpeg(StepKind.ENCODE, graph.arguments(paths, keyframes=borders), pictured, graph.duration)
        self._learn_encoding(len(pictured), graph.total_frames, result)
        if self.cache is not None and result.wall_seconds > _WORTH_KEEPING:
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
        graph = replace(film.graph(loudness=self.loudness), picture=None)
        paths = [
            film.folder / f"sound-{index}.{output.container}" if index in film.pictured else aside
            for index, (output, aside) in enumerate(zip(graph.outputs, asides, strict=True))
        ]
        heard = tuple(path for path, output in zip(paths, graph.outputs, strict=True) if output.coded[1] is not None)
        result = self._ffmpeg(StepKind.SOUND, graph.arguments(paths), heard, film.timeline.duration)
        self._learn({"sound": float(film.timeline.duration) / result.wall_seconds})
        return [path if path in heard else None for path in paths]

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
    fetched: Mapping[str, _Stored],
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


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:80]}.{token_hex(4)}.whole")
