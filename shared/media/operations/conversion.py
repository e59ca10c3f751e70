"""From one kind of file to another."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from shared.core.errors import FieldError
from shared.media.containers import CODECS, LEAST_SIDE, MOST_GIF_RATE, AudioCodec, Container, VideoCodec
from shared.media.effects.kind import Params, unit
from shared.media.graph.counting import nearest
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import with_palette
from shared.media.graph.scaling import Scale
from shared.media.info import MediaInfo, StreamInfo
from shared.media.operations.clips import (
    Clip,
    SoundClip,
    even_size,
    exact,
    kept_sound,
    rate_of,
    size_errors,
    size_for,
    sound_codec,
    whole_clip,
    whole_sound,
)
from shared.media.operations.kind import (
    SOUND_FILES,
    VIDEO_FILES,
    FilmCoding,
    Kbps,
    Length,
    Pixels,
    SoundCoding,
    operation,
)
from shared.media.operations.run import FileCoding, Run, Track, film_tracks, sound_track

_VIDEO: tuple[Container, ...] = (*VIDEO_FILES, "webm", "gif")
_HOMES: dict[AudioCodec, Container] = {"aac": "m4a", "mp3": "mp3", "flac": "flac", "pcm": "wav", "opus": "mkv"}
"""The file in which sound of a codec is at home."""
_TOLD = {"nofind_stream_info": None}
"""For a file of which nothing is decoded, and whose header tells all: FFmpeg decodes none of its pictures to learn more."""


class Convert(FilmCoding):
    """What to make of it."""

    format: Container | None = Field(
        default=None, description="Left out: mp4, of sound alone m4a, or as the file is named"
    )
    video_codec: VideoCodec | None = Field(default=None, description="Left out: the container's usual one")
    audio_codec: AudioCodec | None = Field(default=None, description="Left out: the container's usual one")


class ExtractAudio(SoundCoding):
    """What to make of the sound."""

    format: Literal["m4a", "mp3", "wav", "flac", "mkv"] | None = Field(
        default=None, description="Left out: the one that can hold the sound as it is"
    )


class ToMp3(Params):
    """How many bits."""

    bitrate: Kbps = Field(default=192, ge=32, le=320, description="192k means the same as 192")


class ImageToVideo(FilmCoding):
    """For how long the picture is shown."""

    duration: Length = 5.0
    fps: float = Field(default=25, ge=1, le=120, json_schema_extra=unit("frames a second"))
    width: Pixels | None = Field(default=None, description="Left out: of the picture, to an even number")
    height: Pixels | None = Field(default=None, description="Left out: of the picture, to an even number")
    fit: Scale = Field(default="contain", description="How it fills the frame where its shape is another")


def convert(run: Run, params: Convert) -> None:
    """Writes the same film anew: H.264 and AAC in MP4 (yuv420p, ready to play while it loads) unless asked otherwise.

    Sound that is coded so already is copied. Where the picture is transparent, black is seen."""
    media = run.sources[0]
    codecs = {"video": params.video_codec, "audio": params.audio_codec}
    rate = rate_of(media.info)
    coding = run.coding(params, min(rate, MOST_GIF_RATE) if run.container == "gif" else rate, **codecs)
    inputs = Inputs(coding.frame_rate)
    if coding.coded[0] is None or media.info.kind == "audio":
        _write_sound(run, coding, inputs, whole_sound(media))
        return
    clip = whole_clip(media, coding.frame_rate)
    picture = clip.picture(inputs)
    sound = kept_sound(inputs, media, run.container, coding.coded[1]) or clip.sound(inputs)
    shown = with_palette(picture) if run.container == "gif" else picture
    run.write(coding, film_tracks(coding, shown, clip.frames, sound if coding.coded[1] else None), clip.seconds)


def extract_audio(run: Run, params: ExtractAudio) -> None:
    """Takes the sound out of a film: as it is where the container can hold it, else encoded."""
    media = run.sources[0]
    native = sound_codec(media.info)
    coding = run.coding(params, audio=native if native in CODECS[run.container][1] else None)
    _write_sound(run, coding, Inputs(coding.frame_rate), whole_sound(media))


def to_mp3(run: Run, params: ToMp3) -> None:
    """Makes an MP3 of the sound."""
    clip = whole_sound(run.sources[0])
    coding = FileCoding("mp3", (None, "mp3"), audio_bitrate=params.bitrate)
    run.write(coding, [sound_track(coding, clip.stream(Inputs(coding.frame_rate)))], clip.seconds)


def image_to_video(run: Run, params: ImageToVideo) -> None:
    """Shows a picture for a while, without sound: yuv420p, even sizes. Where it is transparent, black is seen."""
    media = run.sources[0]
    coding = run.coding(params, exact(params.fps))
    frames = max(1, nearest(exact(params.duration) * coding.frame_rate))
    clip = Clip(media, exact(0), frames, coding.frame_rate)
    size = size_for(clip.info, params.width, params.height)
    picture = clip.picture(Inputs(coding.frame_rate), size, params.fit)
    run.write(coding, film_tracks(coding, picture, frames, None), clip.seconds)


def _write_sound(run: Run, coding: FileCoding, inputs: Inputs, clip: SoundClip) -> None:
    """The sound alone: copied if it is coded so already."""
    opened = Inputs(inputs.rate, decoding=_TOLD) if _tells_all(clip.media.info.audio, clip.media.info) else inputs
    kept: Track | None = kept_sound(opened, clip.media, run.container, coding.coded[1])
    run.write(coding, [kept or sound_track(coding, clip.stream(inputs))], clip.seconds)


def _tells_all(sound: StreamInfo | None, info: MediaInfo) -> bool:
    """Whether the header of a file tells all that copying its sound needs, as MP4's does of plain AAC."""
    return sound is not None and (sound.codec, sound.profile) == ("aac", "LC") and info.container.startswith("mov,mp4")


