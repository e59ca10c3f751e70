"""AlertManager: evaluates the rules, keeps the alerts, and lets operators answer them."""

import contextlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from shared.alerts.evaluation import Finding
from shared.alerts.history import carry_over
from shared.alerts.instances import OPEN, SYSTEM, AlertInstance, AlertState
from shared.alerts.measuring import measure
from shared.alerts.moving import move
from shared.alerts.rules import Severity, load_rules
from shared.alerts.stored import INSTANCES, change_alert, open_alerts
from shared.alerts.turns import Turn, turn_of
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput, Unavailable
from shared.core.paging import Page, cut_page, decode_cursor

log = logging.getLogger(__name__)

_SEVEREST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True)
class CheckResult:
    """What a check did. `evaluated` leaves out the rules that were evaluated in this minute before; `failed` are the ids of those
    that could not be moved."""

    evaluated: int
    breached: int
    changed: tuple[AlertInstance, ...]
    failed: tuple[str, ...] = ()


class AlertDashboard(BaseModel):
    """The alerts that are open, the severest and oldest first, and how many there are in each state and of each severity."""

    open: list[AlertInstance]
    by_state: dict[AlertState, int]
    by_severity: dict[Severity, int]


class AlertManager:
    """The alerts of this deployment. Stateless: all state is in Firestore."""

    def check_alerts(self, at: datetime | None = None) -> CheckResult:
        """Evaluate every enabled rule that is due, once for the minute `at`. Called twice in a minute, or while another evaluator
        is at work, the second call changes nothing. A rule that cannot be evaluated says so by an alert of its own."""
        with turn_of((at or now()).astimezone(UTC)) as turn:
            if turn is None:
                return CheckResult(0, 0, ())
            result = _evaluate(turn)
            _tell_history()
            return result

    def acknowledge_alert(self, alert_id: str, by: str, comment: str = "") -> AlertInstance:
        """`by` takes care of a firing alert. Raises NotFound, Conflict."""
        return change_alert(alert_id, lambda alert: alert.acknowledge(now(), by, comment))

    def resolve_alert(self, alert_id: str, by: str, comment: str = "") -> AlertInstance:
        """`by` declares an open alert over. Still bad at the next evaluation, a new one begins. Raises NotFound, Conflict."""
        return change_alert(alert_id, lambda alert: alert.resolve(now(), by, comment))

    def list_alerts(
        self, limit: int, page_token: str | None = None, state: AlertState | None = None
    ) -> Page[AlertInstance]:
        """Alerts, the newest first."""
        from google.cloud.firestore import FieldFilter

        query: Any = firestore_client().collection(INSTANCES)
        if state is not None:
            query = query.where(filter=FieldFilter("state", "==", state.value))
        query = query.order_by("startedAt", direction="DESCENDING").order_by("id", direction="DESCENDING")
        if page_token is not None:
            query = query.start_after(_cursor(page_token))
        found = [AlertInstance.model_validate(document.to_dict()) for document in query.limit(limit + 1).stream()]
        return cut_page(found, limit, lambda alert: [alert.started_at.isoformat(), alert.id])

    def get_alert_dashboard(self) -> AlertDashboard:
        """What is going on now."""
        alerts = [stored.alert for stored in open_alerts()]
        return AlertDashboard(
            open=sorted(alerts, key=lambda alert: (_SEVEREST_FIRST.index(alert.severity), alert.started_at)),
            by_state={state: sum(alert.state is state for alert in alerts) for state in OPEN},
            by_severity={severity: sum(alert.severity is severity for alert in alerts) for severity in Severity},
        )


def _cursor(page_token: str) -> dict[str, Any]:
    started, alert_id = decode_cursor(page_token, 2)
    try:
        return {"startedAt": datetime.fromisoformat(str(started)), "id": alert_id}
    except ValueError:
        raise InvalidInput("This page token was not given out by this list.", pointer="/pageToken") from None


def _evaluate(turn: Turn) -> CheckResult:
    rules = [rule for rule in load_rules() if rule.enabled]
    due = [rule for rule in rules if rule.is_due(turn.minute)]
    alerts = list(open_alerts())
    moved = move(due, turn.minute, measure(due, turn), alerts)
    turn.complete = not moved.failed
    _resolve_unwatched((stored.alert for stored in alerts), {rule.id for rule in rules}, turn.minute)
    steps = [moved.steps[rule.id] for rule in due if rule.id in moved.steps]
    return CheckResult(
        evaluated=len(steps),
        breached=sum(any(step.finding is Finding.BREACHED for step in found) for found in steps),
        changed=tuple(step.after for found in steps for step in found if step.changed and step.after is not None),
        failed=tuple(moved.failed),
    )


def _resolve_unwatched(alerts: Iterable[AlertInstance], rules: set[str], at: datetime) -> None:
    """Resolve the alerts that no rule will ever resolve: theirs is disabled, gone or not valid any more."""
    for alert in alerts:
        if alert.rule_id not in rules:
            with contextlib.suppress(Conflict):  # An operator was quicker.
                change_alert(alert.id, lambda alert: alert.resolve(at, SYSTEM, "its rule is not evaluated any more"))


def _tell_history() -> None:
    try:
        carry_over()
    except Unavailable as error:
        log.warning("transitions of alerts stay pending: %s", error.detail)
