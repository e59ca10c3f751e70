"""Learning: the figures of `learning.yaml`, typed."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from shared.core.declared import read_declared

Share = Field(ge=0, le=1)


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Candidate(_Figures):
    """What a pattern must have to become a proposal."""

    frequency: int = Field(ge=1)
    users: int = Field(ge=1)
    success_rate: float = Share


class Gaps(_Figures):
    """What a pattern with others in between is."""

    most: int = Field(ge=1)
    session_share: float = Share


class Proposal(_Figures):
    """Which candidates are worth a template of their own."""

    most: int = Field(ge=1)
    session_share: float = Share
    bond: float = Share
    covered: float = Share


class Publish(_Figures):
    """What a proposal must have to be published without an operator."""

    frequency: int = Field(ge=1)
    success_rate: float = Share


class Retire(_Figures):
    """What ends a template without an operator."""

    unused_days: int = Field(ge=1)
    success_rate: float = Share
    runs: int = Field(ge=1)

    @property
    def unused(self) -> timedelta:
        """How long it may lie unused."""
        return timedelta(days=self.unused_days)


class TrendFigures(_Figures):
    """When a change from week to week is one."""

    weeks: int = Field(ge=3)
    change: float = Field(gt=0)
    z: float = Field(gt=0)


class Savings(_Figures):
    """Tokens that an agent spends on one operation."""

    call: int = Field(ge=0)
    answer: int = Field(ge=0)
    parameters: int = Field(ge=0)


class Learning(_Figures):
    """All of them."""

    period_days: int = Field(ge=1)
    classifier_days: int = Field(ge=1)
    candidate: Candidate
    gaps: Gaps
    proposal: Proposal
    publish: Publish
    retire: Retire
    novelty_days: int = Field(ge=1)
    trend: TrendFigures
    savings: Savings

    @property
    def period(self) -> timedelta:
        """How far back events are learned from."""
        return timedelta(days=self.period_days)

    @property
    def classifier_period(self) -> timedelta:
        """How far back kinds of work are learned from."""
        return timedelta(days=self.classifier_days)

    @property
    def novelty(self) -> timedelta:
        """How long a pattern is new."""
        return timedelta(days=self.novelty_days)


@cache
def learning() -> Learning:
    """The figures of this release."""
    return Learning.model_validate(read_declared(Path(__file__).with_name("learning.yaml")))
