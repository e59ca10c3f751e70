"""Whatever index answers a query, the answer is the one that looking at every document gives, and it is found without
looking at every document."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.firestore.authorization import ADMIN
from infra.local.firestore.engine import Engine
from infra.local.firestore.messages import (
    CommitRequest,
    Cursor,
    Document,
    RunQueryRequest,
    RunQueryResponse,
    StructuredQuery,
    Value,
    Write,
)
from infra.local.firestore.query import parse_query
from infra.local.firestore.records import Record
from infra.local.firestore.timestamps import to_micros

DATABASE = "projects/p/databases/(default)"
ROOT = f"{DATABASE}/documents"
Op = StructuredQuery.FieldFilter


def value(plain: Any) -> Value:
    match plain:
        case None:
            return Value(null_value=0)
        case int():
            return Value(integer_value=plain)
        case float():
            return Value(double_value=plain)
        case str():
            return Value(string_value=plain)
    array = Value()
    array.array_value.values.extend(value(each) for each in plain)
    return array


def document(path: str, fields: dict[str, Any]) -> Document:
    made = Document(name=f"{ROOT}/{path}")
    for name, plain in fields.items():
        made.fields[name].CopyFrom(value(plain))
    return made


def commit(engine: Engine, documents: list[Document]) -> int:
    writes = [Write(update=each) for each in documents]
    return to_micros(engine.commits.commit(CommitRequest(database=DATABASE, writes=writes), ADMIN).commit_time)


def run(engine: Engine, query: StructuredQuery, **more: Any) -> list[RunQueryResponse]:
    return list(engine.queries.run_query(RunQueryRequest(parent=ROOT, structured_query=query, **more), ADMIN))


def names(responses: list[RunQueryResponse]) -> list[str]:
    return [each.document.name for each in responses if each.HasField("document")]


def by_looking_at_all(documents: list[Document], query: StructuredQuery) -> list[str]:
    parsed = parse_query(DATABASE, "", query)
    records = [Record(each.SerializeToString()) for each in documents]
    found = [
        (parsed.sort_key(each) or b"", each.document.name)
        for each in records
        if parsed.scope.covers(DATABASE, each.document.name[len(ROOT) + 1 :].rpartition("/")[0])
        and parsed.selects(each)
    ]
    stop = None if parsed.limit is None else parsed.offset + parsed.limit
    return [name for _, name in sorted(found)][parsed.offset : stop]


# -- any query ---------------------------------------------------------------------------------------------------------

FIELDS = ["a", "b", "c"]
plains = st.sampled_from(
    [None, 0, 1, 1.0, 2, 2.5, "x", "y", float("nan"), [1, "x"], [2], "z" * 1600 + "1", "z" * 1600 + "2"]
)
field_maps = st.dictionaries(st.sampled_from(FIELDS), plains, max_size=3)
paths = st.sampled_from([f"t/{letter}" for letter in "abcdefgh"] + ["u/1/t/a", "u/1/t/z", "u/2/t/m"])
contents = st.dictionaries(paths, field_maps, max_size=11)
comparisons = st.tuples(
    st.sampled_from(FIELDS),
    st.sampled_from(
        [Op.LESS_THAN, Op.LESS_THAN_OR_EQUAL, Op.GREATER_THAN, Op.GREATER_THAN_OR_EQUAL, Op.EQUAL, Op.NOT_EQUAL]
    ),
    plains,
)
memberships = st.tuples(st.sampled_from(FIELDS), st.sampled_from([Op.IN, Op.ARRAY_CONTAINS]), plains)
name_bounds = st.tuples(st.just("__name__"), st.sampled_from([Op.GREATER_THAN, Op.LESS_THAN_OR_EQUAL, Op.EQUAL]), paths)


def add_filter(target: StructuredQuery, condition: tuple[str, int, Any]) -> None:
    path, op, operand = condition
    target.field_filter.field.field_path = path
    target.field_filter.op = op
    if path == "__name__":
        target.field_filter.value.reference_value = f"{ROOT}/{operand}"
    else:
        target.field_filter.value.CopyFrom(
            value([operand, 1]) if op == Op.IN and not isinstance(operand, list) else value(operand)
        )


@st.composite
def queries(draw: Callable[[Any], Any]) -> StructuredQuery:
    query = StructuredQuery()
    query.from_.add(collection_id="t", all_descendants=draw(st.booleans()))
    conditions = draw(st.lists(comparisons | memberships | name_bounds, max_size=3))
    ops = [op for _, op, _ in conditions]
    if conditions and all(ops.count(once) <= 1 for once in (Op.ARRAY_CONTAINS, Op.NOT_EQUAL)):
        disjunctive = draw(st.booleans())
        query.where.composite_filter.op = 2 if disjunctive else 1
        for condition in conditions:
            add_filter(query.where.composite_filter.filters.add(), condition)
    orders = draw(st.lists(st.sampled_from([*FIELDS, "__name__"]), unique=True, max_size=3))
    for path in orders:
        query.order_by.add(direction=draw(st.sampled_from([1, 2]))).field.field_path = path
    for bound in ("start_at", "end_at"):
        if orders and draw(st.integers(0, 3)) == 0:
            parts = [
                value(draw(plains)) if path != "__name__" else Value(reference_value=f"{ROOT}/{draw(paths)}")
                for path in orders
            ]
            getattr(query, bound).CopyFrom(
                Cursor(values=parts[: draw(st.integers(1, len(parts)))], before=draw(st.booleans()))
            )
    if draw(st.booleans()):
        query.limit.value = draw(st.integers(1, 4))
    query.offset = draw(st.sampled_from([0, 0, 0, 2]))
    return query


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    running = Engine(tmp_path_factory.mktemp("scratch"))
    yield running
    running.close()


def replace_all(engine: Engine, fields_by_path: dict[str, dict[str, Any]]) -> tuple[list[Document], int]:
    """Make these the only documents."""
    group = StructuredQuery()
    group.from_.add(all_descendants=True)
    writes = [Write(delete=name) for name in names(run(engine, group))]
    documents = [document(path, fields) for path, fields in fields_by_path.items()]
    writes += [Write(update=each) for each in documents]
    response = engine.commits.commit(CommitRequest(database=DATABASE, writes=writes), ADMIN)
    return documents, to_micros(response.commit_time)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents, contents, st.lists(queries(), min_size=1, max_size=6))
def test_every_query_finds_what_looking_at_all_documents_finds(
    scratch: Engine,
    earlier: dict[str, dict[str, Any]],
    later: dict[str, dict[str, Any]],
    asked: list[StructuredQuery],
) -> None:
    before, micros = replace_all(scratch, earlier)
    after, _ = replace_all(scratch, later)
    then = {"seconds": micros // 1_000_000, "nanos": micros % 1_000_000 * 1000}
    for query in asked:
        assert names(run(scratch, query)) == by_looking_at_all(after, query)
        assert names(run(scratch, query, read_time=then)) == by_looking_at_all(before, query)


# -- many documents ----------------------------------------------------------------------------------------------------

MANY = 20_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """MANY documents: `n` counts up, `group` has 2 values, `rare` is set on every thousandth."""
    running = Engine(tmp_path_factory.mktemp("large"))
    shuffled = random.Random(7).sample(range(MANY), MANY)
    for start in range(0, MANY, 1000):
        batch = [
            document(
                f"many/{number:06}",
                {"n": number, "group": number % 2, **({"rare": "yes"} if number % 1000 == 0 else {})},
            )
            for number in shuffled[start : start + 1000]
        ]
        commit(running, batch)
    yield running
    running.close()


def many(
    *conditions: tuple[str, int, Any], orders: tuple[tuple[str, int], ...] = (), limit: int = 20, group: bool = False
) -> StructuredQuery:
    query = StructuredQuery()
    query.from_.add(collection_id="many", all_descendants=group)
    query.where.composite_filter.op = 1
    for condition in conditions:
        add_filter(query.where.composite_filter.filters.add(), condition)
    if not conditions:
        query.ClearField("where")
    for path, direction in orders:
        query.order_by.add(direction=direction).field.field_path = path
    query.limit.value = limit
    return query


NEWEST = (("n", StructuredQuery.DESCENDING),)


@pytest.mark.parametrize(
    ("query", "most"),
    [
        (many(("n", Op.EQUAL, 4711)), 1),
        (many(("n", Op.GREATER_THAN, 19_900)), 20),
        (many(orders=NEWEST), 20),
        (many(("group", Op.EQUAL, 1)), 20),
        (many(("group", Op.EQUAL, 1), orders=NEWEST), 20),
        (many(("group", Op.EQUAL, 0), ("rare", Op.EQUAL, "yes")), 20),
        (many(("rare", Op.EQUAL, "yes"), orders=NEWEST), 40),
        (many(("group", Op.EQUAL, 1), ("n", Op.LESS_THAN, 50), orders=NEWEST), 50),
        (many(("n", Op.IN, [1, 5000, 19_999])), 3),
        (many(("__name__", Op.GREATER_THAN, "many/010000")), 21),
        (many(("rare", Op.EQUAL, "yes"), ("n", Op.NOT_EQUAL, 0), orders=NEWEST), 40),
        (many(group=True), 20),
        (many(orders=NEWEST, group=True), 21),
        (many(("group", Op.EQUAL, 1), group=True), 20),
    ],
)
def test_a_query_reads_few_of_many_documents(large: Engine, query: StructuredQuery, most: int) -> None:
    responses = run(large, query, explain_options={"analyze": True})
    stats = responses[-1].explain_metrics.execution_stats
    assert 0 < stats.results_returned <= query.limit.value
    assert int(stats.debug_stats["documents_scanned"]) <= most


def test_a_limited_query_over_many_documents_takes_a_small_part_of_reading_them_all(large: Engine) -> None:
    everything = many(limit=MANY)
    limited = many(("group", Op.EQUAL, 1), orders=NEWEST)

    def seconds(query: StructuredQuery) -> float:
        start = time.perf_counter()
        run(large, query)
        return time.perf_counter() - start

    assert min(seconds(limited) for _ in range(5)) * 20 < seconds(everything)
