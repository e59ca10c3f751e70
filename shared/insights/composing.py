"""Composing: the SQL that turns the rows of KPIs into figures, put together from the files of the folder `sql`.

What is put in are names of ours (KPIs, dimensions, steps); what a caller says goes in as parameters."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from itertools import combinations, zip_longest
from string import Template

from shared.events import Parameter, with_views
from shared.insights.kpi import SQL_FOLDER, Dimension, Kpi, Source, kpis
from shared.insights.period import Period, Step

ROW = ("event_id", "occurred_at", *Dimension, "user_id", "salt_version")
"""What every row of a KPI has beside its numerator and denominator."""
_SOURCES = {
    Source.EVENTS: ("told",),
    Source.PLANS: ("told", "plans"),
    Source.OUTCOMES: ("outcomes",),
    Source.SAMPLES: ("samples",),
    Source.RECOMMENDATIONS: ("recommendations", "followed"),
    Source.ALERTS: ("transitions",),
}
BUCKET = "CAST(CEIL(LN(GREATEST(numerator, 0.0001)) / LN(1.02)) AS INT64)"
"""Which bucket of a histogram a numerator falls into: b holds what is over 1.02^(b-1) and up to 1.02^b."""
_EACH_ONCE = "${deduplicated_events}"
_EACH_ONCE_OF_SPANS = """(
SELECT *
FROM events
WHERE occurred_at >= @start AND occurred_at < @end AND (${within})
QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id, event_id ORDER BY received_at) = 1)"""
_AS_THEY_ARE = "(SELECT * FROM events WHERE occurred_at >= @start AND occurred_at < @end)"
"""Where only people are counted, an event that is there twice does no harm, and telling it from others is what takes long."""


Span = tuple[datetime, datetime]
"""From a moment up to, and without, another."""


class Half(Enum):
    """The two sides of the middle of a scope; without one, all of it is after."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Scope:
    """Which rows count: those of [start, end), of events of `users` (None: everybody's), with one of these values in each of
    the dimensions, and in one of these hours if it names any, which lie in these spans; and by what they are told apart.

    Told `apart` by some dimensions, it is told as a whole, and beside that by each of these on its own.

    With a `middle`, what is before it is told as a whole, as the step None, and only what comes after it by its steps; that is
    one step, the middle, if there are none."""

    start: datetime
    end: datetime
    by: tuple[Dimension, ...] = ()
    every: Step | None = None
    where: Mapping[Dimension, Collection[str]] = field(default_factory=dict)
    users: tuple[str, ...] | None = None
    hours: tuple[datetime, ...] | None = None
    spans: tuple[Span, ...] = ()
    middle: datetime | None = None
    apart: tuple[Dimension, ...] = ()

    @classmethod
    def of(
        cls,
        period: Period,
        by: Collection[Dimension] = (),
        every: Step | None = None,
        where: Mapping[Dimension, Collection[str]] | None = None,
        users: Collection[str] | None = None,
    ) -> "Scope":
        """Of what `measure` is asked."""
        filters = {dimension: tuple(values) for dimension, values in (where or {}).items()}
        whose = tuple(users) if users is not None else None
        return cls(period.start, period.end, tuple(sorted(set(by))), every, filters, whose)

    @property
    def period(self) -> Period:
        """From its start to its end. Raises InvalidInput if that is longer than a period may be."""
        return Period(self.start, self.end)

    @property
    def grouping(self) -> dict[str, str]:
        """What the wrapping queries need to group by the step and the labels."""
        named = ("label",) if self.apart else self.by
        labels = "".join(f"{name}, " for name in named)
        grouped = f"GROUP BY {', '.join(self.by)}" if self.by else ""
        return {
            "at": self._step,
            "labels": labels,
            "groups": ", ".join(("kpi", "step", *named)),
            "grouped": grouped,
        }

    def half(self, step: datetime | None) -> Half:
        """Which side of the middle the step of a row is on."""
        return Half.BEFORE if self.middle is not None and step is None else Half.AFTER

    @property
    def _step(self) -> str:
        step = f"TIMESTAMP_TRUNC(occurred_at, {self.every.sql})" if self.every else None
        if self.middle is not None:
            return f"IF(occurred_at >= @middle, {step or '@middle'}, NULL)"
        return step or "CAST(NULL AS TIMESTAMP)"

    @property
    def chosen(self) -> str:
        """The condition that a row counts."""
        conditions = ["occurred_at >= @from", "occurred_at < @until"]
        conditions += [f"{dimension} IN UNNEST(@only_{dimension})" for dimension in self.where]
        conditions += [f"{dimension} IS NOT NULL" for dimension in self.by]
        conditions += ["TIMESTAMP_TRUNC(occurred_at, HOUR) IN UNNEST(@hours)"] if self.hours is not None else []
        return " AND ".join(conditions)

    def parameters(self, reach: timedelta = timedelta(0)) -> dict[str, Parameter]:
        """Those of a composed query that reads so much around the period."""
        return {
            "start": self.start - reach,
            "end": self.end + reach,
            "from": self.start,
            "until": self.end,
            "everybody": self.users is None,
            "users": list(self.users or ()),
            **{f"only_{dimension}": list(values) for dimension, values in self.where.items()},
            **({"hours": list(self.hours)} if self.hours is not None else {}),
            **spanned("occurred_at", [(start - reach, end + reach) for start, end in self.spans]),
            **({"middle": self.middle} if self.middle is not None else {}),
        }


