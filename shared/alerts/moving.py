"""Moving: what the rules have found is written, a rule's mark and alerts in one commit: a kill leaves no rule half done.

Commits of several rules go together; they hold only if nothing in them was written since it was read. If anything was, each of
these rules is moved alone, in a transaction."""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from shared.alerts.evaluation import Step, evaluate
from shared.alerts.history import keep_history
from shared.alerts.readings import Failure, Readings
from shared.alerts.responses.record import note_due
from shared.alerts.rulebook import COLLECTION as RULES
from shared.alerts.rules import AlertRule
from shared.alerts.stored import StoredAlert, alert_reference, open_alerts
from shared.alerts.turns import SET_BACK
from shared.core.clients import firestore_client

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

_TOGETHER = 25
"""Rules of one commit."""
_WRITES = 400
"""Documents of one commit, about; Firestore takes 10 MiB."""
_AT_ONCE = 4


@dataclass(frozen=True)
class Mark:
    """What a rule's last evaluation has left: its minute, and how often the clock had been set back; None: there was none."""

    at: datetime | None = None
    set_back: int = 0
    written: Any = None

    @classmethod
    def of(cls, snapshot: Any) -> "Mark":
        """As Firestore has it."""
        stored = snapshot.to_dict() or {}
        return cls(stored.get("at"), stored.get("setBack", 0), snapshot.update_time)


@dataclass(frozen=True)
class Move:
    """What is to be written of a rule."""

    rule: AlertRule
    mark: Mark
    alerts: Mapping[str, StoredAlert]
    steps: tuple[Step, ...]

    @property
    def changed(self) -> Iterator[Step]:
        """The steps whose alert is to be written."""
        return (step for step in self.steps if step.after is not None and step.after != step.before)

    @property
    def writes(self) -> int:
        """How many documents that are, about."""
        return 1 + sum(1 for _ in self.changed)


@dataclass
class Moved:
    """The steps of every rule that was moved, by its id, and those that could not be."""

    steps: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def move(
    rules: Collection[AlertRule],
    minute: datetime,
    seen: Mapping[str, Readings | Failure],
    alerts: Collection[StoredAlert],
) -> Moved:
    """Move the alerts of all rules; `alerts` are all that are open. A rule that fails stops no other."""
    by_rule: dict[str, dict[str, StoredAlert]] = {rule.id: {} for rule in rules}
    for alert in alerts:
        by_rule.get(alert.alert.rule_id, {})[alert.alert.id] = alert
    marks = _marks(rules)
    moved = Moved()
    planned = []
    for rule in rules:
        try:
            if (plan := _plan(rule, minute, seen[rule.id], marks[rule.id], by_rule[rule.id])) is not None:
                planned.append(plan)
        except Exception:
            log.exception("a rule could not be evaluated", extra={"fields": {"rule": rule.id}})
            moved.failed.append(rule.id)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for done in threads.map(lambda group: _commit(group, minute, seen), _groups(planned)):
            moved.steps.update(done.steps)
            moved.failed += done.failed
    return moved


def overdue(rules: Collection[AlertRule], skipped: Sequence[datetime]) -> list[AlertRule]:
    """Those of the rules that were due in a skipped minute (the newest first) and have not been evaluated since."""
    due = {rule.id: minute for rule in rules if (minute := next(filter(rule.is_due, skipped), None)) is not None}
    missed = [rule for rule in rules if rule.id in due]
    marks = _marks(missed)
    return [rule for rule in missed if (at := marks[rule.id].at) is None or at < due[rule.id]]


def _plan(
    rule: AlertRule, minute: datetime, seen: Readings | Failure, mark: Mark, alerts: Mapping[str, StoredAlert]
) -> Move | None:
    """What the evaluation of this minute writes; None if it was evaluated before."""
    if mark.at is not None and mark.at >= minute:
        if mark.at - minute <= SET_BACK:
            return None
        mark = replace(mark, set_back=mark.set_back + 1)
    steps = evaluate(rule, [stored.alert for stored in alerts.values()], minute, seen)
    return Move(rule, mark, alerts, tuple(_told_apart(step, mark.set_back) for step in steps))


