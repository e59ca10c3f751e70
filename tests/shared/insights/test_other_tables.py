"""KPIs whose rows are no events: what became of events, recommendations, and alerts; against brute force."""

import random
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

import pytest

from shared.core.clients import bigquery_client
from shared.core.ids import new_id
from shared.events import hash_user
from shared.insights import Period, measure
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")

HOUR = timedelta(hours=1)


def insert(table: str, rows: list[dict[str, Any]]) -> None:
    assert bigquery_client().insert_rows_json(f"kompo.{table}", rows) == []


def value(name: str, hour: datetime) -> float | None:
    [found] = measure([name], Period(hour, hour + HOUR))
    return found.value


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("quarantine_rate", "invalid"),
        ("duplicate_rate", "duplicate"),
        ("limited_rate", "limited"),
        ("filtered_rate", "filtered"),
    ],
)
def test_what_became_of_events_is_of_all_that_came_each_counted_where_it_was_decided(
    name: str, outcome: str, hour: datetime
) -> None:
    dice = random.Random(name)
    rows = [
        {
            "minute": (hour + timedelta(minutes=dice.randrange(60))).isoformat(),
            "stage": stage,
            "outcome": told,
            "reason": "",
            "platform": "mcp",
            "events": dice.randrange(1, 50),
            "computed_at": hour.isoformat(),
        }
        for stage in ("api", "ingest")
        for told in ("accepted", "invalid", "duplicate", "limited", "filtered")
        for _ in range(3)
    ]
    insert("ingest_outcomes", rows)
    final = [row for row in rows if (row["stage"], row["outcome"]) != ("api", "accepted")]
    ours = sum(row["events"] for row in final if row["outcome"] == outcome)
    assert value(name, hour) == pytest.approx(ours / sum(row["events"] for row in final))


def test_a_recommendation_is_followed_if_the_next_operation_within_half_an_hour_is_one_of_them(hour: datetime) -> None:
    served, operations = [], ("trim", "resize", "convert")
    for number, (minutes, kind) in enumerate(
        [(5, "trim"), (10, "render"), (29, "resize"), (31, "trim"), (None, "trim")]
    ):
        person = f"person {number}"
        served.append(
            {
                "served_id": new_id(),
                "served_at": hour.isoformat(),
                "user_id": hash_user(person),
                "platform": "mcp",
                "operations": list(operations),
            }
        )
        if minutes is not None:
            begun = hour + timedelta(minutes=minutes)
            tell(person, operation(begun + timedelta(seconds=1), kind, ms=1000), operation(begun + HOUR / 4, "trim"))
    insert("recommendations_served", served)
    # Three were followed by something in time, two of them by what was recommended.
    assert value("recommendation_hit_rate", hour) == pytest.approx(2 / 3)


def test_alerts_are_counted_when_they_fire_and_timed_from_then_on(hour: datetime) -> None:
    dice, rows, acknowledged, resolved = random.Random(7), [], [], []
    for number in range(12):
        started = hour + timedelta(minutes=number)
        fired = started + timedelta(minutes=2) if number % 4 else None
        alert: dict[str, Any] = {
            "alert_id": f"alert-{number}",
            "rule_id": "rule",
            "source": "kpi",
            "condition": "breached",
            "severity": "warning",
            "labels": "{}",
            "made_by": "system",
            "threshold": 1.0,
            "started_at": started.isoformat(),
            "fired_at": fired.isoformat() if fired else None,
        }
        steps: list[tuple[datetime, str]] = [(started, "pending")]
        if fired:
            steps.append((fired, "firing"))
            if number % 2:
                waited = dice.randrange(10, 600)
                acknowledged.append(waited)
                steps.append((fired + timedelta(seconds=waited), "acknowledged"))
            lasted = dice.randrange(700, 1800)
            resolved.append(lasted)
            steps.append((fired + timedelta(seconds=lasted), "resolved"))
        else:
            steps.append((started + timedelta(minutes=1), "resolved"))
        for position, (at, after) in enumerate(steps):
            row = alert | {"transition_id": f"alert-{number}-{position}", "at": at.isoformat(), "after": after}
            rows += [row] * (1 + number % 2)
    insert("alert_history", rows)
    assert value("alerts_fired", hour) == 9
    assert value("time_to_acknowledge", hour) == pytest.approx(mean(acknowledged))
    assert value("time_to_resolve", hour) == pytest.approx(mean(resolved))
