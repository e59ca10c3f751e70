"""Grouping: alerts that arrive at the same destination and share its group's labels are told together. Pure: no clock.

A new group waits `group_wait` for more of its alerts, then tells of them; what changes afterwards waits `group_interval`; what
stays as it is is told again after `repeat_interval`. What is over before it was told is never told. What is held back (silenced,
inhibited, muted) is as if it was not there; a first telling that was held back comes as soon as it may."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from shared.alerts.instances import AlertInstance, AlertState, Condition
from shared.alerts.routing.routes import Destination
from shared.core.documents import StoredModel

FIRING = (AlertState.FIRING, AlertState.ACKNOWLEDGED)


class LastTold(StoredModel):
    """When the group told something last, and the fingerprints of what fires as far as those who were told know."""

    at: datetime
    firing: tuple[str, ...]


class Group(StoredModel):
    """A group of alerts, from its first alert to its last. `members` are the ids of those that are not told to be over."""

    id: str
    path: str
    labels: dict[str, str]
    opened_at: datetime
    flush_at: datetime
    members: tuple[str, ...] = ()
    told: LastTold | None = None

    @property
    def known(self) -> tuple[str, ...]:
        """The fingerprints of what was told to fire and not yet to be over."""
        return self.told.firing if self.told is not None else ()

    def with_alerts(self, alerts: Collection[AlertInstance]) -> Self:
        """The group with these members."""
        return self.model_copy(update={"members": tuple(sorted(alert.id for alert in alerts))})


@dataclass(frozen=True)
class Notice:
    """What a group has to tell: the alerts that fire, and those that are over since it told last."""

    firing: tuple[AlertInstance, ...]
    resolved: tuple[AlertInstance, ...]


def subject_of(alert: AlertInstance) -> str:
    """`slow{platform=mcp}`: what tells an alert from others at the same time."""
    labels = ",".join(f"{name}={value}" for name, value in sorted(alert.labels.items()))
    about = "" if alert.condition is Condition.BREACHED else f" ({alert.condition})"
    return f"{alert.rule_id}{{{labels}}}{about}"


def fingerprint_of(alert: AlertInstance) -> str:
    """The subject in 12 characters: an alert that follows one of the same rule about the same labels has the same."""
    return hashlib.sha256(subject_of(alert).encode()).hexdigest()[:12]


def group_id(destination: Destination, labels: Mapping[str, str]) -> str:
    """The id of the group of such alerts at a destination."""
    return hashlib.sha256(repr((destination.path, sorted(labels.items()))).encode()).hexdigest()[:24]


def open_group(
    destination: Destination, labels: Mapping[str, str], alerts: Sequence[AlertInstance], at: datetime
) -> Group:
    """A new group. Alerts that have fired for longer than it waits do not wait again."""
    oldest = min(alert.fired_at or alert.started_at for alert in alerts)
    return Group(
        id=group_id(destination, labels),
        path=destination.path,
        labels=dict(labels),
        opened_at=at,
        flush_at=oldest + destination.group_wait,
    )


def flush(
    group: Group, destination: Destination, alerts: Collection[AlertInstance], held: Collection[str], at: datetime
) -> tuple[Group | None, Notice | None]:
    """The group after `at`, and what it tells now. `alerts` are all of its, those that are over included; `held` are the ids of
    those that are held back. A group whose alerts are all over, and told if they had been, is no more: None."""
    firing = [alert for alert in alerts if alert.state in FIRING]
    current = {fingerprint_of(alert) for alert in firing}
    over = [alert for alert in alerts if alert.state not in FIRING and fingerprint_of(alert) not in current]
    audible = [alert for alert in firing if alert.id not in held]
    ended = [alert for alert in over if alert.id not in held]
    overdue = _is_overdue(group, destination, audible, at)
    if at < group.flush_at and not overdue:
        return group.with_alerts([*firing, *over]), None
    group, notice = group.with_alerts(firing), None
    if overdue or _has_news(group, audible, ended):
        notice = Notice(tuple(audible), tuple(alert for alert in ended if fingerprint_of(alert) in group.known))
        group = group.model_copy(update={"told": _told(group, notice, current, at)})
    elif group.told is not None:  # What was held back when it ended is news if it comes again.
        kept = tuple(each for each in group.told.firing if each in current)
        group = group.model_copy(update={"told": group.told.model_copy(update={"firing": kept})})
    if not firing:
        return None, notice
    if audible:  # Otherwise all is held back, and what there is to tell comes as soon as it may.
        group = group.model_copy(update={"flush_at": at + destination.group_interval})
    return group, notice


def _has_news(group: Group, firing: Sequence[AlertInstance], over: Sequence[AlertInstance]) -> bool:
    """Whether an alert fires that was not told and nobody has taken, or one that was told is over."""
    fresh = any(alert.state is AlertState.FIRING and fingerprint_of(alert) not in group.known for alert in firing)
    return fresh or any(fingerprint_of(alert) in group.known for alert in over)


def _is_overdue(group: Group, destination: Destination, firing: Sequence[AlertInstance], at: datetime) -> bool:
    """Whether it was told long enough ago, and there is still an alert that nobody has taken."""
    unanswered = any(alert.state is AlertState.FIRING for alert in firing)
    return group.told is not None and unanswered and at - group.told.at >= destination.repeat_interval


def _told(group: Group, notice: Notice, current: Collection[str], at: datetime) -> LastTold:
    """What is told now; what was told before, still fires and is held back stays told."""
    kept = {each for each in group.known if each in current}
    firing = {fingerprint_of(alert) for alert in notice.firing} | kept
    return LastTold(at=at, firing=tuple(sorted(firing)))
