"""Evaluating alert rules: 500 of them with 20 sets of labels each, over a day of events, minute after minute.

Run inside the suite: `python -m infra.local exec --only bigquery,firestore,secrets -- python -m bench.alerting`. The baseline is
what one writes first: a query for every rule, one after the other; it is measured on some rules and stands for all. Beside the
seconds by the clock stand those of this process, which other work on the machine changes less."""

import argparse
import os
import random
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from demo.history import load
from shared.alerts import AlertManager, AlertRule, AlertState, default_rules
from shared.alerts.measuring import read_kpis
from shared.alerts.rulebook import Edition
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.insights import Period

GOAL = 10.0
"""Seconds of an evaluation of all rules on 2 cores."""
LABEL_SETS = 20
SQL_RULES = 20
"""Of all rules, those that have a query of their own."""
KPIS = ("error_rate", "success_rate", "operations", "processing_time_p95", "generation_time")
WINDOWS = (15, 60, 240, 1440)
BASELINE_RULES = 10
QUERY = """SELECT operation_type AS operation, COUNTIF(NOT metrics.success) / COUNT(*) AS value, COUNT(*) AS samples
FROM deduplicated_events WHERE occurred_at >= @start AND occurred_at < @end GROUP BY operation_type"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=500)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--bad", type=float, default=0.05, help="share of the alerts that fire (0.05)")
    options = parser.parse_args()
    end = now().replace(second=0, microsecond=0)
    load(events(options.events, end))
    rules = list(rules_of(options.rules, options.bad))
    keep(rules)
    print(
        f"{options.rules} rules x {LABEL_SETS} label sets, {options.events:,} events, {os.cpu_count()} cores, load {load_now()}"
    )
    baseline = one_by_one(rules, end)
    print(f"{'a query a rule (baseline)':<44}{baseline:>8.1f} s")
    manager = AlertManager()
    for minute, name in enumerate(
        ("the first evaluation: alerts begin", "the second: they fire", "the third: they go on")
    ):
        begun, spent = time.perf_counter(), time.process_time()
        done = manager.check_alerts(end + timedelta(minutes=minute))
        seconds, own = time.perf_counter() - begun, time.process_time() - spent
        assert done.evaluated == options.rules, done
        told = f"{seconds:>8.1f} s ({own:.1f} s here){baseline / seconds:>8.1f} x{len(done.changed):>8} alerts changed"
        print(f"{name:<44}{told}{'' if seconds <= GOAL else f'   over the goal of {GOAL:g} s'}")
    firing = manager.get_alert_dashboard().by_state[AlertState.FIRING]
    print(f"{firing:,} of {options.rules * LABEL_SETS:,} fire; load {load_now()}")


def events(count: int, end: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """A day of operations of 20 kinds; of the fifth kind every third fails, of the others one in fifty."""
    chance = random.Random(7)
    for number in range(count):
        kind = number % LABEL_SETS
        at = end - timedelta(days=1) * chance.random()
        success = chance.random() > (1 / 3 if kind == 5 else 1 / 50)
        yield (
            f"user {chance.randrange(count // 100)}",
            {
                "eventId": new_id(),
                "timestamp": at.isoformat(),
                "platform": "mcp",
                "eventType": "operation",
                "operation": {"type": f"kind_{kind:02}" if kind else "render", "parameters": {}},
                "metrics": {"success": success, "processingTime": chance.lognormvariate(7, 1)},
            },
        )


def rules_of(count: int, bad: float) -> Iterator[AlertRule]:
    """Rules by operation, of which the share `bad` has a threshold that everything breaches."""
    for number in range(count):
        window, breached = WINDOWS[number % len(WINDOWS)], number < count * bad
        source = (
            {"sql": QUERY} if number % (count // SQL_RULES) == 3 else {"kpi": KPIS[number // len(WINDOWS) % len(KPIS)]}
        )
        fields = {"id": f"rule-{number:03}", "name": f"Rule {number}", "labels": ["operation"], "comparison": "above"}
        yield AlertRule.model_validate(
            {**fields, **source, "window": window, "threshold": -1 if breached else 1e12, "hold": 1}
        )


def keep(rules: Sequence[AlertRule]) -> None:
    """These rules and no others."""
    batch = firestore_client().batch()
    collection = firestore_client().collection("alert_rules")
    for rule in default_rules():
        batch.set(collection.document(rule.id), Edition(rule=rule, deleted=True).document())
    for rule in rules:
        batch.set(collection.document(rule.id), Edition(rule=rule).document())
    batch.commit()


def one_by_one(rules: Sequence[AlertRule], end: datetime) -> float:
    """The seconds that a query for every rule would take."""
    some = [rule for rule in rules if rule.kpi][:: max(1, len(rules) // BASELINE_RULES)]
    begun = time.perf_counter()
    for rule in some:
        read_kpis([rule], Period(end - timedelta(minutes=rule.window), end))
    return (time.perf_counter() - begun) / len(some) * len(rules)


def load_now() -> str:
    """How busy the machine is."""
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
