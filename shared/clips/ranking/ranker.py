"""Ranker: what says which moments of a recording are the best for what was asked. Every one passes the same contract test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.clips.material import Span
from shared.clips.ranking.scoring import SubScores
from shared.clips.ranking.task import Task


@dataclass(frozen=True)
class Moment:
    """What could be a clip. `spans`: what it plays, in this order, no two overlapping. `worth`: 0 to 1, what it is chosen by."""

    spans: tuple[Span, ...]
    worth: float


@dataclass(frozen=True)
class Detail:
    """What is told of a chosen moment. `title` and `hooks` are plain text in one line."""

    title: str
    hooks: tuple[str, ...]
    reason: str
    hashtags: tuple[str, ...]
    scores: SubScores
    worth: float


@dataclass(frozen=True)
class Ranked:
    """`moments`: the best first; they may overlap. `considered`: how many were weighed. `notes`: sentences for the user."""

    moments: tuple[Moment, ...]
    considered: int
    notes: tuple[str, ...] = ()


class Ranker(Protocol):
    """Ranks moments, then tells of those that were chosen."""

    @property
    def name(self) -> str:
        """What it is asked for by, with its model where it has one."""
        ...

    def rank(self, task: Task) -> Ranked:
        """The moments that are worth choosing from, each as long as was asked for. Raises `RankerUnavailable`."""
        ...

    def detail(self, task: Task, moments: Sequence[Moment]) -> Sequence[Detail]:
        """What there is to tell of each of these moments, in their order. Raises `RankerUnavailable`."""
        ...
