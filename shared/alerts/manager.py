"""AlertManager: evaluates the rules, keeps the alerts, and lets operators answer them."""

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from shared.alerts.dispatching.processing import Processed, process
from shared.alerts.evaluation import Finding
from shared.alerts.history import carry_over
from shared.alerts.instances import OPEN, SYSTEM, AlertInstance, AlertState
from shared.alerts.measuring import measure
from shared.alerts.moving import move, overdue
from shared.alerts.responses import carry_out
from shared.alerts.routing import Silence, matchers_of, open_silence
from shared.alerts.rulebook import load_rules
from shared.alerts.rules import AlertRule, Severity, Source
from shared.alerts.stored import INSTANCES, change_alert, get_alert, open_alerts
from shared.alerts.telling import Hold, Suppression
from shared.alerts.turns import Turn, last_turn, turn_of
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, Unavailable
from shared.core.paging import Page, cut_page, decode_cursor

log = logging.getLogger(__name__)

SILENT = timedelta(minutes=3)
"""For how long there may be no evaluation before another function says so."""
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
    """The alerts that are open, the severest and oldest first, and how many there are in each state and of each severity.
    `suppressed` are those among them that fire and that somebody or something keeps from being told."""

    open: list[AlertInstance]
    suppressed: int
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
            carry_out(turn.minute)
            _tell_history()
            return result

    def watch_evaluation(self, at: datetime | None = None) -> CheckResult:
        """For a function of another schedule: when no minute has been evaluated for three, evaluate the rules about just that."""
        moment, last = (at or now()).astimezone(UTC), last_turn()
        if last is None or moment - last < SILENT:
            return CheckResult(0, 0, ())
        with turn_of(moment) as turn:
            if turn is None:
                return CheckResult(0, 0, ())
            result = _moved(turn, [rule for rule in load_rules() if rule.enabled and rule.source is Source.SYSTEM])
            turn.complete = False
            return result

    def process_escalations(self, at: datetime | None = None) -> Processed:
        """Tell those who are to be told by now: groups of alerts by their routes, and the steps of escalation policies. Called
        twice, or killed and called again, it tells nobody twice."""
        return process(at or now())

    def suppress(self, alert_id: str, by: str, until: datetime, comment: str = "") -> Silence:
        """`by` silences an open alert, and those of its rule and labels that follow it, `until` then. Raises NotFound, Conflict
        if it is over, InvalidInput if `until` is past or too far off."""
        alert = change_alert(alert_id, _still_going_on)
        silence = open_silence(matchers_of(alert), starts_at=now(), ends_at=until, owner=by, comment=comment, by=by)
        held = Suppression(by=Hold.SILENCE, id=silence.id)
        change_alert(alert_id, lambda alert: alert.model_copy(update={"suppressed_by": (*alert.suppressed_by, held)}))
        return silence

    def acknowledge_alert(self, alert_id: str, by: str, comment: str = "") -> AlertInstance:
        """`by` takes care of a firing alert. Raises NotFound, Conflict."""
        return change_alert(alert_id, lambda alert: alert.acknowledge(now(), by, comment))

    def resolve_alert(self, alert_id: str, by: str, comment: str = "") -> AlertInstance:
        """`by` declares an open alert over. Still bad at the next evaluation, a new one begins. Raises NotFound, Conflict."""
        return change_alert(alert_id, lambda alert: alert.resolve(now(), by, comment))

    def get_alert(self, alert_id: str) -> AlertInstance:
        """An alert. Raises NotFound."""
        return get_alert(alert_id)

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
            suppressed=sum(bool(alert.suppressed_by) for alert in alerts),
            by_state={state: sum(alert.state is state for alert in alerts) for state in OPEN},
            by_severity={severity: sum(alert.severity is severity for alert in alerts) for severity in Severity},
        )


def _still_going_on(alert: AlertInstance) -> AlertInstance:
    if not alert.is_open:
        raise Conflict("This alert is over: there is nothing to suppress. Open a silence for those to come.")
    return alert


def _cursor(page_token: str) -> dict[str, Any]:
    started, alert_id = decode_cursor(page_token, datetime, str)
    return {"startedAt": started, "id": alert_id}


def _evaluate(turn: Turn) -> CheckResult:
    """Evaluate what is due, now or in a minute that was skipped, and end the alerts of rules that are not evaluated any more."""
    rules = [rule for rule in load_rules() if rule.enabled]
    due = [rule for rule in rules if rule.is_due(turn.minute)]
    result = _moved(turn, [*due, *overdue([rule for rule in rules if rule not in due], turn.skipped)])
    turn.complete = not result.failed
    _resolve_unwatched({rule.id for rule in rules}, turn.minute)
    return result


def _moved(turn: Turn, due: Sequence[AlertRule]) -> CheckResult:
    moved = move(due, turn.minute, measure(due, turn), list(open_alerts()))
    steps = [moved.steps[rule.id] for rule in due if rule.id in moved.steps]
    return CheckResult(
        evaluated=len(steps),
        breached=sum(any(step.finding is Finding.BREACHED for step in found) for found in steps),
        changed=tuple(step.after for found in steps for step in found if step.changed and step.after is not None),
        failed=tuple(moved.failed),
    )


def _resolve_unwatched(rules: set[str], at: datetime) -> None:
    """Resolve the alerts that no rule will ever resolve: theirs is disabled, gone or not valid any more."""
    for alert in [stored.alert for stored in open_alerts()]:
        if alert.rule_id not in rules:
            with contextlib.suppress(Conflict):  # An operator was quicker.
                change_alert(alert.id, lambda alert: alert.resolve(at, SYSTEM, "its rule is not evaluated any more"))


def _tell_history() -> None:
    try:
        carry_over()
    except Unavailable as error:
        log.warning("transitions of alerts stay pending: %s", error.detail)
