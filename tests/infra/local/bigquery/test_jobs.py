"""Query jobs: results by pages, parameters of every type, dry runs, DML, DDL, destinations, cancelling."""

import datetime
import decimal
import uuid

import pytest
from google.api_core.exceptions import BadRequest, Conflict, GoogleAPICallError, NotFound
from google.cloud import bigquery

from tests.infra.local.bigquery.conftest import Ask


def scalar(kind: str, value: object) -> bigquery.ScalarQueryParameter:
    return bigquery.ScalarQueryParameter("p", kind, value)


PARAMETERS = [
    ("STRING", "it's ? @x \\ é", "it's ? @x \\ é"),
    ("INT64", 9223372036854775807, 9223372036854775807),
    ("FLOAT64", 1e300, 1e300),
    ("BOOL", False, False),
    ("BYTES", b"\x00\xff", b"\x00\xff"),
    ("NUMERIC", decimal.Decimal("-12345678901234567890.123456789"), decimal.Decimal("-12345678901234567890.123456789")),
    ("DATE", datetime.date(2024, 2, 29), datetime.date(2024, 2, 29)),
    ("TIME", datetime.time(1, 2, 3, 4), datetime.time(1, 2, 3, 4)),
    ("DATETIME", datetime.datetime(2024, 1, 1, 2, 3), datetime.datetime(2024, 1, 1, 2, 3)),
    (
        "TIMESTAMP",
        datetime.datetime(2024, 1, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
        datetime.datetime(2024, 1, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
    ),
    ("JSON", {"a": [1, "x"]}, {"a": [1, "x"]}),
]


@pytest.mark.parametrize(("kind", "given", "expected"), PARAMETERS, ids=[case[0] for case in PARAMETERS])
def test_a_parameter_comes_back_exactly(ask: Ask, kind: str, given: object, expected: object) -> None:
    assert ask("SELECT @p AS value", scalar(kind, given)) == [(expected,)]
    assert ask("SELECT @p AS value", scalar(kind, None)) == [(None,)]


def test_arrays_structs_and_positions(ask: Ask) -> None:
    names = bigquery.ArrayQueryParameter("names", "STRING", ["b", "a"])
    point = bigquery.StructQueryParameter(
        "point", scalar("INT64", 3), bigquery.ScalarQueryParameter("q", "STRING", "x")
    )
    assert ask("SELECT n FROM UNNEST(@names) AS n ORDER BY n", names) == [("a",), ("b",)]
    assert ask("SELECT @point.p + 1, @point", point) == [(4, {"p": 3, "q": "x"})]
    positional = [bigquery.ScalarQueryParameter(None, "INT64", n) for n in (1, 2, 3)]
    assert ask("WITH t AS (SELECT ? AS a) SELECT a, ? FROM t WHERE a < ? AND '?' = '?'", *positional) == [(1, 2)]
    with pytest.raises(BadRequest, match="not found"):
        ask("SELECT @missing")


def test_an_interval_takes_a_parameter(ask: Ask) -> None:
    sql = "SELECT TIMESTAMP_SUB(TIMESTAMP '2024-01-03 00:00:00+00', INTERVAL @p DAY)"
    assert ask(sql, scalar("INT64", 2)) == [(datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),)]


def test_results_come_by_pages(client: bigquery.Client) -> None:
    job = client.query("SELECT x FROM UNNEST(GENERATE_ARRAY(1, 25)) AS x ORDER BY x")
    pages = [[row.x for row in page] for page in job.result(page_size=10).pages]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [x for page in pages for x in page] == list(range(1, 26))
    again = client.get_job(job.job_id)
    assert (again.state, again.statement_type) == ("DONE", "SELECT")
    assert [row.x for row in again.result(start_index=20)] == [21, 22, 23, 24, 25]


def test_intervals_are_written_as_bigquery_writes_them(client: bigquery.Client) -> None:
    (row,) = client.query_and_wait("SELECT INTERVAL 14 MONTH AS months, INTERVAL 3 DAY AS days")
    assert (row.months.years, row.months.months, row.days.days) == (1, 2, 3)


def test_what_a_query_reads_is_told_of_the_table_as_it_is_then(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    def read() -> int | None:
        return client.query_and_wait(f"SELECT a FROM {dataset}.t").total_bytes_processed

    ask(f"CREATE TABLE {dataset}.t AS SELECT 1 AS a")
    assert [read(), read()] == [8, 8]
    ask(f"INSERT INTO {dataset}.t (a) SELECT * FROM UNNEST([2, 3])")
    assert read() == 24
    assert client.insert_rows_json(f"{dataset}.t", [{"a": 4}]) == []
    assert [read(), client.get_table(f"{dataset}.t").num_rows] == [32, 4]
    ask(f"TRUNCATE TABLE {dataset}.t")
    assert read() == 0
    ask(f"CREATE OR REPLACE TABLE {dataset}.t AS SELECT 5 AS a")
    assert read() == 8


def test_a_dry_run_gives_schema_and_cost_and_runs_nothing(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t AS SELECT 1 AS a")
    config = bigquery.QueryJobConfig(dry_run=True, use_query_cache=False)
    job = client.query(f"SELECT a, 'x' AS b FROM {dataset}.t", job_config=config)
    assert job.total_bytes_processed == 8
    assert [(field.name, field.field_type) for field in job.schema] == [("a", "INTEGER"), ("b", "STRING")]
    client.query(f"DELETE FROM {dataset}.t WHERE TRUE", job_config=config)
    client.query(f"DROP TABLE {dataset}.t", job_config=config)
    assert ask(f"SELECT COUNT(*) FROM {dataset}.t") == [(1,)]
    with pytest.raises(BadRequest, match="Unrecognized name"):
        client.query(f"SELECT nope FROM {dataset}.t", job_config=config)


def test_a_job_id_is_used_once(client: bigquery.Client) -> None:
    name = f"job-{uuid.uuid4().hex}"
    client.query("SELECT 1", job_id=name).result()
    with pytest.raises(Conflict, match="Already Exists: Job"):
        client._connection.api_request(
            "POST",
            f"/projects/{client.project}/jobs",
            data={"jobReference": {"jobId": name}, "configuration": {"query": {"query": "SELECT 1"}}},
        )
    assert name in {job.job_id for job in client.list_jobs(state_filter="done")}
    client.delete_job_metadata(name)
    with pytest.raises(NotFound, match="Not found: Job"):
        client.get_job(name)


def test_a_request_id_makes_a_repeated_query_one_job(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t (a INT64)")
    body = {"query": f"INSERT INTO {dataset}.t (a) VALUES (1)", "useLegacySql": False, "requestId": uuid.uuid4().hex}
    answers = [
        client._connection.api_request("POST", f"/projects/{client.project}/queries", data=body) for _ in range(2)
    ]
    assert answers[0]["jobReference"] == answers[1]["jobReference"]
    assert ask(f"SELECT COUNT(*) FROM {dataset}.t") == [(1,)]


def test_a_running_job_can_be_cancelled(client: bigquery.Client) -> None:
    rows = "UNNEST(GENERATE_ARRAY(1, 20000))"
    job = client.query(f"SELECT SUM(a * b * c) FROM {rows} AS a, {rows} AS b, {rows} AS c")
    assert job.cancel()
    with pytest.raises(GoogleAPICallError, match="cancelled"):
        job.result()


def test_write_dispositions_of_a_destination(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    target = f"{client.project}.{dataset}.out"

    def write(sql: str, disposition: str, **options: object) -> None:
        config = bigquery.QueryJobConfig(destination=target, write_disposition=disposition, **options)
        client.query(sql, job_config=config).result()

    write("SELECT 1 AS a", "WRITE_EMPTY")
    with pytest.raises(Conflict):
        write("SELECT 2 AS a", "WRITE_EMPTY")
    write("SELECT 2 AS a", "WRITE_APPEND")
    assert ask(f"SELECT a FROM {dataset}.out ORDER BY a") == [(1,), (2,)]
    with pytest.raises(BadRequest, match="Cannot add fields"):
        write("SELECT 3 AS a, 4 AS b", "WRITE_APPEND")
    write("SELECT 3 AS a, 4 AS b", "WRITE_APPEND", schema_update_options=["ALLOW_FIELD_ADDITION"])
    assert ask(f"SELECT a, b FROM {dataset}.out ORDER BY a") == [(1, None), (2, None), (3, 4)]
    write(f"SELECT MAX(a) AS top FROM {dataset}.out", "WRITE_TRUNCATE")
    assert ask(f"SELECT top FROM {dataset}.out") == [(3,)]


def test_dml_tells_how_many_rows_it_changed(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t (id INT64, r STRUCT<n INT64, s STRING>, tags ARRAY<STRING>)")

    def affected(sql: str) -> int | None:
        job = client.query(sql.format(t=f"{dataset}.t"))
        job.result()
        return job.num_dml_affected_rows

    assert affected("INSERT INTO {t} (id, r, tags) VALUES (1, STRUCT(1, 'a'), ['x']), (2, STRUCT(2, 'b'), [])") == 2
    assert affected("INSERT {t} (id) SELECT id + 2 FROM {t}") == 2
    assert affected("UPDATE {t} AS u SET u.r.s = 'z', tags = ['y'] WHERE u.id = 1") == 1
    assert ask(f"SELECT r, tags FROM {dataset}.t WHERE id = 1") == [({"n": 1, "s": "z"}, ["y"])]
    assert (
        affected("UPDATE {t} SET r = s.r FROM (SELECT 3 AS id, STRUCT(9 AS n, 'q' AS s) AS r) AS s WHERE t.id = 0") == 0
    )
    merge = """MERGE {t} AS T USING (SELECT 1 AS id, STRUCT(7 AS n, 'm' AS s) AS r, ['w'] AS tags UNION ALL
               SELECT 9, STRUCT(8, 'n'), ['v']) AS S ON T.id = S.id
               WHEN MATCHED THEN UPDATE SET r = S.r WHEN NOT MATCHED THEN INSERT ROW
               WHEN NOT MATCHED BY SOURCE AND T.id > 3 THEN DELETE"""
    assert affected(merge) == 3
    assert ask(f"SELECT id, r.n FROM {dataset}.t ORDER BY id") == [(1, 7), (2, 2), (3, None), (9, 8)]
    assert affected("DELETE FROM {t} WHERE id > 2") == 2
    with pytest.raises(BadRequest, match="WHERE"):
        affected("DELETE FROM {t}")
    assert affected("TRUNCATE TABLE {t}") == 2


def test_ddl(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    ask(
        f"""CREATE TABLE {dataset}.t (id STRING NOT NULL OPTIONS (description = 'key'), at TIMESTAMP)
            PARTITION BY TIMESTAMP_TRUNC(at, HOUR) CLUSTER BY id OPTIONS (partition_expiration_days = 3)"""
    )
    table = client.get_table(f"{dataset}.t")
    assert (table.time_partitioning.type_, table.time_partitioning.field) == ("HOUR", "at")
    assert table.time_partitioning.expiration_ms == 3 * 86_400_000
    assert (table.clustering_fields, table.schema[0].description, table.schema[0].mode) == (["id"], "key", "REQUIRED")
    with pytest.raises(BadRequest, match="Required field id cannot be null"):
        ask(f"INSERT INTO {dataset}.t (at) VALUES (CURRENT_TIMESTAMP())")
    with pytest.raises(Conflict):
        ask(f"CREATE TABLE {dataset}.t (a INT64)")
    ask(f"CREATE TABLE IF NOT EXISTS {dataset}.t (a INT64)")
    ask(f"ALTER TABLE {dataset}.t ADD COLUMN IF NOT EXISTS n NUMERIC")
    assert [field.name for field in client.get_table(f"{dataset}.t").schema] == ["id", "at", "n"]
    ask(f"ALTER TABLE {dataset}.t DROP COLUMN n")
    assert [field.name for field in client.get_table(f"{dataset}.t").schema] == ["id", "at"]
    ask(f"CREATE OR REPLACE TABLE {dataset}.t AS SELECT 1 AS a")
    ask(f"CREATE OR REPLACE TABLE {dataset}.t AS SELECT a + 1 AS a FROM {dataset}.t")
    assert ask(f"SELECT a FROM {dataset}.t") == [(2,)]
    ask(f"DROP TABLE {dataset}.t")
    ask(f"DROP TABLE IF EXISTS {dataset}.t")
    with pytest.raises(NotFound):
        ask(f"DROP TABLE {dataset}.t")
