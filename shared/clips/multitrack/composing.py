"""The komposition of several recordings: a track for each, its pieces on the clock of the film, layouts that switch."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from shared.clips.multitrack.layouts import layouts_of
from shared.clips.multitrack.look import MultitrackLook
from shared.clips.multitrack.pieces import Piece, pieces_of
from shared.clips.multitrack.recording import Placed, RecordingRole
from shared.clips.multitrack.sounding import automixed, sounding
from shared.clips.multitrack.turns import Turn
from shared.kompositions import Komposition, caption_look, caption_track, captions_of, speaker_colors
from shared.kompositions.model import (
    AudioClip,
    AudioTrack,
    CaptionTrack,
    Output,
    Segment,
    Source,
    Time,
    Tracks,
    VideoTrack,
)
from shared.kompositions.model.time import Unit, seconds
from shared.transcripts import Transcript

if TYPE_CHECKING:
    from shared.clips.multitrack.levels import Levels
    from shared.clips.multitrack.talking import Talking

_USUAL_RATE = 30.0


def compose(
    placed: Sequence[Placed],
    turns: Sequence[Turn],
    heard: "Mapping[str, tuple[Levels, Talking | None]]",
    duration: Fraction,
    look: MultitrackLook,
    title: str | None = None,
    said: Transcript | None = None,
) -> Komposition:
    """The film. `heard`: by recording, its levels on the film's clock and, of a speaker, when they talk. `said`: what is shown
    as captions."""
    output = Output(width=look.width, height=look.height, fps=look.fps or _rate(placed))
    rate = output.frame_rate
    frames = int(duration * rate)
    audible = sounding(placed)
    video: list[VideoTrack] = []
    audio: list[AudioTrack] = []
    for each in placed:
        levels, talking = heard[each.recording.id]
        pieces = list(pieces_of(each, levels, rate, frames))
        if not pieces:
            continue
        volumes = [1.0 if talking is None or not look.automix else automixed(piece, talking, rate) for piece in pieces]
        if each.recording.seen:
            video.append(_seen(each, pieces, volumes, muted=each.recording.id not in audible))
        elif each.recording.id in audible:
            audio.append(_only_heard(each, pieces, volumes))
    used = {track.id for track in video} | {track.id for track in audio}
    return Komposition(
        title=title,
        sources=[_source(each) for each in placed if each.recording.id in used],
        tracks=Tracks(video=video, audio=audio, caption=_captions(said, look)),
        layouts=layouts_of(turns, placed, look, rate, frames),
        outputs=[output],
    )


def _captions(said: Transcript | None, look: MultitrackLook) -> list[CaptionTrack]:
    if said is None or not said.segments:
        return []
    shown = look.captions or caption_look("clean")
    if not shown.speaker_colors:
        shown = shown.model_copy(update={"speaker_colors": speaker_colors(said.speakers, shown)})
    return [caption_track(shown, transcript=captions_of(said))]


def _rate(placed: Sequence[Placed]) -> float:
    """Frames a second: of the first person who is seen, or of anything that is."""
    seen = sorted(
        (each for each in placed if each.recording.seen),
        key=lambda each: each.recording.role is not RecordingRole.SPEAKER,
    )
    rates = [each.recording.info.video.frame_rate for each in seen if each.recording.info.video is not None]
    told = next((rate for rate in rates if rate is not None), None)
    return min(60.0, max(10.0, round(float(told), 3))) if told is not None else _USUAL_RATE


def _source(placed: Placed) -> Source:
    recording = placed.recording
    return Source(
        id=recording.id,
        kind="video" if recording.seen else "audio",
        asset_id=recording.asset_id,
        url=recording.url,
    )


def _seen(placed: Placed, pieces: Sequence[Piece], volumes: Sequence[Any], *, muted: bool) -> VideoTrack:
    name = placed.recording.id
    segments = [
        Segment(
            id=f"{name}-{number}",
            source_id=name,
            start=_frame(piece.first),
            end=_frame(piece.end),
            source_start=_moment(piece),
            fit="trim",
            scale="cover" if placed.recording.role is RecordingRole.SPEAKER else "contain",
            volume=volume,
        )
        for number, (piece, volume) in enumerate(zip(pieces, volumes, strict=True), 1)
    ]
    return VideoTrack(id=name, segments=segments, muted=muted)


def _only_heard(placed: Placed, pieces: Sequence[Piece], volumes: Sequence[Any]) -> AudioTrack:
    name = placed.recording.id
    clips = [
        AudioClip(
            id=f"{name}-{number}",
            source_id=name,
            start=_frame(piece.first),
            end=_frame(piece.end),
            source_start=_moment(piece),
            volume=volume,
        )
        for number, (piece, volume) in enumerate(zip(pieces, volumes, strict=True), 1)
    ]
    return AudioTrack(id=name, role="speech", clips=clips)


def _frame(number: int) -> Time:
    return Time(Fraction(number), Unit.FRAMES)


def _moment(piece: Piece) -> Time:
    """To a microsecond."""
    return seconds(Fraction(int(piece.source_start * 1_000_000), 1_000_000))
