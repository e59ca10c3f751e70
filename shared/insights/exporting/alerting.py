"""Alerting: every change of every alert as a table, read week by week, the newest first."""

from collections.abc import Iterator
from datetime import timedelta

from shared.core.errors import InvalidInput
from shared.exports import Column, Kind, Row, Table
from shared.insights.dashboard import AlertTransition, alert_transitions, count_alert_transitions
from shared.insights.exporting.request import ExportRequest
from shared.insights.kpi import kpi
from shared.insights.period import Period

_SLICE = timedelta(days=7)
"""What an export of any length holds in memory."""
_ALL = 1_000_000
"""More changes than there are in a slice."""
_COLUMNS = (
    Column("at", "Time", Kind.TIME),
    Column("alert_id", "Alert"),
    Column("rule_id", "Rule"),
    Column("kpi", "KPI"),
    Column("labels", "Labels"),
    Column("condition", "Condition"),
    Column("severity", "Severity"),
    Column("before", "Before"),
    Column("after", "After"),
    Column("made_by", "By"),
    Column("value", "Value", Kind.NUMBER),
    Column("threshold", "Threshold", Kind.NUMBER),
)


def changes_of_alerts(request: ExportRequest) -> tuple[int, Table]:
    """How many there are in the period, and the table of them; of rules that watch one of the KPIs, if the request names any.

    Raises InvalidInput for an unknown KPI, and for steps, groups and filters, which changes of alerts have not; Unavailable."""
    if request.every is not None or request.by or request.where:
        given = "/every" if request.every is not None else "/by" if request.by else f"/{next(iter(request.where))}"
        detail = "Alerts are exported change by change: without steps, groups and filters, of all KPIs or those named."
        raise InvalidInput(detail, pointer=given)
    kpis = [kpi(name).name for name in request.kpis]
    period = Period(request.start, request.end)
    return count_alert_transitions(period, kpis), Table(request.title, _COLUMNS, _rows(period, kpis))


def _rows(period: Period, kpis: list[str]) -> Iterator[Row]:
    end = period.end
    while end > period.start:
        start = max(period.start, end - _SLICE)
        yield from map(_row, alert_transitions(Period(start, end), _ALL, kpis))
        end = start


def _row(change: AlertTransition) -> Row:
    return [
        change.at,
        change.alert_id,
        change.rule_id,
        change.kpi,
        ", ".join(f"{name}={value}" for name, value in change.labels.items()),
        change.condition,
        change.severity,
        change.before,
        change.after,
        change.made_by,
        change.value,
        change.threshold,
    ]
