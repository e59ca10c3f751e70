"""RenderPlan: the steps of a render before it begins, with what each will take and cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from shared.kompositions.model import Komposition
from shared.kompositions.passes.cache import Cache
from shared.kompositions.passes.costs import Speeds, cost
from shared.kompositions.passes.division import Division, RenderOptions, divide
from shared.kompositions.passes.film import Film, open_film
from shared.media import Ffmpeg, find_ffmpeg
from shared.media.graph import SourceMedia


class StepKind(StrEnum):
    """What a step does."""

    MEASURE = "measure"
    ENCODE = "encode"
    COPY_CACHED = "copy_cached"
    COPY_SOURCE = "copy_source"
    SOUND = "sound"
    COPY_SOUND = "copy_sound"
    JOIN = "join"


@dataclass(frozen=True)
class Step:
    """A step over frames `start` up to, not including, `stop` of the film; `seconds` is what it is estimated to take."""

    kind: StepKind
    start: int
    stop: int
    film_seconds: float
    seconds: float
    detail: str

    @property
    def frames(self) -> int:
        """How many frames it makes or copies."""
        return self.stop - self.start

    @property
    def cost_usd(self) -> float:
        """On the machine of the job `render`."""
        return cost(self.seconds)

    def to_json(self) -> dict[str, JsonValue]:
        """camelCase JSON."""
        return {
            "kind": self.kind.value,
            "start": self.start,
            "stop": self.stop,
            "frames": self.frames,
            "filmSeconds": round(self.film_seconds, 3),
            "estimatedSeconds": round(self.seconds, 3),
            "costUsd": round(self.cost_usd, 6),
            "detail": self.detail,
        }


@dataclass(frozen=True)
class RenderPlan:
    """The steps in order, and remarks on what is not done and why."""

    frames: int
    film_seconds: float
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """What the render is estimated to take."""
        return sum(step.seconds for step in self.steps)

    @property
    def cost_usd(self) -> float:
        """On the machine of the job `render`."""
        return cost(self.seconds)

    @property
    def encoded_frames(self) -> int:
        """Frames that are encoded."""
        return self._frames(StepKind.ENCODE)

    @property
    def cached_frames(self) -> int:
        """Frames that are copied from earlier renders."""
        return self._frames(StepKind.COPY_CACHED)

    @property
    def copied_frames(self) -> int:
        """Frames that are copied from sources."""
        return self._frames(StepKind.COPY_SOURCE)

    def to_json(self) -> dict[str, JsonValue]:
        """camelCase JSON."""
        return {
            "frames": self.frames,
            "filmSeconds": round(self.film_seconds, 3),
            "encodedFrames": self.encoded_frames,
            "cachedFrames": self.cached_frames,
            "copiedFrames": self.copied_frames,
            "estimatedSeconds": round(self.seconds, 3),
            "costUsd": round(self.cost_usd, 6),
            "steps": [step.to_json() for step in self.steps],
            "notes": list(self.notes),
        }

    def _frames(self, kind: StepKind) -> int:
        return sum(step.frames for step in self.steps if step.kind is kind)


def plan_render(
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    cache: Cache | None = None,
    *,
    options: RenderOptions | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> RenderPlan:
    """What `render` with the same arguments would do now. Raises what compiling does: MissingMedia, UnusableMedia."""
    with open_film(komposition, media, ffmpeg or find_ffmpeg()) as film:
        return plan_steps(film, divide(film, cache, options or RenderOptions()), cache)


def plan_steps(film: Film, division: Division, cache: Cache | None) -> RenderPlan:
    """A division as steps."""
    speeds = Speeds(cache.speeds() if cache is not None else {})
    timeline = film.timeline
    steps = tuple(_steps(film, division, speeds))
    return RenderPlan(timeline.total_frames, float(timeline.duration), steps, division.notes)


def _steps(film: Film, division: Division, speeds: Speeds) -> Iterator[Step]:
    timeline = film.timeline
    start, stop, seconds = timeline.start_frame, timeline.end_frame, float(timeline.duration)
    if film.whole.needs_loudness and not division.sound:
        yield Step(StepKind.MEASURE, start, stop, seconds, speeds.measure(seconds), "measure the loudness")
    if division.direct:
        taken = max(speeds.encode(film.komposition.outputs, stop - start), speeds.sound(seconds))
        yield Step(StepKind.ENCODE, start, stop, seconds, taken, "encode picture and sound in one run")
        return
    yield from _picture_steps(film, division, speeds)
    if film.sounding:
        if division.sound:
            yield Step(StepKind.COPY_SOUND, start, stop, seconds, 0.0, "copy the sound of an earlier render")
        else:
            yield Step(StepKind.SOUND, start, stop, seconds, speeds.sound(seconds), "render the sound")
    joined = len(film.pictured) * (stop - start)
    yield Step(StepKind.JOIN, start, stop, seconds, speeds.join(joined), "join without encoding")


def _picture_steps(film: Film, division: Division, speeds: Speeds) -> Iterator[Step]:
    windows = {window.frames.start: window.frames for window in division.windows}
    rate = film.timeline.rate
    for part in division.parts:
        frames, seconds = part.frames, float(len(part.frames) / rate)
        if part.entries:
            yield Step(StepKind.COPY_CACHED, frames.start, frames.stop, seconds, 0.0, "copy from an earlier render")
        elif part.run is not None:
            name = part.run.path.name
            yield Step(StepKind.COPY_SOURCE, frames.start, frames.stop, seconds, 0.0, f"copy packets of {name}")
        elif frames.start in windows:
            window = windows[frames.start]
            taken = speeds.encode([film.komposition.outputs[index] for index in film.pictured], len(window))
            yield Step(
                StepKind.ENCODE, window.start, window.stop, float(len(window) / rate), taken, "encode the picture"
            )
