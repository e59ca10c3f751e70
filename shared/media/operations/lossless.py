"""Cutting without loss: whole groups of pictures are copied, only the frames before the first and after the last are encoded."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from shared.core.errors import FieldError, KompoError
from shared.media.graph import Shot
from shared.media.graph.counting import nearest
from shared.media.graph.encoding import Options
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import paced_picture
from shared.media.graph.streams import Stream
from shared.media.info import StreamInfo
from shared.media.joining import Piece, join_pieces
from shared.media.operations.clips import TIMELESS, Clip
from shared.media.operations.errors import InvalidOperation
from shared.media.operations.run import FileCoding, Run, Track, sound_track
from shared.media.packets import CodedPicture, read_picture

EDGE_CRF = 12
"""Of the frames that are encoded again: hardly to be told from the copied ones beside them."""
_PROFILES = {
    "Baseline": "baseline",
    "Constrained Baseline": "baseline",
    "Main": "main",
    "High": "high",
}
_MUXERS = {"mkv": "matroska"}


@dataclass(frozen=True)
class _Cut:
    """Frames of the file: `first` up to `stop` are kept, of which `begin` up to `end` are copied."""

    first: int
    begin: int
    end: int
    stop: int


def trim_lossless(run: Run, clip: Clip, bitrate: int) -> None:
    """Write the clip. Its sound is cut to the sample, and so encoded.

    Raises `InvalidOperation` when its picture is coded otherwise."""
    join_picture(run, clip, clip.sound(Inputs(clip.rate)), bitrate)


def join_picture(run: Run, clip: Clip, sound: Stream | None, bitrate: int) -> None:
    """Write the clip's picture without loss, over a sound. Raises `InvalidOperation` when its picture is coded otherwise."""
    _refuse_other_coding(clip)
    try:
        picture = read_picture(clip.media.path, clip.rate)
    except KompoError as error:
        raise _refusal(error.detail[0].lower() + error.detail[1:]) from error
    pieces, pictures = _pieces(run, clip, picture)
    join_pieces(
        pieces,
        pictures,
        run.output,
        rate=clip.rate,
        container=_MUXERS.get(run.container, run.container),
        sound=None if sound is None else _encode_sound(run, sound, clip.seconds, bitrate),
        on_progress=run.report,
        should_cancel=run.should_cancel,
        lasting=run.lasting,
    )


def _pieces(run: Run, clip: Clip, picture: CodedPicture) -> tuple[list[Piece], dict[Path, CodedPicture]]:
    """What the clip is joined of: an encoded head, copied groups, an encoded tail, each if there is any."""
    cut = _plan(clip, picture)
    if cut.first >= cut.stop:
        raise _refusal("its picture has ended before the piece begins.")
    pieces, pictures = [], {clip.media.path: picture}
    for name, first, stop in (
        ("head", cut.first, cut.begin),
        ("copied", cut.begin, cut.end),
        ("tail", cut.end, cut.stop),
    ):
        if first == stop:
            continue
        if name == "copied":
            pieces.append(Piece(clip.media.path, first, stop))
            continue
        path = _encode_edge(run, clip, picture, (first, stop), run.folder / f"{name}.mp4")
        pictures[path] = read_picture(path, clip.rate)
        pieces.append(Piece(path, 0, stop - first))
    return pieces, pictures


def _plan(clip: Clip, picture: CodedPicture) -> _Cut:
    first = nearest((clip.start - picture.begin) * clip.rate)
    stop = min(picture.frames, first + clip.frames)
    keys = [key for key in sorted(picture.keys) if first <= key < stop]
    ends = [key for key in sorted({*picture.keys, picture.frames}) if key <= stop]
    whole = [(begin, end) for begin in keys[:1] for end in ends[-1:] if picture.has_whole(begin, end)]
    begin, end = whole[0] if whole else (stop, stop)
    return _Cut(first, begin, end, stop)


def _encode_edge(run: Run, clip: Clip, picture: CodedPicture, frames: tuple[int, int], path: Path) -> Path:
    """Frames of the file as they are coded: same size, colours and profile."""
    start = picture.begin + frames[0] / clip.rate
    count = frames[1] - frames[0]
    shot = Shot(path.stem, clip.media, start, count / clip.rate, Fraction(1), count)
    stream = paced_picture(shot, 0, count, Inputs(clip.rate))
    coding = FileCoding("mp4", ("h264", None), clip.rate, EDGE_CRF)
    run.write(coding, [Track(stream, _like(clip.info, count))], count / clip.rate, path)
    return path


def _like(video: StreamInfo, frames: int) -> Options:
    options: Options = {
        "c:v": "libx264",
        "crf": EDGE_CRF,
        "preset": "fast",
        "profile:v": _PROFILES[video.profile or "High"],
        "frames:v": frames,
        "fps_mode": "passthrough",
        "pix_fmt": "yuv420p",
    }
    tags = {"colorspace": video.color_space, "color_trc": video.color_transfer, "color_range": video.color_range}
    return options | {name: tag for name, tag in tags.items() if tag}


def _encode_sound(run: Run, sound: Stream, seconds: Fraction, bitrate: int) -> Path:
    path = run.folder / "sound.m4a"
    coding = FileCoding("m4a", (None, "aac"), audio_bitrate=bitrate)
    run.write(coding, [sound_track(coding, sound)], seconds, path)
    return path


def _refuse_other_coding(clip: Clip) -> None:
    video = clip.info
    checks = (
        (clip.media.info.container != TIMELESS, "AVI does not tell when its frames are shown."),
        (video.codec == "h264" and video.profile in _PROFILES, "its picture is not 8-bit H.264."),
        (video.pixel_format == "yuv420p", "its pixels are not 4:2:0."),
        (not video.variable_frame_rate, "its frame rate varies."),
        (video.rotation == 0 and video.sample_aspect_ratio == 1, "it is turned or has no square pixels."),
    )
    for holds, reason in checks:
        if not holds:
            raise _refusal(reason)


def _refusal(reason: str) -> InvalidOperation:
    detail = f"This file cannot be cut without loss: {reason} Leave lossless out, or convert it first."
    return InvalidOperation(detail, errors=[FieldError("/params/lossless", detail, "not_lossless")])
