"""Division: which parts of a film are copied from earlier renders or from sources, and which windows of it are encoded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.kompositions.passes.cache import Cache, Entry, files_of
from shared.kompositions.passes.costs import Speeds
from shared.kompositions.passes.film import Film, count_inputs
from shared.kompositions.passes.gops import Copies, SourceRun, find_copies
from shared.kompositions.passes.parts import plan_parts


@dataclass(frozen=True)
class RenderOptions:
    """How to go about a render.

    `copy_sources`: take whole groups of pictures from sources where nothing is drawn. `most_inputs`: files that one run of
    FFmpeg opens at most, which bounds its memory. `most_frames`: frames that one run encodes at most, so that a render that is
    killed has lost no more."""

    copy_sources: bool = True
    most_inputs: int = 48
    most_frames: int | None = None


@dataclass(frozen=True)
class Part:
    """Frames of the film. `keys` and `entries` have one of each for every output with a picture; no entries: not cached."""

    frames: range
    keys: tuple[str, ...] = ()
    inputs: int = 0
    entries: tuple[Entry, ...] = ()
    run: SourceRun | None = None

    @property
    def encoded(self) -> bool:
        """Whether it must be encoded."""
        return not self.entries and self.run is None


@dataclass(frozen=True)
class Window:
    """Frames that one run of FFmpeg encodes, and the parts in them."""

    parts: tuple[Part, ...]

    @property
    def frames(self) -> range:
        """Of the film."""
        return range(self.parts[0].frames.start, self.parts[-1].frames.stop)


@dataclass(frozen=True)
class Division:
    """All parts in order. `direct`: one run of FFmpeg makes everything, sound included. `sound`: where that is cached."""

    parts: tuple[Part, ...]
    windows: tuple[Window, ...]
    direct: bool
    sound: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def borders(self) -> list[int]:
        """The frames of the film with which parts begin."""
        return [part.frames.start for part in self.parts]

    @property
    def files(self) -> list[str]:
        """The cached files that are needed."""
        return files_of([*(entry for part in self.parts for entry in part.entries), *self.sound])


def divide(film: Film, cache: Cache | None, options: RenderOptions, without: frozenset[str] = frozenset()) -> Division:
    """Divide the film so that as little as possible is encoded. Cached files in `without` are taken for gone."""
    frames = range(film.timeline.start_frame, film.timeline.end_frame)
    if not film.divisible or not frames:
        return Division((Part(frames),), (Window((Part(frames),)),), direct=True)
    copies = find_copies(film) if options.copy_sources else Copies()
    if cache is None and not copies.runs and _fits(film, frames, options):
        return Division((Part(frames),), (Window((Part(frames),)),), direct=True, notes=copies.notes)
    parts = _known(cache, [_part(film, each) for each in plan_parts(film.komposition, film.timeline)], without)
    runs = _within(copies.runs, [part.frames for part in parts if part.encoded])
    if _worth_it(film, runs, Speeds(cache.speeds() if cache is not None else {})):
        parts = _known(cache, list(_copied(film, parts, runs)), without)
    windows = tuple(_windows(parts, options))
    direct = len(windows) == 1 and windows[0].frames == frames
    sound = () if direct or cache is None or not film.sounding else _sound(film, cache, without)
    return Division(tuple(parts), windows, direct, sound, copies.notes)


def _within(runs: Sequence[SourceRun], frames: Sequence[range]) -> list[SourceRun]:
    """What of the runs lies in each of `frames`, in order."""
    return [
        replace(run, frames=range(start, stop), start=run.start + start - run.frames.start)
        for each in frames
        for run in runs
        if (start := max(run.frames.start, each.start)) < (stop := min(run.frames.stop, each.stop))
    ]


def _worth_it(film: Film, runs: Sequence[SourceRun], speeds: Speeds) -> bool:
    """Whether copying saves more than it costs to render the sound apart and to start FFmpeg around every run."""
    outputs = [film.komposition.outputs[index] for index in film.pictured]
    saved = sum(speeds.encode(outputs, len(run.frames)) - 2 * speeds.encode(outputs, 0) for run in runs)
    return saved > (speeds.sound(float(film.timeline.duration)) if film.sounding else 0.0)


def _fits(film: Film, frames: range, options: RenderOptions) -> bool:
    few = options.most_frames is None or len(frames) <= options.most_frames
    return few and count_inputs(film.arguments(film.whole)) <= options.most_inputs


def _copied(film: Film, parts: Sequence[Part], runs: Sequence[SourceRun]) -> Iterator[Part]:
    """The parts, with what is copied from sources cut out of those that must be encoded."""
    for part in parts:
        if not part.encoded:
            yield part
            continue
        inside = _within(runs, [part.frames])
        start = part.frames.start
        for run in inside:
            if run.frames.start > start:
                yield _part(film, range(start, run.frames.start))
            yield Part(run.frames, run=run)
            start = run.frames.stop
        if start < part.frames.stop:
            yield _part(film, range(start, part.frames.stop)) if inside else part


def _part(film: Film, frames: range) -> Part:
    graph = film.graph(frames)
    return Part(frames, film.picture_keys(graph), count_inputs(film.arguments(graph)))


def _known(cache: Cache | None, parts: Sequence[Part], without: frozenset[str]) -> list[Part]:
    """The parts with what the cache has of them: of all outputs, or nothing."""
    found = _found(cache, [key for part in parts if part.encoded for key in part.keys], without)
    known = []
    for part in parts:
        entries = tuple(found[key] for key in part.keys if key in found)
        whole = part.encoded and part.keys and len(entries) == len(part.keys)
        fits = whole and all(_fills(entry, part) for entry in entries)
        known.append(replace(part, entries=entries) if fits else part)
    return known


def _fills(entry: Entry, part: Part) -> bool:
    place = entry.place
    return place.start is not None and place.stop is not None and place.stop - place.start == len(part.frames)


def _sound(film: Film, cache: Cache, without: frozenset[str]) -> tuple[Entry, ...]:
    if len(film.pictured) != len(film.komposition.outputs):
        return ()
    found = _found(cache, film.sound_keys, without)
    entries = tuple(found[key] for key in film.sound_keys if key in found)
    return entries if len(entries) == len(film.sound_keys) else ()


def _found(cache: Cache | None, keys: Sequence[str], without: frozenset[str]) -> Mapping[str, Entry]:
    if cache is None or not keys:
        return {}
    return {key: entry for key, entry in cache.find(keys).items() if entry.file not in without}


def _windows(parts: Sequence[Part], options: RenderOptions) -> Iterator[Window]:
    """Neighbours that must be encoded, together as far as one run may go."""
    window: list[Part] = []
    for part in parts:
        if window and not (part.encoded and _may_join(window, part, options)):
            yield Window(tuple(window))
            window = []
        if part.encoded:
            window.append(part)
    if window:
        yield Window(tuple(window))


def _may_join(window: Sequence[Part], part: Part, options: RenderOptions) -> bool:
    inputs = sum(other.inputs for other in window) + part.inputs
    frames = part.frames.stop - window[0].frames.start
    return inputs <= options.most_inputs and (options.most_frames is None or frames <= options.most_frames)