def within(column: str, spans: Collection[Span]) -> str:
    """The condition that a moment is in one of the spans, which `spanned` are the parameters of."""
    each = [f"{column} >= @{column}_from_{n} AND {column} < @{column}_until_{n}" for n, _ in enumerate(_more(spans))]
    return " OR ".join(each) or "FALSE"


def spanned(column: str, spans: Collection[Span]) -> dict[str, Parameter]:
    """See `within`."""
    edges: dict[str, Parameter] = {}
    for number, (start, end) in enumerate(_more(spans)):
        edges |= {f"{column}_from_{number}": start, f"{column}_until_{number}": end}
    return edges


def enough(number: int) -> int:
    """The next power of two, or nothing of nothing: so many of what a text repeats, for questions that are alike to have the same
    text. The local BigQuery keeps what it has made of a text."""
    return 1 << (number - 1).bit_length() if number else 0


def _more(spans: Collection[Span]) -> list[Span]:
    """The last of them more often."""
    told = list(spans)
    return told + told[-1:] * (enough(len(told)) - len(told))


def compose(wrapper: str, chosen: Collection[Kpi], scope: Scope, *, each_once: bool = True, **parts: str) -> str:
    """The text of the query `wrapper` of the folder over the rows of these KPIs; `parts` are more to be put in."""
    parts |= {
        "sources": sources(chosen, each_once=each_once, spans=scope.spans),
        "contributions": "  UNION ALL\n".join(_contribution(kpi, scope) for kpi in chosen),
        "chosen": scope.chosen,
        "bucket": BUCKET,
        **scope.grouping,
    }
    return with_views(_text(wrapper), parts)


def part(file: str, /, **parts: str) -> str:
    """What a file of the folder has for a text, with these parts in their places."""
    return Template(_text(file)).substitute(parts)


def _contribution(kpi: Kpi, scope: Scope) -> str:
    if scope.apart:
        slices = [(), *((dimension,) for dimension in scope.apart if dimension in kpi.dimensions)]
        return _labelled(kpi, slices, ("label",))
    return part("contribution.sql", name=kpi.name, rows=rows_of(kpi))


def compose_kept(wrapper: str, scope: Scope, **parts: str) -> str:
    """The text of the query `wrapper` of the folder over what is kept, of which `parts` say what is chosen."""
    kept = part("kept.sql", **parts)
    histograms = part("kept_histograms.sql", at="IF(alone, @end, step)", kept="SELECT * FROM steps")
    return with_views(_text(wrapper), {**scope.grouping, **parts, "kept": kept, "histograms": histograms})


