"""The model card: what recommendations are learned from, how good they are, and how good they turned out."""

from dataclasses import asdict
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.patterns.recommending.choosing import Candidate
from shared.patterns.recommending.worth import Worth


class Part(BaseModel):
    """A part of the card."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class CandidateQuality(Part):
    """How well a model predicted the next operation in held-out sessions."""

    name: str
    hit1: float = Field(description="Share of predictions that had the operation in first place")
    hit10: float = Field(description="Share that had it among ten")
    mrr10: float = Field(description="Mean of 1 / its place, 0 beyond ten")
    calibration: float = Field(
        description="How far, on average, the probability of the first place is from its share of hits"
    )
    predictions: int
    microseconds: float = Field(description="Median time of a prediction in training")

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        """The figures of a candidate."""
        return cls(name=candidate.name, **asdict(candidate.quality))


class Personal(Part):
    """What people's own histories add: hit@10 and MRR@10 of their last sessions without and with the earlier ones."""

    worth: float = Field(description="How many of a person's own operations the model counts as much as")
    predictions: int
    hit10_without: float
    hit10_with: float
    mrr10_without: float
    mrr10_with: float

    @classmethod
    def of(cls, worth: Worth) -> Self:
        """The figures of what was learned."""
        figures = asdict(worth)
        return cls(worth=figures.pop("operations"), **figures)


class PlatformCard(Part):
    """What serves a platform, and against what it was chosen. The platform `all` serves where too little is known of one."""

    platform: str
    sessions: int
    operations: int = Field(description="Operations in these sessions")
    kinds: int = Field(description="Different operations that at least five people ran")
    told: float = Field(
        description="Share of the operations that could be learned because at least five people ran them so"
    )
    chosen: str
    candidates: list[CandidateQuality]
    weights: dict[str, float] | None = Field(description="Of the blend, by kind of evidence")


class LiveQuality(Part):
    """How often people did next what had been recommended to them."""

    platform: str
    followed: int = Field(
        description="Sampled recommendations after which the person ran something within half an hour"
    )
    hit1: float
    hit10: float
    hit10_low: float = Field(description="Limits of hit10, 95 % sure")
    hit10_high: float
    mrr10: float


class ModelCard(Part):
    """The card."""

    model: str = Field(description="SHA-256 of the stored model; `prior` before anything was learned")
    trained_at: datetime | None
    window_start: datetime | None = Field(description="Events from then on were learned from")
    window_end: datetime | None
    least_people: int = Field(description="What fewer people have done is not learned")
    platforms: list[PlatformCard]
    personal: Personal | None = None
    live: list[LiveQuality] = Field(default=[], description="Over the last 30 days, whichever model recommended")
    live_measured_at: datetime | None = None
