"""Escalations: a policy, gone through for a group of alerts, one step at a time. Pure: no clock.

It stops when nothing unanswered fires any more, or all its steps were in vain. A step that reaches nobody, be it that its
channels are switched off, costs no time: the next one has its turn at once, and a policy that reaches nobody is not gone through
again. A clock that jumps ahead skips no step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.alerts.escalation.contacts import Address, Reach
from shared.alerts.escalation.policies import EscalationPolicy, PolicyStep
from shared.core.documents import StoredModel


class Outcome(StrEnum):
    """How an escalation ended: somebody took every alert, they are over, nobody answered, or its policy is gone."""

    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    EXHAUSTED = "exhausted"
    WITHDRAWN = "withdrawn"


class Escalation(StoredModel):
    """Where a policy stands: `step` and `round` are the next turn, from 0. `paged` is everybody it has told."""

    policy: str
    started_at: datetime
    next_at: datetime
    step: int = 0
    round: int = 0
    paged: tuple[Address, ...] = ()
    ended_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def is_active(self) -> bool:
        """Whether it goes on."""
        return self.outcome is None

    def end(self, outcome: Outcome, at: datetime) -> "Escalation":
        """It is over."""
        return self.model_copy(update={"outcome": outcome, "ended_at": at})


@dataclass(frozen=True)
class Page:
    """A step's turn: whom it tells. `step` and `round` count from 1."""

    policy: str
    step: int
    round: int
    reach: Reach


def begin_escalation(policy: EscalationPolicy, at: datetime, before: Escalation | None = None) -> Escalation:
    """A policy, about to be gone through; whom the one `before` has told is remembered."""
    return Escalation(policy=policy.id, started_at=at, next_at=at, paged=before.paged if before is not None else ())


def escalate(
    escalation: Escalation, policy: EscalationPolicy, at: datetime, reach: Callable[[PolicyStep], Reach]
) -> tuple[Escalation, list[Page]]:
    """The escalation after `at`, with the pages of this turn: none, or those of steps that reach nobody and one that does."""
    pages: list[Page] = []
    while escalation.is_active and escalation.next_at <= at:
        if escalation.step >= len(policy.steps):
            in_vain = len(pages) >= len(policy.steps)
            if in_vain or escalation.round >= policy.loops:
                return escalation.end(Outcome.EXHAUSTED, at), pages
            escalation = escalation.model_copy(update={"step": 0, "round": escalation.round + 1})
        step = policy.steps[escalation.step]
        found = reach(step)
        pages.append(Page(policy.id, escalation.step + 1, escalation.round + 1, found))
        paged = tuple(dict.fromkeys((*escalation.paged, *found.addresses)))
        after = {"step": escalation.step + 1, "paged": paged, "next_at": at + step.wait if found.anybody else at}
        escalation = escalation.model_copy(update=after)
        if found.anybody:
            break
    return escalation, pages
