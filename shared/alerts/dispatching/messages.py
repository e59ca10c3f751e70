"""Messages: what a notification says, for people in words and for programs as data."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from shared.alerts.dispatching.episode import Notification
from shared.alerts.instances import AlertInstance, Condition
from shared.alerts.routing import subject_of
from shared.alerts.rules import Comparison
from shared.alerts.telling import NoticeKind
from shared.notifications import Message

MOST = 50
"""Alerts that a message spells out; of more it says how many they are."""
_FEWER = (MOST, 20, 8, 3, 1)
"""So many at most where they have so much to say that a message would be too large."""
_ENOUGH = 100_000
"""Bytes of a message's text and data: with the HTML that is made of them it is one that can be kept."""
_LONGEST_LABEL = 300
"""Characters of a label's value that are told; a query may give any text for one."""
_HEADS = {NoticeKind.FIRING: "FIRING", NoticeKind.ESCALATION: "NOBODY HAS ANSWERED", NoticeKind.RESOLVED: "RESOLVED"}


def message_of(notification: Notification, alerts: Mapping[str, AlertInstance], url: str) -> Message:
    """The message of a notification. `alerts` by id; those that are gone are left out. `url` leads to the alerts."""
    firing = [_told(alerts[each]) for each in notification.firing if each in alerts]
    resolved = [_told(alerts[each]) for each in notification.resolved if each in alerts]
    for most in _FEWER:
        text = "\n".join(_lines(notification, firing, resolved, url, most))
        data = _data(notification, firing, resolved, most)
        if len(text.encode()) + len(json.dumps(data).encode()) <= _ENOUGH:
            break
    return Message(
        key=notification.key,
        subject=_subject(notification, firing or resolved),
        text=text,
        url=url,
        severity=notification.severity.value,
        data=data,
        kind="alert",
    )


def _told(alert: AlertInstance) -> AlertInstance:
    """The alert, with labels that are short enough to be told."""
    labels = {
        name: value if len(value) <= _LONGEST_LABEL else f"{value[: _LONGEST_LABEL - 1]}…"
        for name, value in alert.labels.items()
    }
    return alert.model_copy(update={"labels": labels})


def _subject(notification: Notification, alerts: Sequence[AlertInstance]) -> str:
    names = list(dict.fromkeys(alert.name for alert in alerts))
    told = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    count = f" ({len(alerts)})" if len(alerts) > 1 else ""
    return f"[{_head(notification)}] {told}{count}{_in_common(alerts)}"


def _in_common(alerts: Sequence[AlertInstance]) -> str:
    """The labels that all of them have."""
    labels = [set(alert.labels.items()) for alert in alerts]
    return _labels(dict(set.intersection(*labels)) if labels else {})


def _head(notification: Notification) -> str:
    if notification.kind is NoticeKind.ESCALATION and (notification.step, notification.round) == (1, 1):
        return _HEADS[NoticeKind.FIRING]  # The first step comes with the alert: there was no time to answer.
    return _HEADS[notification.kind]


def _lines(
    notification: Notification, firing: Sequence[AlertInstance], resolved: Sequence[AlertInstance], url: str, most: int
) -> Iterator[str]:
    if notification.policy is not None:
        again = f", round {notification.round}" if notification.round != 1 else ""
        yield f"Step {notification.step} of {notification.policy}{again}. Acknowledge the alert to stop it."
        yield ""
    for title, alerts in (("Firing", firing), ("Over", resolved)):
        if alerts:
            yield f"{title}:"
            yield from (line for alert in alerts[:most] for line in _alert(alert, notification.at))
        if len(alerts) > most:
            yield f"- and {len(alerts) - most} more"
    yield ""
    yield url


def _alert(alert: AlertInstance, at: datetime) -> Iterator[str]:
    yield f"- {alert.name} ({alert.severity}){_labels(alert.labels)}: {_what(alert)}, {_since(alert, at)}"
    if alert.acknowledged_by is not None and alert.is_open:
        yield f"  {alert.acknowledged_by} takes care of it"
    if alert.runbook is not None and alert.is_open:
        yield f"  {alert.runbook}"


def _labels(labels: Mapping[str, str]) -> str:
    return "".join(f" {name}={value}" for name, value in sorted(labels.items()))


def _what(alert: AlertInstance) -> str:
    if alert.condition is Condition.NO_DATA:
        return "there are no data"
    if alert.condition is Condition.ERROR:
        return f"it cannot be evaluated: {alert.detail}"
    side = "over" if alert.comparison is Comparison.ABOVE else "under"
    watched = alert.kpi or alert.rule_id
    value = f"{alert.value:g}" if alert.value is not None else "unknown"
    return f"{watched} is {value}, alert {side} {alert.threshold:g}"


def _since(alert: AlertInstance, at: datetime) -> str:
    begun = alert.fired_at or alert.started_at
    end = alert.resolved_at or at
    minutes = max(0, int((end - begun).total_seconds() // 60))
    lasted = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"since {begun:%Y-%m-%d %H:%M} UTC, {lasted}"


def _data(
    notification: Notification, firing: Sequence[AlertInstance], resolved: Sequence[AlertInstance], most: int
) -> dict[str, JsonValue]:
    labels: dict[str, JsonValue] = dict(notification.labels)
    data: dict[str, JsonValue] = {
        "key": notification.key,
        "kind": notification.kind.value,
        "group": notification.group,
        "groupLabels": labels,
        "number": notification.number,
        "at": notification.at.isoformat(),
        "firing": [_fields(alert) for alert in firing[:most]],
        "resolved": [_fields(alert) for alert in resolved[:most]],
        "leftOut": max(0, len(firing) - most) + max(0, len(resolved) - most),
    }
    if notification.policy is not None:
        turn: dict[str, JsonValue] = {
            "policy": notification.policy,
            "step": notification.step,
            "round": notification.round,
        }
        data["escalation"] = turn
    return data


def _fields(alert: AlertInstance) -> dict[str, JsonValue]:
    kept = alert.model_dump(mode="json", by_alias=True, exclude={"history", "notifications", "suppressed_by"})
    return {**kept, "subject": subject_of(alert)}
