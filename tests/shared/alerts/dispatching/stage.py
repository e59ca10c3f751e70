"""A stage for dispatching: alerts that a test lets fire, be acknowledged and end, and a clock that it moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.alerts import AlertInstance, AlertRule, AlertState, Reading
from shared.alerts.dispatching import Episode, Notification, Plan, dispatch
from shared.alerts.escalation import Contact, Directory, EscalationPolicy, OnCallSchedule
from shared.alerts.instances import begin
from shared.alerts.routing import Routing, Silence, subject_of
from shared.alerts.telling import Suppression

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
OPS: Mapping[str, Any] = {"notify": [{"channel": "ops"}], "group_by": []}
"""A route that tells the channel `ops` of all alerts together."""


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def firing_alert(rule_id: str, when: datetime, severity: str = "warning", **labels: str) -> AlertInstance:
    """An alert that fires from `when` on."""
    rule = AlertRule.model_validate(
        {
            "id": rule_id,
            "name": rule_id.title(),
            "kpi": "generation_time",
            "comparison": "above",
            "threshold": 90,
            "window": 15,
            "severity": severity,
        }
    )
    alert = begin(rule, when, Reading(100.0, 10), tuple(sorted(labels.items())))
    return alert.moved(AlertState.FIRING, when, "system", "", fired_at=when)


@dataclass
class Stage:
    """What operators have set, the alerts there are, and every notification so far."""

    route: Mapping[str, Any] = field(default_factory=lambda: OPS)
    inhibitions: list[dict[str, Any]] = field(default_factory=list)
    times: list[dict[str, Any]] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)
    policies: list[dict[str, Any]] = field(default_factory=list)
    schedules: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    channels: list[str] | None = None
    alerts: dict[str, AlertInstance] = field(default_factory=dict)
    followed: list[AlertInstance] = field(default_factory=list)
    """Those that another one about the same has followed: groups may still have to tell of them."""
    episodes: dict[str, Episode] = field(default_factory=dict)
    notifications: list[Notification] = field(default_factory=list)
    suppressions: Mapping[str, tuple[Suppression, ...]] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        routing = {"route": self.route, "inhibitions": self.inhibitions, "times": self.times}
        policies = map(EscalationPolicy.model_validate, self.policies)
        contacts, schedules = (
            map(Contact.model_validate, self.contacts),
            map(OnCallSchedule.model_validate, self.schedules),
        )
        return Plan(
            Routing.model_validate(routing),
            tuple(self.silences),
            {policy.id: policy for policy in policies},
            Directory({each.id: each for each in contacts}, {each.id: each for each in schedules}, self.channels),
        )

    def fire(self, rule: str, minute: float, severity: str = "warning", **labels: str) -> str:
        """An alert of this rule fires. Its name, to speak of it: the subject."""
        alert = firing_alert(rule, at(minute), severity, **labels)
        if (before := self.alerts.get(subject_of(alert))) is not None:
            self.followed.append(before)
        self.alerts[subject_of(alert)] = alert
        return subject_of(alert)

    def acknowledge(self, name: str, minute: float, by: str = "ann") -> None:
        self.alerts[name] = self.alerts[name].acknowledge(at(minute), by, "")

    def resolve(self, name: str, minute: float) -> None:
        self.alerts[name] = self.alerts[name].resolve(at(minute), "system", "")

    def look(self, minute: float) -> list[Notification]:
        """What is told at this minute."""
        done = dispatch(self.plan, self.episodes, [*self.followed, *self.alerts.values()], at(minute))
        for key, episode in done.episodes.items():
            if episode is None:
                self.episodes.pop(key, None)
            else:
                self.episodes[key] = episode
        self.notifications += done.notifications
        self.suppressions = {subject_of(a): done.suppressions.get(a.id, ()) for a in self.alerts.values()}
        return list(done.notifications)

    def run(self, first: int, last: int, step: int = 1) -> list[str]:
        """What is told from the first to the last minute, as `minute kind: to whom`."""
        told = []
        for minute in range(first, last + 1, step):
            told += [f"{minute} {each.kind}: {', '.join(map(str, each.addresses))}" for each in self.look(minute)]
        return told

    def names(self, notification: Notification) -> tuple[set[str], set[str]]:
        """The alerts that a notification says to fire, and to be over."""
        by_id = {alert.id: subject_of(alert) for alert in (*self.followed, *self.alerts.values())}
        return {by_id[each] for each in notification.firing}, {by_id[each] for each in notification.resolved}
