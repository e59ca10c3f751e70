"""What is heard: how loud it is, which sound it is, and chains for whole programmes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import AliasChoices, Field

from shared.core.errors import FieldError
from shared.media.effects import describe_effects, filter_sound
from shared.media.effects.kind import unit
from shared.media.graph.counting import SAMPLE_RATE, nearest
from shared.media.graph.inputs import Inputs
from shared.media.graph.loudness import lifted, narrowed
from shared.media.graph.sound import cut_samples
from shared.media.graph.streams import Stream
from shared.media.info import MediaInfo
from shared.media.operations.clips import (
    Clip,
    SoundClip,
    exact,
    kept_picture,
    rate_of,
    sound_seconds,
    whole_clip,
    whole_sound,
)
from shared.media.operations.cutting import Piece, check_piece, piece_of
from shared.media.operations.errors import InvalidOperation
from shared.media.operations.kind import (
    FilmCoding,
    Operation,
    SoundCoding,
    Start,
    operation,
    writes_like_input,
)
from shared.media.operations.lossless import join_picture
from shared.media.operations.run import Run, film_tracks, sound_track


class Loudness(FilmCoding):
    """How loud, by EBU R 128."""

    loudness: float = Field(
        default=-14.0,
        ge=-40,
        le=-5,
        validation_alias=AliasChoices("loudness", "I"),
        json_schema_extra=unit("LUFS"),
        description="Integrated; -14 for social media, -16 for podcasts, -23 for television",
    )
    true_peak: float = Field(
        default=-1.0,
        ge=-9,
        le=0,
        validation_alias=AliasChoices("truePeak", "true_peak", "TP"),
        json_schema_extra=unit("dBTP"),
        description="No peak goes over it",
    )
    loudness_range: float = Field(
        default=11.0,
        ge=1,
        le=50,
        validation_alias=AliasChoices("loudnessRange", "loudness_range", "LRA"),
        json_schema_extra=unit("LU"),
        description="Quiet and loud passages of a wider range are brought together until it is this",
    )


class ReplaceAudio(FilmCoding):
    """From where the new sound is taken, and how long the film is."""

    audio_start: Start = Field(default=0.0, description="Where in its file the new sound begins")
    length: Literal["shortest", "video"] = Field(
        default="shortest",
        description="shortest: the film ends with the first to end; video: silence follows short sound",
    )


class TrimAndReplaceAudio(Piece):
    """Which piece, and from where the new sound is taken."""

    audio_start: Start = Field(default=0.0, description="Where in its file the new sound begins")


@dataclass(frozen=True)
class Aim:
    """A loudness to reach."""

    loudness: float | None
    true_peak: float
    loudness_range: float


def normalize_audio(run: Run, params: Loudness) -> None:
    """Brings the sound to a loudness: measured, then applied, and measured again where the limiter had to work.

    The picture is copied."""
    _write_levelled(run, params, Aim(params.loudness, params.true_peak, params.loudness_range))


def replace_audio(run: Run, params: ReplaceAudio) -> None:
    """Puts another sound under a film (the second input). The picture is copied."""
    film, other = run.sources
    clip = whole_clip(film)
    start = exact(params.audio_start)
    there = sound_seconds(other.info) - start
    frames = clip.frames if params.length == "video" else max(1, min(clip.frames, nearest(there * clip.rate)))
    seconds = frames / clip.rate
    under = SoundClip(other, start, nearest(min(there, seconds) * SAMPLE_RATE))
    if frames < clip.frames:
        _write_shorter(run, params, clip.part(0, frames), under)
    else:
        write_sound(run, params, lambda inputs: _under(under, seconds, inputs), seconds)


def _write_shorter(run: Run, params: FilmCoding, clip: Clip, under: SoundClip) -> None:
    """The beginning of a film over a sound: its whole groups of pictures copied if it can be joined, else encoded."""
    try:
        join_picture(run, clip, _under(under, clip.seconds, Inputs(clip.rate)), params.audio_bitrate)
    except InvalidOperation:
        coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
        sound = _under(under, clip.seconds, inputs)
        run.write(coding, film_tracks(coding, clip.picture(inputs), clip.frames, sound), clip.seconds)


def trim_and_replace_audio(run: Run, params: TrimAndReplaceAudio) -> None:
    """Keeps a piece of a film and puts another sound (the second input) under it, in one pass; silence follows short sound."""
    clip, other = piece_of(run, params), run.sources[1]
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    start = exact(params.audio_start)
    there = min(clip.seconds, sound_seconds(other.info) - start)
    sound = _under(SoundClip(other, start, nearest(there * SAMPLE_RATE)), clip.seconds, inputs)
    run.write(coding, film_tracks(coding, clip.picture(inputs), clip.frames, sound), clip.seconds)


def write_sound(run: Run, params: SoundCoding, sound: Callable[[Inputs], Stream], seconds: Fraction) -> None:
    """The first input with another sound, of `seconds`: of a film, under its picture, which is copied where it can be."""
    media = run.sources[0]
    if media.info.kind == "audio":
        coding = run.coding(params)
        run.write(coding, [sound_track(coding, sound(Inputs(coding.frame_rate)))], seconds)
        return
    clip = whole_clip(media)
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    kept = kept_picture(inputs, media, run.container)
    if kept is not None:
        run.write(coding, [kept, sound_track(coding, sound(inputs))], clip.seconds)
    else:
        run.write(coding, film_tracks(coding, clip.picture(inputs), clip.frames, sound(inputs)), clip.seconds)


def _write_levelled(run: Run, params: SoundCoding, aim: Aim, effect: str | None = None) -> None:
    """The first input's sound, through an effect if one is named, at the loudness aimed at."""
    clip = whole_sound(run.sources[0])

    def plain() -> Stream:
        return clip.stream(Inputs(rate_of(clip.media.info)))

    def fresh() -> Stream:
        stream = plain() if faint is None else lifted(plain(), faint)
        return stream if effect is None else filter_sound(stream, effect, {}, clip.samples)

    faint = None
    measured = run.measured(fresh(), clip.seconds)
    if measured.loudness.is_faint:
        faint = measured.loudness if effect is None else run.measured(plain(), clip.seconds).loudness
        measured = run.measured(fresh(), clip.seconds)
    if measured.range > aim.loudness_range:
        level = run.levelled(lambda: narrowed(fresh(), aim.loudness_range, measured), aim, clip.seconds)
    else:
        level = run.levelled(fresh, aim, clip.seconds, measured.loudness)
    write_sound(run, params, lambda _inputs: level, clip.seconds)


