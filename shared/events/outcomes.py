"""Outcomes: what became of events, counted by stage, outcome, reason and platform. They are metrics like all others.

The API counts its verdicts, `ingest` what it did with what the API took in. Both are counted live (see `live`), minute by minute,
and carried over into the table `ingest_outcomes` for queries and alert rules."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.events.schema import Platform


class Outcome(StrEnum):
    """What became of an event.

    Accepted: it is, or will be, in the table. Filtered: this user's events are not collected. Limited: over the user's budget;
    send it again later. Invalid: it can never be taken. Duplicate: its id came before."""

    ACCEPTED = "accepted"
    FILTERED = "filtered"
    LIMITED = "limited"
    INVALID = "invalid"
    DUPLICATE = "duplicate"


class Stage(StrEnum):
    """Where it was decided."""

    API = "api"
    INGEST = "ingest"


NATURAL_DUPLICATE = "natural_duplicate"
"""The same id with the same content: a repetition, which the first one stands for."""
SYNTHETIC_DUPLICATE = "synthetic_duplicate"
"""The same id with other content: a mistake of the sender's, kept where it can be seen."""
UNKNOWN_PLATFORM = "unknown"
_PLATFORMS = frozenset(Platform)
_SEPARATOR = " "


@dataclass(frozen=True)
class Series:
    """What is counted apart. `reason` is a code, empty for accepted events; `platform` is one of ours or `unknown`."""

    stage: Stage
    outcome: Outcome
    reason: str
    platform: str

    @classmethod
    def of(cls, stage: Stage, outcome: Outcome, reason: str | None, platform: object) -> "Series":
        """The series of an event that says it is of `platform`, whatever that is."""
        known = platform if isinstance(platform, str) and platform in _PLATFORMS else UNKNOWN_PLATFORM
        return cls(stage, outcome, reason or "", str(known))

    @property
    def name(self) -> str:
        """The series as the name of a counter."""
        return _SEPARATOR.join((self.stage, self.outcome, self.reason, self.platform))

    @classmethod
    def named(cls, name: str) -> "Series":
        """The reverse of `name`."""
        stage, outcome, reason, platform = name.split(_SEPARATOR)
        return cls(Stage(stage), Outcome(outcome), reason, platform)


Tally = Counter[Series]
"""How many events of each series."""


def tally_of(stage: Stage, told: Iterable[tuple[Outcome, str | None, object]]) -> Tally:
    """The tally of events, each with its outcome, reason and the platform that it says it is of."""
    tally = Tally()
    alike = Counter((outcome, reason, str(platform)[:16]) for outcome, reason, platform in told)
    for (outcome, reason, platform), events in alike.items():
        tally[Series.of(stage, outcome, reason, platform)] += events
    return tally
