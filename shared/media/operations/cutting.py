"""Pieces of a film, and the film from its end to its beginning."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pydantic import Field

from shared.core.errors import FieldError
from shared.media.containers import Container
from shared.media.effects import filter_picture
from shared.media.effects.kind import Share
from shared.media.graph.counting import SAMPLE_RATE, nearest
from shared.media.graph.inputs import Inputs
from shared.media.graph.reversal import most_reversed
from shared.media.info import MediaInfo
from shared.media.operations.clips import (
    Clip,
    SoundClip,
    even_size,
    exact,
    frames_of,
    piece_errors,
    rate_of,
    sound_seconds,
    whole_clip,
)
from shared.media.operations.kind import (
    VIDEO_FILES,
    FilmCoding,
    Length,
    Start,
    operation,
    writes_like_input,
)
from shared.media.operations.lossless import trim_lossless
from shared.media.operations.run import Run, film_tracks, sound_track


class Piece(FilmCoding):
    """Which piece."""

    start: Start = Field(default=0.0, description="Where it begins")
    duration: Length | None = Field(default=None, description="How long it is; left out: to the end")


class Trim(Piece):
    """Which piece, and how."""

    lossless: bool = Field(
        default=False,
        description="Copy whole groups of pictures and encode only the frames at the edges; for H.264 in 4:2:0",
    )


class LookAndTrim(Piece):
    """Which piece, and how much of the look."""

    intensity: Share = Field(default=1.0, description="How much of the look is blended over the picture")


def trim(run: Run, params: Trim) -> None:
    """Keeps a piece, exact to the frame; of sound alone, to the sample."""
    media = run.sources[0]
    if media.info.kind == "audio":
        _trim_sound(run, params)
    elif params.lossless:
        clip = piece_of(run, params)
        trim_lossless(run, clip, params.audio_bitrate)
    else:
        clip = piece_of(run, params)
        coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
        run.write(coding, film_tracks(coding, clip.picture(inputs), clip.frames, clip.sound(inputs)), clip.seconds)


def reverse(run: Run, params: FilmCoding) -> None:
    """Plays picture and sound from the end to the beginning."""
    whole = whole_clip(run.sources[0])
    clip = Clip(whole.media, whole.start, whole.frames, whole.rate, reverse=True)
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    run.write(coding, film_tracks(coding, clip.picture(inputs), clip.frames, clip.sound(inputs)), clip.seconds)


def apply_leica_and_trim(run: Run, params: LookAndTrim) -> None:
    """Keeps a piece and gives it the Leica look, both in one pass."""
    clip = piece_of(run, params)
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    picture = filter_picture(clip.picture(inputs), "leica_look", {"intensity": params.intensity}, clip.frame())
    run.write(coding, film_tracks(coding, picture, clip.frames, clip.sound(inputs)), clip.seconds)


def piece_of(run: Run, params: Piece) -> Clip:
    """The piece of the first input that is asked for; its first frame is the one on screen at `start`."""
    media = run.sources[0]
    rate, start = rate_of(media.info), exact(params.start)
    left = frames_of(media.info, rate) - nearest(start * rate)
    wanted = left if params.duration is None else nearest(exact(params.duration) * rate)
    return Clip(media, start, max(1, min(left, wanted)), rate)


def _trim_sound(run: Run, params: Piece) -> None:
    media, start = run.sources[0], exact(params.start)
    left = sound_seconds(media.info) - start
    wanted = left if params.duration is None else min(left, exact(params.duration))
    clip = SoundClip(media, start, max(1, nearest(wanted * SAMPLE_RATE)))
    coding = run.coding(params)
    run.write(coding, [sound_track(coding, clip.stream(Inputs(coding.frame_rate)))], clip.seconds)


def check_piece(infos: Sequence[MediaInfo], params: Piece) -> Iterator[FieldError]:
    """What is wrong with the piece asked for."""
    yield from piece_errors(infos[0], params.start, params.duration)


def _check_trim(infos: Sequence[MediaInfo], params: Trim) -> Iterator[FieldError]:
    yield from check_piece(infos, params)
    if params.lossless and infos[0].kind == "audio":
        yield FieldError("/params/lossless", "Only films can be cut without loss. Leave it out.", "not_lossless")


def _check_reverse(infos: Sequence[MediaInfo], _params: FilmCoding) -> Iterator[FieldError]:
    video = infos[0].video
    most = most_reversed(even_size(video), rate_of(infos[0])) if video else 0
    if infos[0].exact_duration > Fraction(most):
        detail = f"At this size at most {most} seconds can be played backwards. Trim it first."
        yield FieldError("/inputs/0", detail, "reverse_too_long")


def _trimmed(infos: Sequence[MediaInfo], params: Trim) -> Sequence[Container]:
    return VIDEO_FILES if params.lossless else writes_like_input(infos, params)


OPERATIONS = (
    operation(trim, Trim, "cutting", ("media",), writes=_trimmed, check=_check_trim),
    operation(reverse, FilmCoding, "cutting", ("video",), check=_check_reverse),
    operation(apply_leica_and_trim, LookAndTrim, "cutting", ("video",), check=check_piece),
)