def _told_apart(step: Step, set_back: int) -> Step:
    """A minute that comes again, because the clock was set back, begins alerts of other ids."""
    if not set_back or step.before is not None or step.after is None:
        return step
    return replace(step, after=step.after.model_copy(update={"id": f"{step.after.id}-again{set_back}"}))


def _groups(moves: Sequence[Move]) -> Iterator[list[Move]]:
    group: list[Move] = []
    for each in moves:
        if group and (len(group) == _TOGETHER or sum(move.writes for move in group) + each.writes > _WRITES):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _commit(group: Sequence[Move], minute: datetime, seen: Mapping[str, Readings | Failure]) -> Moved:
    from google.api_core.exceptions import GoogleAPICallError

    batch = firestore_client().batch()
    for each in group:
        _write(batch, each, minute)
    try:
        batch.commit()
    except GoogleAPICallError as error:
        log.info("%d rules are moved one by one: %s", len(group), error.message)
        return _one_by_one([each.rule for each in group], minute, seen)
    return Moved({each.rule.id: each.steps for each in group})


def _one_by_one(rules: Sequence[AlertRule], minute: datetime, seen: Mapping[str, Readings | Failure]) -> Moved:
    moved = Moved()
    for rule in rules:
        try:
            if (steps := _alone(rule, minute, seen[rule.id])) is not None:
                moved.steps[rule.id] = steps
        except Exception:
            log.exception("a rule's alerts could not be moved", extra={"fields": {"rule": rule.id}})
            moved.failed.append(rule.id)
    return moved


def _alone(rule: AlertRule, minute: datetime, seen: Readings | Failure) -> tuple[Step, ...] | None:
    from google.cloud import firestore

    @firestore.transactional
    def attempt(transaction: "firestore.Transaction") -> tuple[Step, ...] | None:
        mark = Mark.of(_mark(rule.id).get(transaction=transaction))
        alerts = {stored.alert.id: stored for stored in open_alerts(rule.id, transaction)}
        plan = _plan(rule, minute, seen, mark, alerts)
        if plan is None:
            return None
        _write(transaction, plan, minute)
        return plan.steps

    return cast("tuple[Step, ...] | None", attempt(firestore_client().transaction()))


def _write(batch: "firestore.WriteBatch", move: Move, minute: datetime) -> None:
    findings = Counter(step.finding.value for step in move.steps)
    mark = {"at": minute, "findings": dict(findings), "setBack": move.mark.set_back}
    _put(batch, _mark(move.rule.id), mark, move.mark.written)
    for step in move.changed:
        assert step.after is not None
        written = move.alerts[step.before.id].written if step.before is not None else None
        _put(batch, alert_reference(step.after.id), step.after.document(), written)
    changes = [(step.before, step.after) for step in move.changed if step.after is not None]
    keep_history(batch, changes)
    note_due(batch, move.rule.responses, changes, minute)


def _put(batch: "firestore.WriteBatch", reference: Any, document: dict[str, Any], written: Any) -> None:
    """Write the document if it is still as it was `written`; None: if there is none yet."""
    if written is None:
        batch.create(reference, document)
    else:
        batch.update(reference, document, option=firestore_client().write_option(last_update_time=written))


def _marks(rules: Collection[AlertRule]) -> dict[str, Mark]:
    references = [_mark(rule.id) for rule in rules]
    found = firestore_client().get_all(references) if references else ()
    return {snapshot.reference.parent.parent.id: Mark.of(snapshot) for snapshot in found}


def _mark(rule_id: str) -> Any:
    return firestore_client().collection(RULES).document(rule_id).collection("evaluations").document("latest")