def _under(clip: SoundClip, seconds: Fraction, inputs: Inputs) -> Stream:
    """The sound for so many seconds: what it lacks is silence."""
    samples = nearest(seconds * SAMPLE_RATE)
    stream = clip.stream(inputs)
    return stream if clip.samples == samples else cut_samples(stream, 0, samples)


def _check_other(infos: Sequence[MediaInfo], params: ReplaceAudio | TrimAndReplaceAudio) -> Iterator[FieldError]:
    left = sound_seconds(infos[1]) - exact(params.audio_start)
    if left <= 0:
        detail = f"The sound lasts {float(sound_seconds(infos[1])):g} s. Start it earlier than its end."
        yield FieldError("/params/audioStart", detail, "starts_after_end")
    if isinstance(params, Piece):
        yield from check_piece(infos, params)


MASTERING = {
    "podcast_enhancement": Aim(-16.0, -1.0, 8.0),
    "rock_mastering": Aim(-9.0, -1.0, 20.0),
    "edm_mastering": Aim(-7.0, -0.5, 20.0),
}
"""What each chain is meant for: its loudness."""


def _mastering(name: str, aim: Aim) -> Operation:
    described = next(each for each in describe_effects() if each.name == name).description.split(" Meant for")[0]
    goal = f"{aim.loudness:g} LUFS, true peak {aim.true_peak:g} dBTP"

    def make(run: Run, params: FilmCoding) -> None:
        _write_levelled(run, params, aim, name)

    description = f"{described.splitlines()[0]} Brought to {goal}; the picture is copied."
    return Operation(name, description, "sound", FilmCoding, make, ("sound",), writes=writes_like_input)


OPERATIONS = (
    operation(normalize_audio, Loudness, "sound", ("sound",), writes=writes_like_input),
    operation(replace_audio, ReplaceAudio, "sound", ("video", "sound"), check=_check_other),
    operation(trim_and_replace_audio, TrimAndReplaceAudio, "sound", ("video", "sound"), check=_check_other),
    *(_mastering(name, aim) for name, aim in MASTERING.items()),
)