@dataclass(frozen=True)
class Keeping:
    """A table that keeps the metrics of each `grain`, whose start is its column `moment`, sliced as its columns `labels` say."""

    table: str
    grain: Step
    moment: str
    labels: tuple[str, ...]


HOURLY = Keeping("metrics_hourly", Step.HOUR, "hour", ("label",))
DAILY = Keeping("metrics_daily", Step.DAY, "day", ("label", "second"))


def compose_aggregation(kept: Collection[Kpi], keeping: Keeping) -> str:
    """The text of the statement that computes what a table keeps of these KPIs."""
    parts = {
        "sources": sources(kept),
        "contributions": "  UNION ALL\n".join(_kept(kpi, keeping) for kpi in kept),
        "bucket": BUCKET,
        "table": keeping.table,
        "grain": keeping.grain.sql,
        "moment": keeping.moment,
        "labels": ", ".join(keeping.labels),
        "fresh": ", ".join(f"fresh.{label}" for label in keeping.labels),
        "same": " AND ".join(f"stored.{label} = fresh.{label}" for label in keeping.labels),
        "whole": " AND ".join(f"{label} = ''" for label in keeping.labels),
    }
    return with_views(_text("aggregate.sql"), parts)


@cache
def definitions() -> str:
    """What stands for how the metrics that are kept are computed: another one, other metrics."""
    kept = [kpi for kpi in kpis().values() if kpi.hourly]
    text = "".join(compose_aggregation(kept, keeping) for keeping in (HOURLY, DAILY))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _kept(kpi: Kpi, keeping: Keeping) -> str:
    most = range(len(keeping.labels) + 1)
    slices = [chosen for number in most for chosen in combinations(sorted(kpi.dimensions), number)]
    return _labelled(kpi, slices, keeping.labels)


def _labelled(kpi: Kpi, slices: Collection[Sequence[Dimension]], labels: Sequence[str]) -> str:
    """The rows of a KPI under each of the labels that these slices have of them, in columns of these names."""
    share = kpi.aggregate.percentile
    return part(
        "labelled.sql",
        name=kpi.name,
        part="CAST(NULL AS FLOAT64)" if share is None else str(share),
        counts_people=str(kpi.aggregate.counts_people).upper(),
        slices=", ".join(_slice(chosen, labels) for chosen in slices),
        told=" AND ".join(f"slice.{label} IS NOT NULL" for label in labels),
        rows=rows_of(kpi),
    )


def _slice(chosen: Sequence[Dimension], labels: Sequence[str]) -> str:
    """The labels of a row that is told by these dimensions; NULL where it has none in one of them."""
    values = [f"CONCAT('{dimension}=', {dimension})" for dimension in chosen]
    members = zip_longest(values, labels, fillvalue="''")
    return f"STRUCT({', '.join(f'{value} AS {label}' for value, label in members)})"


def sources(chosen: Collection[Kpi], *, each_once: bool = True, spans: Collection[Span] = ()) -> str:
    """The common table expressions that the rows of these KPIs are selected from."""
    names = dict.fromkeys(name for kpi in chosen for name in _SOURCES[kpi.source])
    once = Template(_EACH_ONCE_OF_SPANS).substitute(within=within("occurred_at", spans)) if spans else _EACH_ONCE
    events = {"events": with_views(once, {}) if each_once else _AS_THEY_ARE}
    return ",\n".join(f"{name} AS (\n{Template(_text(f'{name}.sql')).substitute(events)})" for name in names)


def rows_of(kpi: Kpi) -> str:
    """The text that selects the rows of a KPI from its sources."""
    return part(kpi.sql, row=", ".join(ROW))


def compose_page(kpi: Kpi, scope: Scope) -> str:
    """The text of the query for a page of the rows of a KPI."""
    personal = str(kpi.personal).upper()
    dimension = _text("traced_dimension.sql")
    shown = [with_views(dimension, {"dimension": each, "personal": personal}) for each in kpi.dimensions]
    return compose("traced_rows.sql", [kpi], scope, shown="  ".join(shown), personal=personal)


@cache
def _text(name: str) -> str:
    return (SQL_FOLDER / name).read_text()
