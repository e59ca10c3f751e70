"""Episodes: a group of alerts with the escalation that it set off, and the notifications that come of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.escalation import Address, Directory, Escalation, EscalationPolicy
from shared.alerts.instances import AlertInstance
from shared.alerts.routing import Group, Routing, Silence
from shared.alerts.rules import Severity
from shared.alerts.telling import NoticeKind, Told
from shared.core.documents import StoredModel

_WORST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True)
class Plan:
    """All that operators have set: the routing, the silences that may hold now, policies, and who can be told."""

    routing: Routing
    silences: tuple[Silence, ...]
    policies: Mapping[str, EscalationPolicy]
    directory: Directory


class Episode(StoredModel):
    """A group from its first alert to its last. `number` counts its notifications; `audience` is everybody whom the route has
    told that something of it fires. Documents of `alert_groups`."""

    group: Group
    escalation: Escalation | None = None
    number: int = 0
    audience: tuple[Address, ...] = ()

    def next_at(self, at: datetime) -> datetime | None:
        """When it has something to do next, after `at`: its group's wait is over, or it is the turn of a step."""
        times = [self.group.flush_at]
        if self.escalation is not None and self.escalation.is_active:
            times.append(self.escalation.next_at)
        return min((each for each in times if each > at), default=None)


class Notification(StoredModel):
    """One message to all its addresses. The key is made of the group, what it says and its number: it is sent once, however often
    it is tried. Documents of `alert_notifications`, by the key."""

    key: str
    group: str
    labels: dict[str, str]
    kind: NoticeKind
    number: int
    at: datetime
    severity: Severity
    firing: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    missed: tuple[str, ...] = ()
    policy: str | None = None
    step: int | None = None
    round: int | None = None

    @property
    def alerts(self) -> tuple[str, ...]:
        """The ids of all that it speaks of."""
        return (*self.firing, *self.resolved)

    @property
    def told(self) -> Told:
        """As its alerts keep it."""
        return Told(
            key=self.key,
            at=self.at,
            kind=self.kind,
            to=tuple(map(str, self.addresses)),
            missed=self.missed,
            policy=self.policy,
            step=self.step,
            round=self.round,
        )


def key_of(group: Group, kind: NoticeKind, number: int) -> str:
    """The key of a group's notification of this number."""
    return f"{group.id}-{group.opened_at:%Y%m%dT%H%M%S}-{kind}-{number}"


def worst(alerts: Collection[AlertInstance]) -> Severity:
    """The severity of the severest; there is at least one."""
    return min((alert.severity for alert in alerts), key=_WORST_FIRST.index)
