"""A query that comes again, with other values of its parameters, is answered as if it came for the first time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from google.api_core.exceptions import NotFound
from google.cloud import bigquery

from infra.local.bigquery.parameters import Parameters, with_texts

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def ask_with(client: bigquery.Client) -> Ask:
    """Runs a query with named parameters; a list is an array."""

    def run(sql: str, kind: str = "STRING", **values: Any) -> list[tuple[Any, ...]]:
        parameters = [
            bigquery.ArrayQueryParameter(name, kind, value)
            if isinstance(value, list)
            else bigquery.ScalarQueryParameter(name, kind, value)
            for name, value in values.items()
        ]
        config = bigquery.QueryJobConfig(query_parameters=parameters, use_query_cache=False)
        return [tuple(row.values()) for row in client.query_and_wait(sql, job_config=config)]

    return run


@pytest.fixture
def table(client: bigquery.Client, dataset: str) -> Iterator[str]:
    """A table with a column `a` of one row."""
    client.query_and_wait(f"CREATE TABLE {dataset}.again (a INT64); INSERT INTO {dataset}.again VALUES (1)")
    yield f"{dataset}.again"
    client.delete_table(f"{dataset}.again", not_found_ok=True)


@pytest.mark.parametrize("text", ["plain", "it's", "''", "\\", "\n\t", "Ünï ✓", "\x020\x03", "$${x} %s @v", ""])
def test_any_text_comes_back_as_it_was(ask_with: Ask, text: str) -> None:
    for _ in range(3):
        assert ask_with("SELECT @v AS v, LENGTH(@v) AS n, @w AS w", v=text, w=f"{text}!") == [
            (text, len(text), f"{text}!")
        ]


def test_a_null_is_not_what_was_there_before(ask_with: Ask) -> None:
    sql = "SELECT @v IS NULL AS missing, IFNULL(@v, 'none') AS v"
    assert [ask_with(sql, v=value) for value in ("a", None, "b", None)] == [
        [(False, "a")],
        [(True, "none")],
        [(False, "b")],
        [(True, "none")],
    ]


def test_lists_of_any_length_and_of_nothing(ask_with: Ask) -> None:
    sql = "SELECT x FROM UNNEST(['a', 'b', NULL]) AS x WHERE x IN UNNEST(@only) ORDER BY x"
    for only, found in ((["a"], ["a"]), ([], []), (["b", "a"], ["a", "b"]), (["b", "c"], ["b"]), (["it's"], [])):
        assert ask_with(sql, only=only) == [(each,) for each in found]
    outside = "SELECT x FROM UNNEST(['a', 'b', NULL]) AS x WHERE x NOT IN UNNEST(@but) ORDER BY x"
    assert ask_with(outside, but=["a"]) == [("b",)], "of NULL nobody can say that it is not in the list"
    assert ask_with(outside, but=[]) == [(None,), ("a",), ("b",)]


def test_a_parameter_that_decides_how_the_query_is_written(ask_with: Ask) -> None:
    sql = "SELECT FORMAT_TIMESTAMP(@form, TIMESTAMP '2026-01-02 03:04:05+00')"
    assert [ask_with(sql, form=form) for form in ("%Y", "%H:%M", "%Y")] == [[("2026",)], [("03:04",)], [("2026",)]]


def test_types_are_told_apart(ask_with: Ask) -> None:
    sql = "SELECT @v = @v AS same, @v AS v"
    at = datetime(2026, 1, 2, tzinfo=UTC)
    assert ask_with(sql, "STRING", v="1") == [(True, "1")]
    assert ask_with(sql, "INT64", v=1) == [(True, 1)]
    assert ask_with(sql, "FLOAT64", v=1.5) == [(True, 1.5)]
    assert ask_with(sql, "TIMESTAMP", v=at) == [(True, at)]
    assert ask_with(sql, "BYTES", v=b"'") == [(True, b"'")]


def test_a_table_that_has_changed_is_looked_at_anew(client: bigquery.Client, ask_with: Ask, table: str) -> None:
    sql = f"SELECT * FROM {table} WHERE 'x' = @v"
    assert [ask_with(sql, v="x") for _ in range(2)] == [[(1,)]] * 2
    client.query_and_wait(f"ALTER TABLE {table} ADD COLUMN b STRING")
    assert ask_with(sql, v="x") == [(1, None)]
    client.query_and_wait(f"CREATE OR REPLACE VIEW {table}_seen AS SELECT a + 1 AS a FROM {table}")
    seen = f"SELECT * FROM {table}_seen WHERE 'x' = @v"
    assert [ask_with(seen, v="x") for _ in range(2)] == [[(2,)]] * 2
    client.query_and_wait(f"CREATE OR REPLACE VIEW {table}_seen AS SELECT a + 2 AS a FROM {table}")
    assert ask_with(seen, v="x") == [(3,)]
    client.delete_table(table)
    with pytest.raises(NotFound):
        ask_with(sql, v="x")


def test_tables_that_come_and_go_under_a_wildcard_are_seen(client: bigquery.Client, ask_with: Ask, table: str) -> None:
    sql = f"SELECT COUNT(*) FROM `{table}*` WHERE 'x' = @v"
    assert ask_with(sql, v="x") == [(1,)]
    client.query_and_wait(f"CREATE TABLE {table}_more AS SELECT 2 AS a")
    assert ask_with(sql, v="x") == [(2,)]
    client.delete_table(f"{table}_more")


def test_texts_take_the_places_of_their_slots() -> None:
    resource = {"name": "v", "parameterType": {"type": "STRING"}, "parameterValue": {"value": "it's"}}
    parameters = Parameters.parse("NAMED", [resource])
    assert with_texts("SELECT '\x020\x03', '0'", parameters.texts) == "SELECT 'it''s', '0'"
