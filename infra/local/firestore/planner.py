"""Chooses the index for a conjunction by counting, up to a limit, how many rows each candidate has."""

from dataclasses import replace

from .encoding import child_id
from .field_paths import NAME, FieldPath
from .filters import INEQUALITIES, RANGES, Comparison, Conjunction, Op
from .index import cut, field_key
from .plan import Interval, Plan, Probe, is_exact
from .query import Order, Query
from .snapshot import Snapshot

SELECTIVE = 1000
"""Index rows up to which finding all matches and sorting them beats walking an index in the order asked for."""


def choose_plan(snapshot: Snapshot, query: Query, conjunction: Conjunction) -> Plan:
    """The cheapest way to find what meets `conjunction`."""
    orders = _open_orders(query, conjunction)
    by_path = query.scope.descendants or snapshot.has_numeric_ids(query.scope.database, query.scope.collection_path)
    walk = _walk_in_order(query, conjunction, orders, by_path)
    lookups = _lookups(query, conjunction, orders, by_path)
    if orders[0].path == NAME and not _bounded_ids(walk):
        # Every lookup of an equality comes in the order of names too, so the fewest rows win, however many they are.
        in_order = [plan for plan in lookups if plan.ordered]
        if in_order:
            return min(in_order, key=lambda plan: _count(snapshot, plan)) if len(in_order) > 1 else in_order[0]
    candidates = [(_count(snapshot, plan), plan) for plan in (*lookups, walk)]
    fewest, plan = min(candidates, key=lambda candidate: candidate[0])
    return plan if fewest < SELECTIVE else walk


def _count(snapshot: Snapshot, plan: Plan) -> int:
    """Index rows of a plan without its probes, counted up to SELECTIVE."""
    sql = replace(plan, probes=()).sql(snapshot, SELECTIVE)
    if sql is None:
        return 0
    return int(next(snapshot.rows(f"SELECT count(*) FROM ({sql[0]})", sql[1]))[0])  # noqa: S608


def _bounded_ids(plan: Plan) -> bool:
    return plan.key is None and plan.ids != (None, None)


def _open_orders(query: Query, conjunction: Conjunction) -> tuple[Order, ...]:
    """The orders that an equality does not already settle."""
    settled = {c.path for c in conjunction if c.op is Op.EQ and c.path != NAME}
    return tuple(order for order in query.orders if order.path not in settled)


def _equalities(conjunction: Conjunction) -> list[Comparison]:
    return [c for c in conjunction if c.path != NAME and c.op in (Op.EQ, Op.CONTAINS)]


def _probe(comparison: Comparison) -> Probe:
    return Probe(field_key(comparison.path, comparison.op is Op.CONTAINS), cut(comparison.operand))


def _lookups(query: Query, conjunction: Conjunction, orders: tuple[Order, ...], by_path: bool) -> list[Plan]:
    """A plan for each equality, and for each range that is not over the first field sorted by."""
    plans = []
    equalities = _equalities(conjunction)
    ids = (None, None) if by_path else _ids(query, conjunction, orders)
    by_name = orders[0].path == NAME
    for driver in equalities:
        others = tuple(_probe(c) for c in equalities if c is not driver)
        probe = _probe(driver)
        plans.append(
            Plan(
                query.scope,
                probe.key,
                fixed=probe.value,
                ids=ids,
                probes=others,
                ids_descending=orders[0].descending,
                ordered=by_name,
                by_path=by_name and by_path,
                complete=[order.path for order in orders] == [NAME],
                residual=_residual(conjunction, None),
            )
        )
    probes = tuple(_probe(c) for c in equalities)
    for path in dict.fromkeys(
        c.path for c in conjunction if c.op in INEQUALITIES and c.path not in (NAME, orders[0].path)
    ):
        plans.append(
            Plan(
                query.scope,
                field_key(path),
                interval=_interval(conjunction, path),
                ids=ids,
                probes=probes,
                residual=_residual(conjunction, path),
            )
        )
    return plans


def _walk_in_order(query: Query, conjunction: Conjunction, orders: tuple[Order, ...], by_path: bool) -> Plan:
    """The walk over the first field sorted by, or over the names."""
    first = orders[0]
    probes = tuple(_probe(c) for c in _equalities(conjunction))
    ids = (None, None) if by_path else _ids(query, conjunction, orders)
    if first.path == NAME:
        return Plan(
            query.scope,
            None,
            ids=ids,
            probes=probes,
            ids_descending=first.descending,
            ordered=True,
            by_path=by_path,
            complete=len(orders) == 1,
            residual=_residual(conjunction, None),
        )
    return Plan(
        query.scope,
        field_key(first.path),
        interval=_between_cursors(_interval(conjunction, first.path), query, first),
        ids=ids,
        probes=probes,
        descending=first.descending,
        ids_descending=orders[-1].descending,
        grouped=True,
        ordered=len(orders) == 2 and orders[1].path == NAME and not by_path,
        complete=len(orders) == 2 and orders[1].path == NAME,
        residual=_residual(conjunction, first.path),
    )


def _residual(conjunction: Conjunction, walked: FieldPath | None) -> Conjunction:
    """What the indexes do not decide: cut values, ranges over other fields, exclusions, conditions on names."""
    return tuple(c for c in conjunction if not _is_decided(c, walked))


def _is_decided(comparison: Comparison, walked: FieldPath | None) -> bool:
    if comparison.path == NAME or not all(is_exact(operand) for operand in comparison.operands):
        return False
    if comparison.op in (Op.EQ, Op.CONTAINS):
        return True
    return comparison.op in RANGES and comparison.path == walked


def _interval(conjunction: Conjunction, path: FieldPath) -> Interval:
    interval = Interval()
    for comparison in conjunction:
        if comparison.path == path and comparison.op in INEQUALITIES:
            interval = interval.narrowed(comparison)
    return interval


def _between_cursors(interval: Interval, query: Query, first: Order) -> Interval:
    """Leaves out what the cursors rule out by their first value alone."""
    if query.orders[0] != first:
        return interval
    lower, upper = (query.end, query.start) if first.descending else (query.start, query.end)
    if lower and lower.values:
        interval = interval.clipped(cut(lower.values[0]), b"\xff")
    if upper and upper.values:
        interval = interval.clipped(b"", cut(upper.values[0]) + b"\xff")
    return interval


def _ids(query: Query, conjunction: Conjunction, orders: tuple[Order, ...]) -> tuple[str | None, str | None]:
    """The ids that conditions on the name, and cursors when only the name is sorted by, leave in one collection."""
    lows, highs = list[bytes](), list[bytes]()
    for comparison in conjunction:
        if comparison.path == NAME and comparison.op in (Op.EQ, Op.GT, Op.GE):
            lows.append(comparison.operand)
        if comparison.path == NAME and comparison.op in (Op.EQ, Op.LT, Op.LE):
            highs.append(comparison.operand)
    if query.orders[0].path == NAME:
        lower, upper = (query.end, query.start) if orders[0].descending else (query.start, query.end)
        lows += lower.values[:1] if lower else ()
        highs += upper.values[:1] if upper else ()
    collection = f"{query.scope.database}/documents/{query.scope.collection_path}"
    low = [name for name in (child_id(collection, value) for value in lows) if name is not None]
    high = [name for name in (child_id(collection, value) for value in highs) if name is not None]
    return max(low, default=None, key=str.encode), min(high, default=None, key=str.encode)
