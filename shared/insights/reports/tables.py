"""The tables of a report."""

from collections.abc import Iterator

from shared.exports import Column, Figure, Kind, Row, Table
from shared.insights.kpi import Dimension, kpi
from shared.insights.reports.changes import misses_target
from shared.insights.reports.fired import Fired
from shared.insights.reports.report import Report
from shared.insights.reports.sentence import change_kind, kind_of

_MOST_LABELS = 12
_BY = {
    Dimension.PROVIDER: (
        "Providers",
        ("operations", "success_rate", "generation_time", "quality_score", "satisfaction", "cost_per_operation"),
    ),
    Dimension.OPERATION: ("Operations", ("operations", "success_rate", "processing_time_p50", "processing_time_p95")),
    Dimension.PLATFORM: ("Platforms", ("operations", "unique_users", "success_rate", "processing_time_p95", "revenue")),
    Dimension.ERROR: ("Failures", ("operations", "unique_users")),
}
"""What the labels of each dimension are told by; the first orders them."""


def figures(report: Report) -> Table:
    """Every KPI that something was measured of, with its change and its target."""
    columns = (
        Column("kpi", "Figure", share=0.34),
        Column("value", "This period", Kind.NUMBER, share=0.14),
        Column("prior", "Before", Kind.NUMBER, share=0.14),
        Column("change", "Change", Kind.NUMBER, share=0.14),
        Column("target", "Target", Kind.NUMBER, share=0.11),
        Column("met", "Met", share=0.06),
        Column("samples", "Rows", Kind.COUNT, share=0.1),
    )
    return Table("Figures", columns, list(_figures(report)))


def by_labels(report: Report) -> list[tuple[str, Table]]:
    """A heading and a table for each dimension that has labels."""
    found = ((_BY[by][0], _labels(report, by)) for by in _BY)
    return [(heading, table) for heading, table in found if table is not None]


def alerts(report: Report) -> Table | None:
    """What began to fire: each rule with how often it did, when first and last; None if nothing did."""
    rules: dict[tuple[str, str, str], list[Fired]] = {}
    for one in report.readings.fired:
        rules.setdefault((one.rule, one.severity, one.kpi or ""), []).append(one)
    if not rules:
        return None
    zone = report.edition.zone.key
    columns = (
        Column("rule", "Rule", share=0.3),
        Column("severity", "Severity", share=0.12),
        Column("kpi", "KPI", share=0.22),
        Column("times", "Times", Kind.COUNT, share=0.08),
        Column("first", "First", Kind.TIME, zone, share=0.14),
        Column("last", "Last", Kind.TIME, zone, share=0.14),
    )
    rows: list[Row] = [(*names, len(fired), fired[0].at, fired[-1].at) for names, fired in sorted(rules.items())]
    return Table("Alerts", columns, rows)


def evidence(report: Report) -> Table:
    """Every number of every sentence: of which KPI, how it was made, of which labels and period."""
    columns = (
        Column("sentence", "No.", Kind.COUNT, share=0.05),
        Column("kpi", "KPI", share=0.18),
        Column("how", "How", share=0.11),
        Column("labels", "Labels", share=0.2),
        Column("start", "From", Kind.TIME, report.edition.zone.key, share=0.16),
        Column("end", "Until", Kind.TIME, report.edition.zone.key, share=0.16),
        Column("value", "Value", Kind.NUMBER, share=0.14),
    )
    note = "The sentences are counted from the top. Each KPI's SQL and rows: GET /v1/insights/kpis/{name}/trace."
    return Table("Evidence", columns, list(_evidence(report)), note)


def _figures(report: Report) -> Iterator[Row]:
    for name in report.readings.names:
        one, now, before = kpi(name), report.readings.now[name], report.readings.before[name]
        if not now.samples and not before.samples:
            continue
        kind, missed = kind_of(one), misses_target(one, now.value)
        change = Figure(report.readings.change(name, before.value, now.value), change_kind(one), change=True)
        target = Figure(one.target, kind) if one.target is not None else None
        met = None if missed is None else not missed
        yield one.title, Figure(now.value, kind), Figure(before.value, kind), change, target, met, now.samples


def _labels(report: Report, by: Dimension) -> Table | None:
    before, now = report.readings.labelled(by)
    names = [name for name in _BY[by][1] if any(read.value is not None for read in now.get(name, {}).values())]
    if not names:
        return None
    works = {label: read.value or 0.0 for label, read in now[names[0]].items()}
    labels = sorted(works, key=lambda label: (-works[label], label))
    columns = [Column(by.value, by.value.capitalize())]
    for name in names:
        columns.append(Column(name, kpi(name).title, kind_of(kpi(name))))
    columns.append(Column("change", f"{kpi(names[0]).title}, change", Kind.NUMBER))
    rows: list[Row] = []
    for label in labels[:_MOST_LABELS]:
        old = before[names[0]].get(label)
        moved = report.readings.change(names[0], old.value if old else None, works[label])
        change = Figure(moved, change_kind(kpi(names[0])), change=True)
        values = [read.value if (read := now[name].get(label)) else None for name in names]
        rows.append((label, *values, change))
    left = len(labels) - _MOST_LABELS
    return Table(_BY[by][0], tuple(columns), rows, f"{left} with fewer operations are left out." if left > 0 else None)


def _evidence(report: Report) -> Iterator[Row]:
    for number, sentence in enumerate(report.sentences, start=1):
        for fact in sentence.facts.values():
            labels = ", ".join(f"{dimension} {label}" for dimension, label in fact.labels) or fact.dimension
            value = Figure(fact.value, fact.kind)
            yield number, fact.kpi, fact.how.value, labels, fact.period.start, fact.period.end, value
