"""Aggregations over the results of a query: count, sum, avg."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .encoding import number
from .errors import InvalidArgument
from .executor import Statistics, count_results, run_query
from .field_paths import FieldPath, get_field, parse_field_path
from .messages import AggregationResult, StructuredAggregationQuery, Value
from .query import Query
from .snapshot import Snapshot

MAX_AGGREGATIONS = 5

_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One aggregation. `kind` is count, sum or avg; `path` is the field of the latter two."""

    alias: str
    kind: str
    path: FieldPath | None
    up_to: int | None


def parse_aggregations(query: StructuredAggregationQuery) -> list[Aggregation]:
    """Check the aggregations of a request. Raises InvalidArgument."""
    if not query.aggregations:
        raise InvalidArgument("Aggregations can not be empty.")
    if len(query.aggregations) > MAX_AGGREGATIONS:
        raise InvalidArgument(
            f"The maximum number of aggregations allowed in an aggregation query is {MAX_AGGREGATIONS}."
        )
    parsed = []
    for position, each in enumerate(query.aggregations, start=1):
        kind = each.WhichOneof("operator")
        if kind is None:
            raise InvalidArgument("An aggregation must have an operator.")
        up_to = each.count.up_to.value if kind == "count" and each.count.HasField("up_to") else None
        if up_to is not None and up_to <= 0:
            raise InvalidArgument("up_to must be greater than 0.")
        path = parse_field_path(getattr(each, kind).field.field_path) if kind != "count" else None
        parsed.append(Aggregation(each.alias or f"field_{position}", kind, path, up_to))
    aliases = [aggregation.alias for aggregation in parsed]
    twice = [alias for alias in aliases if aliases.count(alias) > 1]
    if twice:
        raise InvalidArgument(f"Aggregation aliases contain duplicate alias: {twice[0]}.")
    return parsed


def aggregated_paths(aggregations: Iterable[Aggregation]) -> set[FieldPath]:
    """The fields that are summed up or averaged."""
    return {aggregation.path for aggregation in aggregations if aggregation.path is not None}


def aggregate(
    snapshot: Snapshot, query: Query, aggregations: list[Aggregation], statistics: Statistics
) -> AggregationResult:
    """The values of all aggregations. Where several fields are aggregated, only documents that have all of them count."""
    result = AggregationResult()
    paths = aggregated_paths(aggregations)
    if not paths:
        limits = [aggregation.up_to for aggregation in aggregations]
        largest = None if None in limits else max(limit for limit in limits if limit is not None)
        count = count_results(snapshot, query, largest, statistics)
        for aggregation in aggregations:
            result.aggregate_fields[aggregation.alias].integer_value = _capped(count, aggregation.up_to)
        return result
    columns: dict[FieldPath, list[Value]] = {path: [] for path in paths}
    count = 0
    for record in run_query(snapshot, query, statistics):
        values = {path: get_field(record.document.fields, path) for path in paths}
        if None in values.values():
            continue
        count += 1
        for path, value in values.items():
            columns[path].append(value)
    for aggregation in aggregations:
        target = result.aggregate_fields[aggregation.alias]
        if aggregation.path is None:
            target.integer_value = _capped(count, aggregation.up_to)
        else:
            numbers = list(_numbers(columns[aggregation.path]))
            target.CopyFrom(_sum(numbers) if aggregation.kind == "sum" else _average(numbers))
    return result


def _capped(count: int, up_to: int | None) -> int:
    return count if up_to is None else min(count, up_to)


def _numbers(values: Iterable[Value]) -> Iterable[int | float]:
    return (number(value) for value in values if value.WhichOneof("value_type") in ("integer_value", "double_value"))


def _sum(numbers: list[int | float]) -> Value:
    if all(isinstance(each, int) for each in numbers):
        total = sum(numbers)
        return Value(integer_value=total) if total in _INT64 else Value(double_value=float(total))
    return Value(double_value=_total(numbers))


def _average(numbers: list[int | float]) -> Value:
    return Value(double_value=_total(numbers) / len(numbers)) if numbers else Value(null_value=0)


def _total(numbers: list[int | float]) -> float:
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):  # too large for a double on the way, or both infinities
        return float(sum(map(float, numbers)))
