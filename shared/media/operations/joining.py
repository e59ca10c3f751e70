"""Several films as one: end to end, through transitions, or over each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any, get_args

from pydantic import Field

from shared.core.errors import FieldError
from shared.media.effects.kind import Share, unit
from shared.media.graph.counting import nearest, samples_at
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import black, join, renumber
from shared.media.graph.scaling import Scale, Size, tag
from shared.media.graph.sound import cut_samples, join_sounds
from shared.media.graph.streams import Stream, combine, copies
from shared.media.graph.transitions import TransitionType, cross_pictures, cross_sounds
from shared.media.info import MediaInfo
from shared.media.operations.clips import (
    Clip,
    exact,
    frames_of,
    kept_sound,
    rate_of,
    size_errors,
    size_for,
    threads_for,
    whole_clip,
)
from shared.media.operations.kind import FilmCoding, Length, Operation, Pixels, Start, operation
from shared.media.operations.run import Run, film_tracks

MOST_FILMS = 50


class Frame(FilmCoding):
    """The frame that all films come into."""

    width: Pixels | None = Field(default=None, description="Left out: of the first film")
    height: Pixels | None = Field(default=None, description="Left out: of the first film")
    fps: float | None = Field(
        default=None, ge=1, le=120, json_schema_extra=unit("frames a second"), description="Left out: of the first film"
    )
    fit: Scale = Field(default="contain", description="How a film fills the frame where its shape is another")


class Transition(Frame):
    """How long films are seen together, and from when."""

    duration: Length = Field(default=1.0, description="How long the transition lasts")
    offset: Start | None = Field(
        default=None,
        description="When the first transition begins, in seconds of the first film; left out: so that it ends with it",
    )


class Opacity(Frame):
    """How much is seen of the film on top, and when it begins."""

    opacity: Share = Field(default=0.5, description="Of the second film over the first; of a film alone, over black")
    offset: Start = Field(default=0.0, description="When the second film begins")


def concatenate_simple(run: Run, params: Frame) -> None:
    """Puts films one after the other. They may differ: each is fitted into the frame, brought to its rate, and silent where
    it has no sound."""
    clips, size, inputs = _opened(run, params)
    rate = inputs.rate
    picture = join([clip.picture(inputs, size, params.fit) for clip in clips], rate)
    sound = join_sounds([clip.heard(inputs) for clip in clips]) if _any_sound(clips) else None
    frames = sum(clip.frames for clip in clips)
    coding = run.coding(params, rate)
    run.write(coding, film_tracks(coding, picture, frames, sound), frames / rate)


def crossfade_transition(run: Run, params: Transition) -> None:
    """Fades from each film to the next, picture and sound."""
    _write_crossed(run, params, "crossfade")


def gradient_wipe(run: Run, params: Transition) -> None:
    """Wipes each film over the one before, from left to right, and fades the sound."""
    _write_crossed(run, params, "gradient_wipe")


def opacity_transition(run: Run, params: Opacity) -> None:
    """Lays a second film, half transparent, over the first; a film alone, over black. The sound is the first one's."""
    clips, size, inputs = _opened(run, params)
    below = clips[0]
    if len(clips) == 1:
        ground, top, start = black(below.frames, size, inputs), below, 0
    else:
        start = nearest(exact(params.offset) * inputs.rate)
        ground, top = (
            below.picture(inputs, size, params.fit),
            clips[1].part(0, min(clips[1].frames, below.frames - start)),
        )
    seen = top.picture(inputs, size, params.fit, clear=True).filter("format", "yuva420p")
    seen = seen.filter("lutyuv", a=f"round(val*{params.opacity})")
    if start:
        seen = seen.filter("setpts", f"PTS+{start}")
    laid = combine([ground, seen], "overlay", eof_action="pass", format="yuv420")
    picture = renumber(tag(laid.filter("format", "yuv420p")), inputs.rate)
    coding = run.coding(params, inputs.rate)
    sound = kept_sound(inputs, below.media, run.container, label=below.label) or below.sound(inputs)
    run.write(coding, film_tracks(coding, picture, below.frames, sound), below.seconds)


def _write_crossed(run: Run, params: Transition, kind: TransitionType) -> None:
    clips, size, inputs = _opened(run, params)
    rate = inputs.rate
    shared = _shared(params, rate)
    if params.offset is not None:
        clips[0] = clips[0].part(0, min(clips[0].frames, nearest(exact(params.offset) * rate) + shared))
    pictures: list[Stream] = []
    sounds: list[Stream] = []
    loud = _any_sound(clips)
    leaving: _Part | None = None
    for place, clip in enumerate(clips):
        enters, leaves = shared if place else 0, clip.frames - (shared if place + 1 < len(clips) else 0)
        parts = _parts(
            clip, (0, enters, leaves, clip.frames), clip.picture(inputs, size, params.fit), inputs, loud=loud
        )
        if leaving is not None:
            crossed = _crossed(leaving, parts.pop(0), kind, rate)
            pictures.append(crossed.picture)
            sounds += crossed.sounds
        leaving = parts.pop() if leaves < clip.frames else None
        for own in parts:
            pictures.append(own.picture)
            sounds += own.sounds
    frames = sum(clip.frames for clip in clips) - shared * (len(clips) - 1)
    coding = run.coding(params, rate)
    sound = join_sounds(sounds) if loud else None
    run.write(coding, film_tracks(coding, join(pictures, rate), frames, sound), frames / rate)


