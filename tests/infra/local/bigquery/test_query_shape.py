"""What the parts of a query mean: names, arrays, grouping, order, tables that are not tables."""

import datetime

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery

from tests.infra.local.bigquery.conftest import Ask


def test_unnamed_columns_are_numbered_among_themselves(client: bigquery.Client) -> None:
    rows = client.query_and_wait("SELECT 1, 2 AS named, 3")
    assert [field.name for field in rows.schema] == ["f0_", "named", "f1_"]


def test_offset_counts_from_zero(ask: Ask) -> None:
    assert ask("SELECT x, o FROM UNNEST(['a', 'b']) AS x WITH OFFSET AS o ORDER BY o") == [("a", 0), ("b", 1)]


def test_fields_of_unnested_structs_are_columns(ask: Ask) -> None:
    array = "[STRUCT(1 AS a, 'x' AS b), STRUCT(2, 'y')]"
    assert ask(f"SELECT a, b FROM UNNEST({array}) ORDER BY a") == [(1, "x"), (2, "y")]
    assert ask(f"SELECT s.a, s FROM UNNEST({array}) AS s ORDER BY s.a DESC LIMIT 1") == [(2, {"a": 2, "b": "y"})]


def test_structs_without_names_in_arrays_take_those_of_the_column(ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t (items ARRAY<STRUCT<a INT64, b STRING>>)")
    ask(f"INSERT INTO {dataset}.t (items) VALUES ([STRUCT(1, 'x'), (2, 'y')])")
    assert ask(f"SELECT items FROM {dataset}.t") == [([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],)]


def test_an_array_of_a_row_joins_with_it(ask: Ask) -> None:
    source = "WITH t AS (SELECT 1 AS k, ['x', 'y'] AS items UNION ALL SELECT 2, [])"
    assert ask(f"{source} SELECT k, item FROM t, t.items AS item ORDER BY item") == [(1, "x"), (1, "y")]
    assert ask(f"{source} SELECT k, item FROM t, UNNEST(t.items) AS item ORDER BY item") == [(1, "x"), (1, "y")]
    assert ask(f"{source} SELECT k, item FROM t LEFT JOIN UNNEST(items) AS item ORDER BY k, item") == [
        (1, "x"),
        (1, "y"),
        (2, None),
    ]


def test_a_select_alias_hides_the_column_in_group_by_and_having(ask: Ask) -> None:
    source = "UNNEST([DATE '2024-01-01', DATE '2024-01-20', DATE '2024-02-01']) AS d"
    sql = f"SELECT DATE_TRUNC(d, MONTH) AS d, COUNT(*) AS n FROM {source} GROUP BY d HAVING n > 1"
    assert ask(sql) == [(datetime.date(2024, 1, 1), 2)]


def test_nulls_are_the_smallest(ask: Ask) -> None:
    assert ask("SELECT x FROM UNNEST([2, NULL, 1]) AS x ORDER BY x") == [(None,), (1,), (2,)]
    assert ask("SELECT x FROM UNNEST([2, NULL, 1]) AS x ORDER BY x DESC") == [(2,), (1,), (None,)]


def test_array_of_structs_from_a_subquery(ask: Ask) -> None:
    sql = "SELECT ARRAY(SELECT AS STRUCT x, x * 2 AS y FROM UNNEST([1, 2]) AS x ORDER BY x DESC) AS pairs"
    assert ask(sql) == [([{"x": 2, "y": 4}, {"x": 1, "y": 2}],)]


def test_window_functions_and_qualify(ask: Ask) -> None:
    sql = """SELECT x, LAG(x) OVER (ORDER BY x), SUM(x) OVER (ORDER BY x), PERCENTILE_CONT(x, 0.5) OVER ()
             FROM UNNEST([1, 2, 4]) AS x QUALIFY ROW_NUMBER() OVER (ORDER BY x DESC) = 1"""
    assert ask(sql) == [(4, 2, 7, 2.0)]


def test_except_replace_and_set_operations(ask: Ask) -> None:
    assert ask("SELECT * EXCEPT (a) REPLACE (b + 1 AS b) FROM (SELECT 1 AS a, 2 AS b)") == [(3,)]
    assert ask("SELECT 1 UNION DISTINCT SELECT 1") == [(1,)]


def test_wildcard_tables_have_a_suffix(ask: Ask, dataset: str) -> None:
    for day in ("20240101", "20240102"):
        ask(f"CREATE TABLE {dataset}.log_{day} AS SELECT '{day}' AS day")
    sql = f"SELECT day, _TABLE_SUFFIX AS s FROM `{dataset}.log_*` WHERE _TABLE_SUFFIX > '20240101'"
    assert ask(sql) == [("20240102", "20240102")]


def test_a_partition_decorator_reads_one_partition(ask: Ask, dataset: str) -> None:
    rows = "SELECT d FROM UNNEST([DATE '2024-01-01', DATE '2024-01-02']) AS d"
    ask(f"CREATE TABLE {dataset}.t (d DATE) PARTITION BY d AS {rows}")
    assert ask(f"SELECT d FROM `{dataset}.t$20240102`") == [(datetime.date(2024, 1, 2),)]


def test_ingestion_time_is_a_column_only_when_named(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    table = bigquery.Table(f"{client.project}.{dataset}.t", [bigquery.SchemaField("a", "INT64")])
    table.time_partitioning = bigquery.TimePartitioning()
    client.create_table(table)
    assert client.insert_rows_json(table, [{"a": 1}]) == []
    assert ask(f"SELECT * FROM {dataset}.t") == [(1,)]
    assert ask(f"SELECT a FROM {dataset}.t WHERE _PARTITIONTIME <= CURRENT_TIMESTAMP()") == [(1,)]


def test_information_schema_shows_tables_and_columns(ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t (a INT64 NOT NULL, r STRUCT<b ARRAY<STRING>>)")
    assert ask(f"SELECT table_name, table_type FROM {dataset}.INFORMATION_SCHEMA.TABLES") == [("t", "BASE TABLE")]
    columns = f"SELECT column_name, data_type, is_nullable FROM {dataset}.INFORMATION_SCHEMA.COLUMNS ORDER BY ordinal_position"
    assert ask(columns) == [("a", "INT64", "NO"), ("r", "STRUCT<b ARRAY<STRING>>", "YES")]


def test_a_view_is_its_query(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t AS SELECT x FROM UNNEST([1, 2, 3]) AS x")
    view = bigquery.Table(f"{client.project}.{dataset}.v")
    view.view_query = f"SELECT x, x * x AS square FROM {dataset}.t WHERE x > 1"
    created = client.create_table(view)
    assert (created.table_type, [field.name for field in created.schema]) == ("VIEW", ["x", "square"])
    assert ask(f"SELECT SUM(square) FROM {dataset}.v") == [(13,)]


def test_errors_say_where(ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t (a INT64)")
    with pytest.raises(BadRequest, match=r"Syntax error: .* at \[1:7\]"):
        ask("SELEC 1")
    with pytest.raises(BadRequest, match=r"Unrecognized name: nope at \[2:8\]"):
        ask(f"SELECT a,\n       nope FROM {dataset}.t")
    with pytest.raises(NotFound, match="Not found: Table"):
        ask(f"SELECT 1 FROM {dataset}.missing")
    with pytest.raises(NotFound, match="Not found: Dataset"):
        ask("SELECT 1 FROM nowhere.t")
    with pytest.raises(BadRequest, match="must be qualified with a dataset"):
        ask("SELECT 1 FROM t")


@pytest.mark.parametrize(
    "statement",
    ["EXPORT DATA OPTIONS (uri='gs://b/o') AS SELECT 1", "BEGIN SELECT 1; END", "CALL f()", "SELECT 4 | 1 << 1"],
)
def test_statements_without_a_counterpart_are_refused(ask: Ask, statement: str) -> None:
    with pytest.raises(BadRequest, match=r"not supported by the local server|Syntax error"):
        ask(statement)


def test_script_variables(ask: Ask) -> None:
    assert ask("DECLARE x INT64 DEFAULT 3; SET x = x + 1; SELECT x * 2 AS y") == [(8,)]


def test_a_text_that_comes_again_is_answered_for_the_parameters_that_it_comes_with(client: bigquery.Client) -> None:
    sql = "SELECT @n + 1 AS more FROM UNNEST([1, 2]) WHERE @n < 5"
    answers = []
    for number in (1, 2, 9):
        given = bigquery.QueryJobConfig(query_parameters=[bigquery.ScalarQueryParameter("n", "INT64", number)])
        answers.append([row.more for row in client.query_and_wait(sql, job_config=given)])
    assert answers == [[2, 2], [3, 3], []]