def _converted(infos: Sequence[MediaInfo], params: Convert) -> Sequence[Container]:
    if params.format is not None:
        return (params.format,)
    return (*_VIDEO, *SOUND_FILES) if infos[0].kind == "video" else SOUND_FILES


def _convertible(infos: Sequence[MediaInfo], params: Convert) -> Iterator[FieldError]:
    container = params.format or ("mp4" if infos[0].kind == "video" else "m4a")
    pictures, sounds = CODECS[container]
    if infos[0].kind == "audio" and pictures:
        detail = f"This file has no picture to put into {container}. Use {', '.join(SOUND_FILES)}."
        yield FieldError("/params/format", detail, "no_picture")
    if infos[0].audio is None and not pictures:
        yield FieldError("/inputs/0", f"This file has no sound to put into {container}.", "no_sound")
    for name, codec, held in (("videoCodec", params.video_codec, pictures), ("audioCodec", params.audio_codec, sounds)):
        if codec is not None and codec not in held:
            detail = f"{container} cannot hold {codec} here. Use {', '.join(held) or 'no codec'}, or another format."
            yield FieldError(f"/params/{name}", detail, "codec_not_held")
    yield from _too_small(infos[0], params.video_codec)


def _too_small(info: MediaInfo, codec: VideoCodec | None) -> Iterator[FieldError]:
    least = LEAST_SIDE.get(codec, 0) if codec else 0
    if info.video is not None and min(even_size(info.video)) < least:
        detail = f"Pictures of {codec} have at least {least} pixels a side. Use another codec, or make it larger first."
        yield FieldError("/params/videoCodec", detail, "too_small")


def _check_still(infos: Sequence[MediaInfo], params: ImageToVideo) -> Iterator[FieldError]:
    yield from size_errors(infos[0].video, params.width, params.height)


def _extracted(infos: Sequence[MediaInfo], params: ExtractAudio) -> Sequence[Container]:
    if params.format is not None:
        return (params.format,)
    native = sound_codec(infos[0])
    usual = _HOMES[native] if native else "m4a"
    return tuple(dict.fromkeys((usual, *SOUND_FILES, "mkv")))


OPERATIONS = (
    operation(convert, Convert, "conversion", ("media",), writes=_converted, check=_convertible),
    operation(extract_audio, ExtractAudio, "conversion", ("sound",), writes=_extracted),
    operation(to_mp3, ToMp3, "conversion", ("sound",), writes=lambda _infos, _params: ("mp3",)),
    operation(image_to_video, ImageToVideo, "conversion", ("image",), check=_check_still),
)
