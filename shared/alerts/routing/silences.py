"""Silences: for a while, the alerts that match are told to nobody."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator

from shared.alerts.instances import AlertInstance
from shared.alerts.routing.indexing import MatcherIndex
from shared.alerts.routing.matching import Matcher, MatcherText, Operator, routing_labels
from shared.alerts.routing.model import SettingsModel

LONGEST = timedelta(days=366)


class SilenceState(StrEnum):
    """Where a silence is in its life."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


class Silence(SettingsModel):
    """Who silences which alerts from when to when, and why. Documents of `alert_silences`."""

    id: str
    matchers: tuple[MatcherText, ...] = Field(min_length=1, max_length=20)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    owner: str = Field(min_length=1, max_length=128)
    comment: str = Field(default="", max_length=1000)
    created_at: AwareDatetime

    @field_validator("matchers")
    @classmethod
    def _ask_for_something(cls, matchers: tuple[Matcher, ...]) -> tuple[Matcher, ...]:
        if all(matcher.matches({}) for matcher in matchers):
            raise ValueError("at least one matcher asks for a value that is there: this would silence everything")
        return matchers

    @field_validator("ends_at")
    @classmethod
    def _ends(cls, ends_at: datetime, info: ValidationInfo) -> datetime:
        starts_at = info.data.get("starts_at", ends_at)
        if ends_at < starts_at:
            raise ValueError("a silence ends after it starts")
        if ends_at - starts_at > LONGEST:
            raise ValueError(f"a silence lasts at most {LONGEST.days} days: disable the rule instead")
        return ends_at

    def state_at(self, at: datetime) -> SilenceState:
        """Whether it holds at this time; it does from its start until before its end."""
        if at < self.starts_at:
            return SilenceState.PENDING
        return SilenceState.ACTIVE if at < self.ends_at else SilenceState.EXPIRED


def matchers_of(alert: AlertInstance) -> tuple[Matcher, ...]:
    """What matches this alert, and those to come of the same rule about the same labels."""
    return tuple(_exact(alert))


def _exact(alert: AlertInstance) -> Iterator[Matcher]:
    labels = routing_labels(alert)
    for name in ("rule", "condition", *sorted(alert.labels)):
        yield Matcher(name, Operator.IS, labels[name])


class Silencer:
    """The silences that hold at one time."""

    def __init__(self, silences: Collection[Silence], at: datetime) -> None:
        holding = (silence for silence in silences if silence.state_at(at) is SilenceState.ACTIVE)
        self._index = MatcherIndex((silence.matchers, silence.id) for silence in holding)

    def silenced_by(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """The ids of those that silence an alert with these labels."""
        return tuple(sorted(self._index.matching(labels)))
