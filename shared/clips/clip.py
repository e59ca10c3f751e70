"""Clip: one moment of a recording that was selected, with what is said in it and why it was chosen."""

import hashlib
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, computed_field, model_validator

from shared.core.documents import StoredPart
from shared.transcripts import Word


class ClipSegment(StoredPart):
    """A stretch of the recording, seconds; never empty. Neither end is inside a word."""

    start: float = Field(ge=0)
    end: float = Field(ge=0)

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"A segment from {self.start:g} to {self.end:g} s is empty. Let it end after it starts.")
        return self

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.end - self.start

    def holds(self, word: Word) -> bool:
        """Whether a word of the recording is heard in it: its middle is."""
        return self.start <= (word.start + word.end) / 2 < self.end


class ClipScores(StoredPart):
    """How good a clip is thought to be: four views of it from 0 to 10, and `overall` from 0 to 100, their order."""

    hook: float = Field(ge=0, le=10, description="Does its beginning hold people?")
    engagement: float = Field(ge=0, le=10, description="Do they stay?")
    value: float = Field(ge=0, le=10, description="Do they take something away?")
    shareability: float = Field(ge=0, le=10, description="Do they send it on?")
    overall: float = Field(ge=0, le=100)


class ClipVariant(StoredPart):
    """The same moment in another length: at most `target` seconds."""

    target: float = Field(gt=0)
    segments: tuple[ClipSegment, ...] = Field(min_length=1)
    transcript: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def duration(self) -> float:
        """Seconds."""
        return _seconds(self.segments)


class VariantOf(StoredPart):
    """Whose moment a clip shows once more: `clip` by its id, in at most `target` seconds."""

    clip: str
    target: float = Field(gt=0)


class ClipCut(StoredPart):
    """What was tidied out of a clip: from `start` to `end` of the recording, seconds; why, and in a sentence."""

    start: float = Field(ge=0)
    end: float = Field(ge=0)
    reason: Literal["filler", "retake", "silence"]
    detail: str


class Clip(StoredPart):
    """A moment. `segments` are played one after the other; they may leave something out between them.

    `id`: the same for the same segments of the same transcript. `hooks`: other titles to try, the best first. `features`: what
    the moment was measured to be, by name (see `shared.clips.ranking.FEATURES`), 0 to 1: what learning from results needs.
    `variant_of`: of one that is another clip in another length. `cuts`: what tidying took out, in order of time."""

    id: str
    title: str = Field(min_length=1, max_length=120)
    hooks: tuple[str, ...] = ()
    reason: str
    scores: ClipScores
    segments: tuple[ClipSegment, ...] = Field(min_length=1)
    transcript: str
    hashtags: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    variants: tuple[ClipVariant, ...] = ()
    variant_of: VariantOf | None = None
    cuts: tuple[ClipCut, ...] = ()
    features: dict[str, float] = Field(default={})

    @computed_field  # type: ignore[prop-decorator]
    @property
    def duration(self) -> float:
        """Seconds of all its segments."""
        return _seconds(self.segments)

    @property
    def start(self) -> float:
        """Where in the recording its earliest segment starts, seconds."""
        return min(segment.start for segment in self.segments)

    @property
    def end(self) -> float:
        """Where in the recording its latest segment ends, seconds."""
        return max(segment.end for segment in self.segments)


class Selection(StoredPart):
    """What was selected: `clips`, the best first, no two of which show the same second of the recording. Where variants were
    asked for as clips of their own, they come after all others.

    `considered`: how many moments were weighed. `ranker`: who ranked them in the end. `notes`: sentences for the user on what
    did not go as asked, such as a ranker that did not answer, or a recording too short for so many clips."""

    clips: tuple[Clip, ...] = ()
    considered: int = Field(default=0, ge=0)
    ranker: str
    notes: tuple[str, ...] = ()


def identity(segments: Sequence[ClipSegment], transcript: str) -> str:
    """The id of a clip: the same for the same segments in which the same is said."""
    shown = ",".join(f"{segment.start:.3f}-{segment.end:.3f}" for segment in segments)
    return hashlib.sha256(f"{shown}\n{transcript}".encode()).hexdigest()[:20]


def _seconds(segments: tuple[ClipSegment, ...]) -> float:
    return round(sum(segment.duration for segment in segments), 3)
