"""Reading: the cells of KPIs, added up from the rows that they are computed from."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial

from shared.events import Parameter, run_query, run_sql
from shared.insights.attendance import Attendance
from shared.insights.composing import Scope, compose
from shared.insights.kpi import SQL_FOLDER, Aggregate, Kpi
from shared.insights.measurement import Cell, Cells, Labels, Row, bucket_of, labels_in
from shared.insights.period import MAX_STEPS, Period

TIMEOUT = 60.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    """A query with its parameters, and what cells come of the rows that answer it."""

    sql: str
    parameters: Mapping[str, Parameter]
    cells: Callable[[Iterable[Row]], Cells]

    def ask(self) -> Cells:
        """The cells. Raises Unavailable."""
        return self.cells(run_sql(self.sql, self.parameters, timeout=TIMEOUT))


def questions(chosen: Iterable[Kpi], scope: Scope) -> list[Question]:
    """As few as the cells of these KPIs can be read with."""
    alike: dict[tuple[Callable[[Sequence[Kpi], Scope], Question], str], list[Kpi]] = defaultdict(list)
    for one in chosen:
        alike[_QUESTIONS[one.aggregate], "" if one.aggregate.mergeable else one.sql].append(one)
    return [question(group, scope) for (question, _), group in alike.items()]


def key_in(row: Row, scope: Scope) -> tuple[str, Labels, datetime | None]:
    """The key of the cell that a row of a composed query belongs to."""
    return row["kpi"], labels_in(row, scope.by), row["step"]


def sums(rows: Iterable[Row], key: Callable[[Row], tuple[str, Labels, datetime | None]]) -> Cells:
    """The cells of rows that are sums, or buckets of histograms."""
    cells: Cells = defaultdict(Cell)
    for row in rows:
        if row["buckets"] is None:
            cells[key(row)].add(row["numerator"], row["denominator"], row["samples"])
        else:
            cells[key(row)].count(_buckets(row["buckets"]))
    return cells


def histograms(rows: Iterable[Row], key: Callable[[Row], tuple[str, Labels, datetime | None]]) -> Cells:
    """The cells of rows that are buckets of histograms."""
    cells: Cells = defaultdict(Cell)
    for row in rows:
        cells[key(row)].count(_buckets(row["buckets"]))
    return cells


def histograms_beside_steps(rows: Iterable[Row], key: Callable[[Row], tuple[str, Labels, datetime | None]]) -> Cells:
    """The same, and of rows that are the percentiles of many steps, whose buckets are counted elsewhere: what is told of them."""
    cells: Cells = defaultdict(Cell)
    for row in rows:
        name, labels, at = key(row)
        if row["steps"] is None:
            cells[name, labels, at].count(_buckets(row["buckets"]))
            continue
        for step in row["steps"].split():
            start, value, samples = step.split(":")
            cells[name, labels, _moment(start)].told = {bucket_of(float(value)): int(samples)}
    return cells


def sums_of_steps(rows: Iterable[Row], series: Callable[[Row], tuple[str, Labels]]) -> Cells:
    """The cells of rows each of which holds the sums of many steps."""
    cells: Cells = defaultdict(Cell)
    for row in rows:
        name, labels = series(row)
        for step in row["steps"].split():
            at, numerator, denominator, samples = step.split(":")
            cells[name, labels, _moment(at)].add(float(numerator), float(denominator), int(samples))
    return cells


def _buckets(text: str) -> dict[int, int]:
    """Samples by bucket."""
    said = list(map(int, text.replace(":", " ").split()))
    return dict(zip(said[::2], said[1::2], strict=True))


@lru_cache(maxsize=MAX_STEPS)
def _moment(microseconds: str) -> datetime | None:
    """What many series tell of is one object: it is looked up by its hash, which it computes once."""
    return _EPOCH + timedelta(microseconds=int(microseconds)) if microseconds else None


def newest_event(period: Period, users: Collection[str] | None) -> datetime | None:
    """When the newest event of the period, everybody's or of these hashes, had come in; None without any. Raises Unavailable."""
    whose: dict[str, Parameter] = {"everybody": users is None, "users": list(users or ())}
    [row] = run_query(SQL_FOLDER / "newest_event.sql", {"start": period.start, "end": period.end, **whose})
    found: datetime | None = row["received_at"]
    return found


def _reach(alike: Iterable[Kpi]) -> timedelta:
    """How far around the period events are read for all of them."""
    return max(kpi.reach for kpi in alike)


def _sums(alike: Sequence[Kpi], scope: Scope) -> Question:
    binned = ", ".join(f"'{kpi.name}'" for kpi in alike if kpi.aggregate.percentile is not None)
    sql = compose("sums.sql", alike, scope, told_by_bucket=f"kpi IN ({binned})" if binned else "FALSE")
    return Question(sql, scope.parameters(_reach(alike)), partial(sums, key=partial(key_in, scope=scope)))


def _people(alike: Sequence[Kpi], scope: Scope) -> Question:
    attendance = Attendance.of(alike, [scope])
    return Question(attendance.sql, attendance.parameters, lambda rows: attendance.cells(rows)[0])


_QUESTIONS: Mapping[Aggregate, Callable[[Sequence[Kpi], Scope], Question]] = {
    Aggregate.SUM: _sums,
    Aggregate.RATIO: _sums,
    Aggregate.P50: _sums,
    Aggregate.P95: _sums,
    Aggregate.PEOPLE: _people,
    Aggregate.PEOPLE_SHARE: _people,
    Aggregate.ACTIVES: _people,
    Aggregate.RETURNING: _people,
}
