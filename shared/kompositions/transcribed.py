"""Captions of stored transcripts: what a caption track names by `transcriptId` is put into it before a film is made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.core.errors import FieldError, NotFound
from shared.kompositions.errors import InvalidKomposition
from shared.kompositions.model import Cue, Komposition, Transcript, Word
from shared.transcripts import Segment, get_transcript
from shared.transcripts import Transcript as Spoken
from shared.transcripts import Word as SpokenWord
from shared.transcripts.store import get_summary
from shared.transcripts.wording import joined

_MOST_WORDS = 200
_MOST_CHARACTERS = 2000
"""Of a cue, which is seen in parts anyway."""


def captions_of(spoken: Spoken) -> Transcript:
    """A transcript as kompositions have it; every word in it, with its time and who says it."""
    return Transcript(language=spoken.language, segments=[cue for segment in spoken.segments for cue in _cues(segment)])


def transcript_versions(user_id: str, komposition: Komposition) -> dict[str, int]:
    """The newest version of each transcript that captions name. Raises InvalidKomposition naming each that is not there."""
    versions: dict[str, int] = {}
    missing = []
    for number, transcript_id in _named(komposition):
        try:
            versions[transcript_id] = get_summary(user_id, transcript_id).version
        except NotFound as error:
            detail = f"{error.detail} Transcribe the footage, or correct the id."
            pointer = f"/komposition/tracks/caption/{number}/transcriptId"
            missing.append(FieldError(pointer, detail, "missing_transcript"))
    if missing:
        raise InvalidKomposition(f"{len(missing)} transcript(s) cannot be used. {missing[0].detail}", errors=missing)
    return versions


def with_transcripts(user_id: str, komposition: Komposition, versions: Mapping[str, int]) -> Komposition:
    """The komposition with what its captions say in it. A transcript without a version here is taken at its newest; one that is
    not there any more is left for whoever draws it to miss."""
    named = dict.fromkeys(transcript_id for _, transcript_id in _named(komposition))
    spoken: dict[str, Transcript] = {}
    for transcript_id in named:
        try:
            found = get_transcript(user_id, transcript_id, versions.get(transcript_id))
        except NotFound:
            continue
        spoken[transcript_id] = captions_of(found.transcript)
    tracks = [
        track.model_copy(update={"transcript": spoken[track.transcript_id]})
        if track.transcript is None and track.transcript_id in spoken
        else track
        for track in komposition.tracks.caption
    ]
    changed = komposition.tracks.model_copy(update={"caption": tracks})
    return komposition.model_copy(update={"tracks": changed}) if spoken else komposition


def _named(komposition: Komposition) -> Iterator[tuple[int, str]]:
    """The number of each caption track that has a transcript only by its id, and the id."""
    for number, track in enumerate(komposition.tracks.caption):
        if track.transcript is None and track.transcript_id is not None:
            yield number, track.transcript_id


def _cues(segment: Segment) -> Iterator[Cue]:
    if len(segment.words) <= _MOST_WORDS and len(segment.text) <= _MOST_CHARACTERS:
        yield _cue(segment.words, segment, segment.text)
        return
    for words in _parts(segment.words):
        yield _cue(words, segment, joined(word.word for word in words))


def _parts(words: Iterable[SpokenWord]) -> Iterator[list[SpokenWord]]:
    part: list[SpokenWord] = []
    length = 0
    for word in words:
        if part and (len(part) == _MOST_WORDS or length + len(word.word) + 1 > _MOST_CHARACTERS):
            yield part
            part, length = [], 0
        part.append(word)
        length += len(word.word) + 1
    if part:
        yield part


def _cue(words: Sequence[SpokenWord], segment: Segment, text: str) -> Cue:
    """From the segment's start and end where it is whole."""
    whole = len(words) == len(segment.words)
    return Cue(
        start=segment.start if whole else words[0].start,
        end=segment.end if whole else words[-1].end,
        text=text,
        speaker=segment.speaker,
        words=[Word.model_validate(word.model_dump()) for word in words],
    )
