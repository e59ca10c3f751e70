"""The usual JSON of speech recognition: Kompo's own, Whisper's (each of its programs), WhisperX's, OpenAI's, whisper.cpp's."""

from collections.abc import Sequence
from typing import Any, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.transcripts.aligning import filled, retimed
from shared.transcripts.building import Said, segments_of
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.languages import language_code
from shared.transcripts.formats.reading_json import place_of
from shared.transcripts.formats.whisper_cpp import from_whisper_cpp
from shared.transcripts.transcript import Origin, Segment, Transcript, Word
from shared.transcripts.wording import LONGEST_WORD, joined, plain, words_in

CODE = "malformed-json"
Seconds = Field(default=None, le=10**6, allow_inf_nan=False)


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True, coerce_numbers_to_str=True)


class _Word(_Loose):
    word: str = Field(validation_alias=AliasChoices("word", "text"))
    start: float | None = Seconds
    end: float | None = Seconds
    probability: float | None = Field(default=None, validation_alias=AliasChoices("probability", "score", "confidence"))
    speaker: str | None = Field(default=None, max_length=100)

    def timed(self, word: str, speaker: str | None) -> Word | None:
        """With its time, if it has one. Engines round: a word that ends before it starts ends there."""
        if self.start is None:
            return None
        start = max(0.0, self.start)
        probability = self.probability if self.probability is not None and 0 <= self.probability <= 1 else None
        end = max(start, self.end) if self.end is not None else start
        return Word(word=word, start=start, end=end, probability=probability, speaker=self.speaker or speaker)


class _Segment(_Loose):
    start: float | None = Seconds
    end: float | None = Seconds
    text: str | None = None
    speaker: str | None = Field(default=None, max_length=100)
    words: list[_Word] = []

    @model_validator(mode="before")
    @classmethod
    def _no_words(cls, told: Any) -> Any:
        return {**told, "words": told["words"] or []} if isinstance(told, dict) and "words" in told else told

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        starts = [word.start for word in self.words if word.start is not None]
        ends = [word.end for word in self.words if word.end is not None]
        self.start = self.start if self.start is not None else min(starts, default=None)
        self.end = self.end if self.end is not None else max(ends, default=None)
        if self.start is None or self.end is None:
            raise ValueError("A segment needs start and end, in seconds")
        if self.end < self.start:
            raise ValueError(f"The segment ends ({self.end}) before it starts ({self.start})")
        return self


class _Document(_Loose):
    language: str | None = Field(default=None, max_length=100)
    duration: float | None = Field(default=None, ge=0)
    segments: list[_Segment]
    words: list[_Word] = []

    @model_validator(mode="before")
    @classmethod
    def _words_alone(cls, told: Any) -> Any:
        """OpenAI's with times of words only: all of the text is one segment. Who has no `word` may count in milliseconds."""
        if not isinstance(told, dict) or told.get("segments") is not None or not isinstance(told.get("text"), str):
            return told
        words = told.get("words")
        if (
            not isinstance(words, list)
            or not all(isinstance(each, dict) and "word" in each for each in words)
            or not words
        ):
            return told
        return {
            **told,
            "segments": [{"start": words[0].get("start"), "end": words[-1].get("end"), "text": told["text"]}],
        }


def read_recognised(document: Any) -> Transcript:
    """A transcript; words for which the engine has no time get one. Raises MalformedTranscript, naming the place."""
    own = _own(document)
    if own is not None:
        return own
    if isinstance(document, dict) and "transcription" in document:
        document = from_whisper_cpp(document)
    if isinstance(document, list):
        document = {"segments": document}
    try:
        told = _Document.model_validate(document)
    except ValidationError as error:
        place, detail = place_of(error)
        raise MalformedTranscript(detail, CODE, place=place) from error
    beside = _by_segment(told) if not any(segment.words for segment in told.segments) else {}
    said = [_said(segment, beside.get(number, segment.words)) for number, segment in enumerate(told.segments)]
    return Transcript(
        language=language_code(told.language),
        duration=told.duration,
        origin=Origin(kind="import", name="json"),
        segments=segments_of(said),
    )


def _own(document: Any) -> Transcript | None:
    """A document of Kompo's, with all that it says of itself."""
    if not isinstance(document, dict) or not {"origin", "removedByVad"} & document.keys():
        return None
    try:
        told = Transcript.model_validate(document)
    except ValidationError as error:
        place, detail = place_of(error)
        raise MalformedTranscript(detail, CODE, place=place) from error
    said = [Said(each.start, each.end, _own_words(each), each.speaker, each.text) for each in told.segments]
    return told.model_copy(update={"segments": segments_of(said)})


def _own_words(segment: Segment) -> Sequence[Word]:
    """Its words; those of its text where it came without."""
    texts = words_in(segment.text)
    return segment.words or filled(
        texts, [None] * len(texts), segment.start, max(segment.start, segment.end), speaker=segment.speaker
    )


def _by_segment(told: _Document) -> dict[int, list[_Word]]:
    """OpenAI's words stand beside the segments: each belongs to the last one that has begun."""
    found: dict[int, list[_Word]] = {}
    number = 0
    for word in told.words:
        while (
            number + 1 < len(told.segments)
            and word.start is not None
            and word.start >= (told.segments[number + 1].start or 0) - 0.005
        ):
            number += 1
        found.setdefault(number, []).append(word)
    return found


def _said(segment: _Segment, words: Sequence[_Word]) -> Said:
    """Words as the engine has them where they are the text; else the words of the text, at the times of those that it shares."""
    start, end = max(0.0, segment.start or 0.0), max(0.0, segment.end or 0.0)
    pairs = [(text, word) for word in words if (text := plain(word.word))]
    texts = [text for text, _ in pairs]
    text = plain(segment.text) if segment.text else joined(texts)
    if joined(texts) == text and all(len(each) <= LONGEST_WORD for each in texts):
        timed = [word.timed(each, segment.speaker) for each, word in pairs]
        end = max([end, *(word.end for word in timed if word is not None)])
        return Said(start, end, filled(texts, timed, start, end, speaker=segment.speaker), segment.speaker, text)
    heard = [told for each, word in pairs if (told := word.timed(each[:LONGEST_WORD], segment.speaker)) is not None]
    end = max([end, *(word.end for word in heard)])
    said = retimed(words_in(text), sorted(heard, key=lambda word: word.start), start, end, speaker=segment.speaker)
    return Said(start, end, said, segment.speaker, text)
