"""Transcribing: a file's speech as words with times. Decode, find speech, split, hear, join, tell speakers, make sentences."""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from shared.core.errors import KompoError
from shared.media import Ffmpeg
from shared.transcripts.engines import Device, Engine, find_engine
from shared.transcripts.recognition.decoding import decode
from shared.transcripts.recognition.hearing import Hearing
from shared.transcripts.recognition.joining import join
from shared.transcripts.recognition.kept import Kept, Nothing
from shared.transcripts.recognition.leaving import left_behind
from shared.transcripts.recognition.segmenting import segments_of
from shared.transcripts.recognition.speakers import who_speaks
from shared.transcripts.recognition.splitting import Piece, split
from shared.transcripts.recognition.timing import settled
from shared.transcripts.recognition.voice import speech_curve, speech_spans
from shared.transcripts.transcript import Origin, Transcript

if TYPE_CHECKING:
    from shared.transcripts.recognition.decoding import Sound

Progress = Callable[[float], object]
Cancel = Callable[[], bool]
_DECODED, _FOUND, _HEARD = 0.03, 0.06, 0.97
"""How far the whole is after each step."""
_STEREO = 2
_LANGUAGE_PIECES = 4
"""How many pieces are listened to for the language, spread over the recording."""


def transcribe(
    path: Path,
    *,
    engine: str | None = None,
    model: str | None = None,
    device: Device | None = None,
    language: str | None = None,
    speakers: int | None = None,
    on_progress: Progress = lambda _: None,
    should_cancel: Cancel = lambda: False,
    kept: Kept | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> Transcript:
    """What is said in a media file, and when.

    `engine`: one of `ENGINES`, with this `model` on this `device`; the best that can work here unless named. `language`: BCP 47;
    found out unless given. `speakers`: how many speak; found out unless given. `on_progress` hears 0 to 1. `should_cancel` is
    asked ten times a second; when it says yes, this ends within a second. `kept`: where to look for what an earlier one,
    that was killed, has heard.

    Raises `UnreadableMedia`, `NoSound`, `UnknownEngine`, `UnknownLanguage`, `EngineMissing`, `BrokenWeights`, `EngineFailed`,
    `TranscriptionCancelled`."""
    chosen = left_behind(partial(_ready, engine, model, device, language), should_cancel)
    with closing(chosen), TemporaryDirectory(prefix="speech-") as folder:
        decoded = partial(decode, path, Path(folder), should_cancel=should_cancel, ffmpeg=ffmpeg)
        sound = decoded(on_progress=_part(on_progress, 0, _DECODED))
        curve = speech_curve(sound, on_progress=_part(on_progress, _DECODED, _FOUND), should_cancel=should_cancel)
        spans = speech_spans(curve, sound.seconds)
        if (
            not spans and sound.channels == _STEREO
        ):  # Wired wrongly, one is the other upside down: together they are silent.
            sound = decoded(channel=0)
            curve = speech_curve(sound, should_cancel=should_cancel)
            spans = speech_spans(curve, sound.seconds)
        pieces = split(spans, curve, chosen.longest)
        spoken = language or _language(chosen, sound, pieces, should_cancel)
        code = chosen.language_code(spoken) if spoken else ""
        hearing = Hearing(chosen, code, language is None, kept or Nothing(), should_cancel)
        heard = hearing.heard(sound, pieces, _part(on_progress, _FOUND, _HEARD))
        words = settled(join(heard), spans, sound.seconds)
        who = who_speaks(
            sound, words, speakers, on_progress=_part(on_progress, _HEARD, 1.0), should_cancel=should_cancel
        )
    on_progress(1.0)
    return Transcript(
        language=spoken,
        duration=round(sound.duration, 3),
        removed_by_vad=round(max(0.0, sound.duration - sum(span.seconds for span in spans)), 3),
        origin=Origin(kind="engine", name=chosen.name, model=chosen.model, device=chosen.device, draft=chosen.draft),
        segments=segments_of(words, who),
    )


def _ready(engine: str | None, model: str | None, device: Device | None, language: str | None) -> Engine:
    """The engine, loaded, once it is known to know the language."""
    found = find_engine(engine, model, device)
    if language is not None:
        try:
            found.language_code(language)
        except KompoError:
            found.close()
            raise
    return found


def _language(engine: Engine, sound: "Sound", pieces: Sequence[Piece], should_cancel: Cancel) -> str | None:
    """The language that is most probably spoken, BCP 47; None when nothing is."""
    if not pieces:
        return None
    step = max(1, len(pieces) // _LANGUAGE_PIECES)
    chosen = [piece.samples(sound) for piece in pieces[step // 2 :: step][:_LANGUAGE_PIECES]]
    found = left_behind(partial(engine.detect_language, chosen), should_cancel)
    return max(found, key=lambda name: found[name])


def _part(on_progress: Progress, start: float, end: float) -> Progress:
    """Hears how far a step is, and tells how far that makes the whole."""
    return lambda fraction: on_progress(start + (end - start) * min(1.0, max(0.0, fraction)))