@dataclass(frozen=True)
class _Part:
    """Some frames of a film, and the one sound under them, if there is any to be heard in the result."""

    frames: int
    picture: Stream
    sounds: list[Stream]


def _parts(clip: Clip, borders: Sequence[int], picture: Stream, inputs: Inputs, *, loud: bool) -> list[_Part]:
    """The clip from each border to the next, where there are frames between them; it is read once."""
    spans = [(begin, end) for begin, end in pairwise(borders) if begin < end]
    pictures = copies(picture, len(spans))
    sounds = copies(clip.heard(inputs), len(spans), sound=True) if loud else []
    parts = []
    for place, (begin, end) in enumerate(spans):
        seen = renumber(pictures[place].filter("trim", start_frame=begin, end_frame=end), inputs.rate)
        first = samples_at(begin, inputs.rate)
        last = first + samples_at(end - begin, inputs.rate)
        parts.append(_Part(end - begin, seen, [cut_samples(each, first, last) for each in sounds[place : place + 1]]))
    return parts


def _crossed(first: _Part, second: _Part, kind: TransitionType, rate: Fraction) -> _Part:
    """From one to the other, which is as long."""
    seen = cross_pictures(first.picture, second.picture, kind, first.frames / rate)
    samples = samples_at(first.frames, rate)
    sounds = [cross_sounds(one, other, samples) for one, other in zip(first.sounds, second.sounds, strict=True)]
    return _Part(first.frames, renumber(tag(seen.filter("format", "yuv420p")), rate), sounds)


def _opened(run: Run, params: Frame) -> tuple[list[Clip], Size, Inputs]:
    """All inputs whole, the frame that they come into, and what opens them."""
    first = run.sources[0].info
    assert first.video is not None, "inputs are checked for what is needed"
    rate = rate_of(first) if params.fps is None else exact(params.fps)
    clips = [whole_clip(media, rate, f"film-{place}") for place, media in enumerate(run.sources)]
    return clips, size_for(first.video, params.width, params.height), Inputs(rate, threads_for(run.sources))


def _any_sound(clips: Sequence[Clip]) -> bool:
    return any(clip.media.info.audio is not None for clip in clips)


def _shared(params: Transition, rate: Fraction) -> int:
    return max(1, nearest(exact(params.duration) * rate))


def _check_frame(infos: Sequence[MediaInfo], params: Frame) -> Iterator[FieldError]:
    yield from size_errors(infos[0].video, params.width, params.height)


def _check_crossed(infos: Sequence[MediaInfo], params: Transition) -> Iterator[FieldError]:
    yield from _check_frame(infos, params)
    rate = rate_of(infos[0]) if params.fps is None else exact(params.fps)
    shared = _shared(params, rate)
    for place, info in enumerate(infos):
        needed = shared * (2 if 0 < place < len(infos) - 1 else 1)
        if frames_of(info, rate) < needed:
            detail = f"Input {place} lasts {info.duration:g} s, too short for transitions of {params.duration:g} s."
            yield FieldError("/params/duration", detail, "transition_too_long")
    first = frames_of(infos[0], rate)
    if params.offset is not None and nearest(exact(params.offset) * rate) + shared > first:
        latest = max(0.0, float(Fraction(first - shared) / rate))
        detail = (
            f"The first film lasts {infos[0].duration:g} s: the transition can begin at {latest:g} s at the latest."
        )
        yield FieldError("/params/offset", detail, "offset_too_late")


def _check_opacity(infos: Sequence[MediaInfo], params: Opacity) -> Iterator[FieldError]:
    yield from _check_frame(infos, params)
    if len(infos) == 2 and exact(params.offset) >= infos[0].exact_duration:
        detail = f"The first film lasts {infos[0].duration:g} s. Begin the second before its end."
        yield FieldError("/params/offset", detail, "offset_too_late")


def _transition(kind: TransitionType) -> Operation:
    """The operation for one of FFmpeg's transitions."""
    description = f"Goes from each film to the next by the transition {kind}, and fades the sound."
    make: Any = partial(_write_crossed, kind=kind)
    return Operation(
        f"{kind}_transition",
        description,
        "transition",
        Transition,
        make,
        ("video",),
        least=2,
        most=MOST_FILMS,
        check=_check_crossed,
    )


_NAMED = ("crossfade", "gradient_wipe")
OPERATIONS = (
    operation(concatenate_simple, Frame, "joining", ("video",), least=2, most=MOST_FILMS, check=_check_frame),
    operation(
        crossfade_transition, Transition, "transition", ("video",), least=2, most=MOST_FILMS, check=_check_crossed
    ),
    operation(gradient_wipe, Transition, "transition", ("video",), least=2, most=MOST_FILMS, check=_check_crossed),
    operation(opacity_transition, Opacity, "transition", ("video",), least=1, most=2, check=_check_opacity),
    *(_transition(kind) for kind in get_args(TransitionType) if kind not in _NAMED),
)
