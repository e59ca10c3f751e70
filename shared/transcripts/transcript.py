"""Transcript: what is said in a recording, word by word, in seconds of the recording."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from shared.core.documents import Part

MOST_SEGMENTS = 50_000
"""Of a transcript: some twelve of the longest films."""


class Word(Part):
    """A word as it is written, its punctuation with it, and when it is said: `start` <= `end`, seconds.

    `probability`: how sure the engine was, 0 to 1; null for one that a person wrote, or where the engine does not tell."""

    word: str = Field(min_length=1, max_length=200)
    start: float = Field(ge=0)
    end: float = Field(ge=0)
    probability: float | None = Field(default=None, ge=0, le=1)
    speaker: str | None = Field(default=None, max_length=100)


class Segment(Part):
    """A sentence, or what is said in one breath. Every word of `text` is in `words`, with its time."""

    start: float = Field(ge=0)
    end: float = Field(ge=0)
    text: str = Field(max_length=10_000)
    speaker: str | None = Field(default=None, max_length=100)
    words: tuple[Word, ...] = Field(max_length=2000)


class Origin(Part):
    """Where a transcript comes from: the engine and its model, or the format of a file that was imported."""

    kind: Literal["engine", "import"]
    name: str = Field(max_length=100, description="pocketsphinx, faster-whisper, …; srt, vtt, zoom_vtt, json3, json")
    model: str | None = Field(default=None, max_length=200)
    device: Literal["cpu", "cuda"] | None = None
    draft: bool = Field(default=False, description="Good enough to find places by, not to publish")


class Transcript(Part):
    """The usual JSON of speech recognition, and what it was made from. Segments are in order of time and do not overlap
    for one speaker."""

    language: str | None = Field(default=None, max_length=35, description="BCP 47")
    duration: float | None = Field(default=None, ge=0, description="Of the recording, seconds")
    removed_by_vad: float = Field(
        default=0.0, ge=0, description="Seconds in which no speech was found, not transcribed"
    )
    origin: Origin | None = None
    segments: tuple[Segment, ...] = Field(default=(), max_length=MOST_SEGMENTS)

    @property
    def words(self) -> Iterator[Word]:
        """Every word, in order."""
        return (word for segment in self.segments for word in segment.words)

    @property
    def text(self) -> str:
        """All of it, a line a segment."""
        return "\n".join(segment.text for segment in self.segments)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, in order of their first word."""
        return tuple(dict.fromkeys(word.speaker for word in self.words if word.speaker is not None))
