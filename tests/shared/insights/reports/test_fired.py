"""Alerts that fired in the period are marked where they did: on the charts of their KPI, and in a table."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.core.clients import bigquery_client
from shared.exports import Annotation, Chart
from shared.insights import Period
from shared.insights.reports import ReportKind, make_report
from shared.insights.reports.fired import Fired, fired_in, marks
from shared.insights.reports.plots import over_time
from shared.insights.reports.tables import alerts
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

MIDNIGHT = datetime(2026, 11, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def fired(kpi: str | None, *hours: float, rule: str = "low_success") -> list[Fired]:
    return [Fired(rule, kpi, "critical", (), MIDNIGHT + hour * HOUR, 0.8) for hour in hours]


def steps(count: int) -> list[Period]:
    return [Period(MIDNIGHT + number * HOUR, MIDNIGHT + (number + 1) * HOUR) for number in range(count)]


def test_a_step_is_marked_once_with_every_rule_that_fired_in_it() -> None:
    of_two = [*fired("success_rate", 3.1, 3.9), *fired("success_rate", 3.5, rule="any_failure")]
    assert marks(of_two, "success_rate", steps(24)) == (
        Annotation(MIDNIGHT + 3 * HOUR, "alert: any_failure, low_success (2)"),
    )


def test_alerts_over_other_figures_and_other_times_are_not_on_the_chart() -> None:
    others = [*fired("queue_wait", 3), *fired(None, 4), *fired("success_rate", -0.1, 24)]
    assert marks(others, "success_rate", steps(24)) == ()


def test_of_many_the_steps_in_which_most_fired_are_marked_in_order() -> None:
    many = [*fired("success_rate", *range(12)), *fired("success_rate", 5.5, 8.5)]
    marked = [note.x for note in marks(many, "success_rate", steps(12))]
    assert len(marked) == 6
    assert marked == sorted(marked, key=str)
    assert {MIDNIGHT + 5 * HOUR, MIDNIGHT + 8 * HOUR} <= set(marked)


def test_an_alert_of_the_day_is_on_its_chart_and_in_the_table(cloud: RunningCloud, lonely_hour: datetime) -> None:
    day = lonely_hour.replace(hour=0)
    at = day + 9 * HOUR + timedelta(minutes=20)
    tell("ann", *(operation(day + hour * HOUR, success=hour < 9) for hour in range(12)))
    changes = [("pending", None, at - HOUR), ("firing", "pending", at), ("acknowledged", "firing", at + HOUR)]
    changes += [("firing", "acknowledged", at + 2 * HOUR), ("resolved", "firing", at + 3 * HOUR)]
    rows: list[dict[str, Any]] = [
        {
            "transition_id": f"fired-{number}",
            "at": moment.isoformat(),
            "alert_id": "fired",
            "rule_id": "low_success",
            "source": "kpi",
            "kpi": "success_rate",
            "condition": "breached",
            "severity": "critical",
            "labels": "{}",
            "before": before,
            "after": after,
            "made_by": "system",
            "threshold": 0.95,
            "started_at": changes[0][2].isoformat(),
            "fired_at": at.isoformat(),
        }
        for number, (after, before, moment) in enumerate(changes)
    ]
    assert bigquery_client().insert_rows_json("kompo.alert_history", rows) == []
    assert [one.at for one in fired_in(Period(day, day + 24 * HOUR))] == [at]
    report = make_report(ReportKind.DAILY, day + 24 * HOUR, ZoneInfo("UTC"))
    [chart] = [block for block in over_time(report, most=1) if isinstance(block, Chart)]
    assert chart.annotations == (Annotation(day + 9 * HOUR, "alert: low_success"),)
    assert chart.described.endswith("; alert: low_success")
    table = alerts(report)
    assert table is not None
    assert list(table.rows) == [("low_success", "critical", "success_rate", 1, at, at)]
