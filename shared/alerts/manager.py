"""AlertManager: evaluates the rules, keeps the alerts, and lets operators answer them."""

import contextlib
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from shared.alerts.dispatching.processing import Processed, process
from shared.alerts.evaluation import Finding, Step, evaluate
from shared.alerts.instances import OPEN, SYSTEM, AlertInstance, AlertState
from shared.alerts.measuring import measure
from shared.alerts.readings import Failure, Readings
from shared.alerts.routing import Silence, matchers_of, open_silence
from shared.alerts.rules import COLLECTION as RULES
from shared.alerts.rules import AlertRule, Severity, load_rules
from shared.alerts.telling import Hold, Suppression
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.paging import Page, cut_page, decode_cursor

if TYPE_CHECKING:
    from google.cloud import firestore

INSTANCES = "alert_instances"
_SEVEREST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True)
class CheckResult:
    """What a check did. `evaluated` leaves out the rules that were evaluated in this minute before."""

    evaluated: int
    breached: int
    changed: tuple[AlertInstance, ...]


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
        """Evaluate every enabled rule that is due once for the minute `at`. Called twice in a minute, the second call changes
        nothing. A rule that cannot be evaluated because BigQuery does not answer says so by an alert of its own."""
        minute = (at or now()).replace(second=0, microsecond=0)
        rules = [rule for rule in load_rules() if rule.enabled]
        due = [rule for rule in rules if rule.is_due(minute)]
        seen = measure(due, minute)
        done = [steps for rule in due if (steps := _evaluate(rule, minute, seen[rule.id])) is not None]
        _resolve_unwatched({rule.id for rule in rules}, minute)
        return CheckResult(
            evaluated=len(done),
            breached=sum(any(step.finding is Finding.BREACHED for step in steps) for steps in done),
            changed=tuple(step.after for steps in done for step in steps if step.changed and step.after is not None),
        )

    def process_escalations(self, at: datetime | None = None) -> Processed:
        """Tell those who are to be told by now: groups of alerts by their routes, and the steps of escalation policies. Called
        twice, or killed and called again, it tells nobody twice."""
        return process(_open_alerts(), at or now())

    def suppress(self, alert_id: str, by: str, until: datetime, comment: str = "") -> Silence:
        """`by` silences an open alert, and those of its rule and labels that follow it, `until` then. Raises NotFound, Conflict
        if it is over, InvalidInput if `until` is past or too far off."""
        alert = _change(alert_id, _still_going_on)
        silence = open_silence(matchers_of(alert), starts_at=now(), ends_at=until, owner=by, comment=comment)
        held = Suppression(by=Hold.SILENCE, id=silence.id)
        _change(alert_id, lambda alert: alert.model_copy(update={"suppressed_by": (*alert.suppressed_by, held)}))
        return silence

    def acknowledge_alert(self, alert_id: str, by: str, comment: str = "") -> AlertInstance:
        """`by` takes care of a firing alert. Raises NotFound, Conflict."""
        return _change(alert_id, lambda alert: alert.acknowledge(now(), by, comment))

    def resolve_alert(self, alert_id: str, by: str, comment: str = "") -> AlertInstance:
        """`by` declares an open alert over. Still bad at the next evaluation, a new one begins. Raises NotFound, Conflict."""
        return _change(alert_id, lambda alert: alert.resolve(now(), by, comment))

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
        alerts = _open_alerts()
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
    started, alert_id = decode_cursor(page_token, 2)
    try:
        return {"startedAt": datetime.fromisoformat(str(started)), "id": alert_id}
    except ValueError:
        raise InvalidInput("This page token was not given out by this list.", pointer="/pageToken") from None


def _evaluate(rule: AlertRule, minute: datetime, seen: Readings | Failure) -> list[Step] | None:
    """Move the rule's alerts on, in one transaction with the mark that this minute is done. None if it was done before."""
    from google.cloud import firestore

    client = firestore_client()
    mark = client.collection(RULES).document(rule.id).collection("evaluations").document("latest")

    @firestore.transactional
    def move(transaction: "firestore.Transaction") -> list[Step] | None:
        last = cast("dict[str, Any]", mark.get(transaction=transaction).to_dict() or {})
        if "at" in last and last["at"] >= minute:
            return None
        steps = evaluate(rule, _still_open(last.get("alertIds", ()), transaction), minute, seen)
        alerts = [step.after for step in steps if step.after is not None]
        findings = Counter(step.finding.value for step in steps)
        open_ids = [alert.id for alert in alerts if alert.is_open]
        transaction.set(mark, {"at": minute, "findings": dict(findings), "alertIds": open_ids})
        for alert in alerts:
            transaction.set(_reference(alert.id), alert.document())
        return steps

    return cast("list[Step] | None", move(client.transaction()))


def _open_alerts() -> list[AlertInstance]:
    from google.cloud.firestore import FieldFilter

    still_open = FieldFilter("state", "in", [state.value for state in OPEN])
    query: Any = firestore_client().collection(INSTANCES).where(filter=still_open)
    return [AlertInstance.model_validate(document.to_dict()) for document in query.stream()]


def _resolve_unwatched(rules: set[str], at: datetime) -> None:
    """Resolve the alerts that no rule will ever resolve: theirs is disabled, gone or not valid any more."""
    for alert in _open_alerts():
        if alert.rule_id not in rules:
            with contextlib.suppress(Conflict):  # An operator was quicker.
                _change(alert.id, lambda alert: alert.resolve(at, SYSTEM, "its rule is not evaluated any more"))


def _still_open(alert_ids: Collection[str], transaction: "firestore.Transaction") -> list[AlertInstance]:
    if not alert_ids:
        return []
    found = firestore_client().get_all([_reference(each) for each in alert_ids], transaction=transaction)
    alerts = (AlertInstance.model_validate(snapshot.to_dict()) for snapshot in found if snapshot.exists)
    return [alert for alert in alerts if alert.is_open]


def _change(alert_id: str, change: Callable[[AlertInstance], AlertInstance]) -> AlertInstance:
    from google.cloud import firestore

    @firestore.transactional
    def apply(transaction: "firestore.Transaction") -> AlertInstance:
        document = _reference(alert_id).get(transaction=transaction).to_dict()
        if document is None:
            raise NotFound("There is no such alert.")
        changed = change(AlertInstance.model_validate(document))
        transaction.set(_reference(alert_id), changed.document())
        return changed

    return cast("AlertInstance", apply(firestore_client().transaction()))


def _reference(alert_id: str) -> Any:
    return firestore_client().collection(INSTANCES).document(alert_id)
