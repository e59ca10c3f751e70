"""Spoken: what a caption track says, word by word, in times of the film.

Words without times share their cue's time evenly. With a source, every piece of it that the video tracks show carries its words
along; a source that no video segment uses, such as narration, is followed through the clips of the audio tracks instead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.core.errors import FieldError
from shared.kompositions.drawing.carrying import carry
from shared.kompositions.drawing.footage import pieces_of
from shared.kompositions.drawing.sentence import Said, Sentence
from shared.kompositions.errors import UnusableMedia
from shared.typography import paragraphs, spoken_units

if TYPE_CHECKING:
    from shared.kompositions.model import CaptionTrack, Cue, Komposition
    from shared.kompositions.timing import Timeline
    from shared.media.graph.source import SourceMedia


def sentences(
    track: "CaptionTrack",
    pointer: str,
    komposition: "Komposition",
    timeline: "Timeline",
    media: "Mapping[str, SourceMedia] | None",
) -> list[Sentence]:
    """Everything the track says in the film, in order; none overlaps the next. `pointer` is the track's place in the document.

    Raises `UnusableMedia` for a transcript that is not there."""
    said = _transcribed(track, pointer)
    if track.source_id is not None:
        said = carry(said, pieces_of(track.source_id, komposition, timeline, media))
    return _one_at_a_time(said)


def _transcribed(track: "CaptionTrack", pointer: str) -> list[Sentence]:
    if track.transcript is None:
        if track.transcript_id is None:
            return []
        detail = (
            f"The transcript {track.transcript_id!r} is not there. Transcribe the footage again, or correct the id."
        )
        where = FieldError(f"{pointer}/transcriptId", detail, "missing_transcript")
        raise UnusableMedia(detail, errors=[where])
    return [sentence for cue in track.transcript.segments if (sentence := _sentence(cue)) is not None]


def _sentence(cue: "Cue") -> Sentence | None:
    """The cue's words; those that overlap give way to the next one. Nothing, if it has no text."""
    start, end = Fraction(str(cue.start)), Fraction(str(cue.end))
    if any(_plain(word.word) for word in cue.words):
        said = [
            Said(_plain(word.word), Fraction(str(word.start)), Fraction(str(word.end)), word.speaker or cue.speaker)
            for word in cue.words
        ]
        words = sorted((word for word in said if word.text), key=lambda word: (word.start, word.end, word.text))
        start, end = min(start, words[0].start), max(end, *(word.end for word in words))
    else:
        units = spoken_units(_plain(cue.text))
        share = (end - start) / max(1, len(units))
        words = [Said(unit, start + n * share, start + (n + 1) * share, cue.speaker) for n, unit in enumerate(units)]
    return Sentence(_apart(words), start, end) if words else None


def _apart(words: Sequence[Said]) -> tuple[Said, ...]:
    ends = [min(word.end, after.start) for word, after in pairwise(words)]
    return (*(replace(word, end=end) for word, end in zip(words, ends, strict=False)), *words[-1:])


def _plain(text: str) -> str:
    """On one line, with single spaces."""
    return " ".join(" ".join(paragraphs(text)).split())


def _one_at_a_time(said: Sequence[Sentence]) -> list[Sentence]:
    """In order of time; each ends when the next begins, and what is said twice at once is said once."""
    ordered = list(dict.fromkeys(sorted(said, key=lambda sentence: (sentence.start, sentence.end))))
    ends = [*(after.start for after in ordered[1:]), None]
    ended = (_until(sentence, end) for sentence, end in zip(ordered, ends, strict=False))
    return [sentence for sentence in ended if sentence is not None]


def _until(sentence: Sentence, end: Fraction | None) -> Sentence | None:
    if end is None or sentence.end <= end:
        return sentence
    words = tuple(replace(word, end=min(word.end, end)) for word in sentence.words if word.start < end)
    return Sentence(words, sentence.start, end) if words and sentence.start < end else None
