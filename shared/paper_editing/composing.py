"""Composing: a paper edit as a komposition: what is left of the recording, piece after piece, and the room in between.

The film has the recording's size and rate. Its captions are the words that are left; they follow wherever the pieces go."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from shared.kompositions import Komposition, Output, Time, Unit, parse_komposition
from shared.media import MediaInfo
from shared.media.graph.counting import SAMPLE_RATE
from shared.paper_editing.captions import caption_transcript
from shared.paper_editing.cutting import FADE, Shown, cut_pieces
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.errors import NothingLeft
from shared.paper_editing.pieces import plan_pieces
from shared.paper_editing.room_tone import RoomTone, find_room_tone
from shared.paper_editing.sound_profile import SoundProfile

SOURCE = "recording"
VIDEO_TRACK, SPEECH_TRACK, ROOM_TRACK = "paper", "speech", "room-tone"
"""Ids in every komposition that is made from a paper."""
_SOUND_RATE = Fraction(100)
"""Frames a second of a film without a picture: its sound is cut in steps of 10 ms."""
_FASTEST = Fraction(120)
_GOLDEN = 0.6180339887498949
"""Of its multiples the fractions lie evenly."""
_AUDIO_CONTAINER = {"mp3": "mp3", "flac": "flac", "wav": "wav"}


def to_komposition(
    edit: PaperEdit,
    source: str,
    info: MediaInfo,
    profile: SoundProfile | None = None,
    *,
    title: str | None = None,
    captions: dict[str, Any] | None = None,
) -> Komposition:
    """The film that the paper describes, from the asset `source`, whose file `info` tells of.

    With the file's `profile` it is cut at zero crossings, and where words were silenced or run into each other the room is
    heard; without it cuts are where the words' times say, and such places are still. `captions` are options of a caption
    track (style, mode …) with which to show the words that are left. Raises NothingLeft."""
    pieces = plan_pieces(edit, info.exact_duration)
    if not pieces:
        raise NothingLeft("All of the recording is cut, so there is nothing to show. Undo a cut, or restore words.")
    output = _output(info)
    rate = Output.model_validate(output).frame_rate
    shown = cut_pieces(pieces, rate, profile, edit.spacing)
    room = find_room_tone(edit, profile) if profile is not None else None
    tone = [{"id": ROOM_TRACK, "role": "effects", "clips": clips}] if (clips := _room_clips(shown, rate, room)) else []
    film = _film(shown, has_picture=info.video is not None)
    said = [] if captions is None else [_captions(edit, captions)]
    return parse_komposition(
        {
            "schemaVersion": "2.0",
            **({"title": title} if title else {}),
            "sources": [{"id": SOURCE, "kind": "audio" if info.video is None else "video", "assetId": source}],
            "tracks": {
                "video": film["video"],
                "audio": film["audio"] + tone,
                "caption": said,
            },
            "outputs": [output],
        }
    )


def _captions(edit: PaperEdit, options: dict[str, Any]) -> dict[str, Any]:
    return {"id": "captions", **options, "sourceId": SOURCE, "transcript": caption_transcript(edit)}


def _output(info: MediaInfo) -> dict[str, Any]:
    """A file like the recording, as the film needs it."""
    if info.video is None:
        name = next((name for name in info.container.split(",") if name in _AUDIO_CONTAINER), "")
        return {"fps": float(_SOUND_RATE), "container": _AUDIO_CONTAINER.get(name, "m4a")}
    width, height = (min(7680, max(16, size - size % 2)) for size in info.video.display_size)
    rate = info.video.average_frame_rate if info.video.variable_frame_rate else info.video.frame_rate
    fps = min(_FASTEST, max(Fraction(1), rate or Fraction(30)))
    return {"width": width, "height": height, "fps": round(float(fps), 3)}


def _film(shown: Sequence[Shown], *, has_picture: bool) -> dict[str, list[dict[str, Any]]]:
    if has_picture:
        return {"video": [{"id": VIDEO_TRACK, "segments": [_segment(each) for each in shown]}], "audio": []}
    clips = [_clip(each) for each in shown]
    return {"video": [], "audio": [{"id": SPEECH_TRACK, "role": "speech", "clips": clips}]}


def _segment(shown: Shown) -> dict[str, Any]:
    fits = {} if shown.is_whole else {"fit": "freeze", "sourceDuration": _samples(shown.end - shown.start)}
    return {**_common(shown), **fits, **({"muted": True} if shown.silenced else {})}


def _clip(shown: Shown) -> dict[str, Any]:
    length = {} if shown.is_whole else {"sourceDuration": _samples(shown.end - shown.start)}
    return {**_common(shown), **length, **({"muted": True} if shown.silenced else {})}


def _common(shown: Shown) -> dict[str, Any]:
    into, out = (0, 0) if shown.silenced else shown.fades
    return {
        "id": shown.name,
        "sourceId": SOURCE,
        "start": {"frames": shown.first},
        "end": {"frames": shown.first + shown.frames},
        "sourceStart": _samples(shown.start),
        **({"fadeIn": _samples(into)} if into else {}),
        **({"fadeOut": _samples(out)} if out else {}),
    }


def _room_clips(shown: Sequence[Shown], rate: Fraction, room: RoomTone | None) -> list[dict[str, Any]]:
    """A clip of the room for each gap. Each begins elsewhere in the tone, so that no pattern is heard."""
    if room is None:
        return []
    clips = []
    for number, (first, end) in enumerate(_gaps(shown, rate)):
        samples = ceil((end - first) * SAMPLE_RATE / rate)
        spare = room.length - samples
        start = room.start + (int(spare * (number * _GOLDEN % 1)) if spare > 0 else 0)
        clip = {
            "id": f"room-{number + 1}",
            "sourceId": SOURCE,
            "start": {"frames": first},
            "end": {"frames": end},
            "sourceStart": _samples(start),
            "fadeIn": _samples(FADE),
            "fadeOut": _samples(FADE),
        }
        looped = {} if spare >= 0 else {"fit": "loop", "sourceDuration": _samples(room.length)}
        clips.append({**clip, **looped})
    return clips


def _gaps(shown: Sequence[Shown], rate: Fraction) -> list[tuple[int, int]]:
    """From frame to frame, where the film has no sound of its own."""
    found: list[tuple[int, int]] = []
    for each in shown:
        heard = (
            0 if each.silenced else each.frames if each.is_whole else int((each.end - each.start) * rate / SAMPLE_RATE)
        )
        first, end = each.first + heard, each.first + each.frames
        if first == end:
            continue
        if found and found[-1][1] == first:
            found[-1] = found[-1][0], end
        else:
            found.append((first, end))
    return found


def _samples(count: int) -> Time:
    """An exact number of seconds."""
    return Time(Fraction(count, SAMPLE_RATE), Unit.SECONDS)
