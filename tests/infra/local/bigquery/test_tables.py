"""Datasets and tables, as the official client manages them."""

import datetime
import uuid

import pytest
from google.api_core.exceptions import BadRequest, Conflict, NotFound, PreconditionFailed
from google.cloud import bigquery

from tests.cloud import RunningCloud, wait_for
from tests.infra.local.bigquery.conftest import Ask

SCHEMA = [
    bigquery.SchemaField("id", "STRING", "REQUIRED", description="the key"),
    bigquery.SchemaField("at", "TIMESTAMP"),
    bigquery.SchemaField("tags", "STRING", "REPEATED"),
    bigquery.SchemaField(
        "items",
        "RECORD",
        "REPEATED",
        fields=[bigquery.SchemaField("n", "INTEGER"), bigquery.SchemaField("raw", "BYTES")],
    ),
]


def test_the_manifest_is_provisioned(client: bigquery.Client) -> None:
    events = client.get_table("kompo.events")
    assert events.time_partitioning.field == "occurred_at"
    assert events.time_partitioning.expiration_ms == 365 * 86_400_000
    assert events.clustering_fields == ["event_type", "platform", "operation_type"]
    assert {"events", "events_rejected", "metrics_hourly"} <= {table.table_id for table in client.list_tables("kompo")}


def test_a_dataset_is_created_changed_listed_and_deleted(client: bigquery.Client) -> None:
    name = f"life_{uuid.uuid4().hex[:8]}"
    dataset = bigquery.Dataset(f"{client.project}.{name}")
    dataset.labels = {"team": "video"}
    created = client.create_dataset(dataset)
    with pytest.raises(Conflict, match="Already Exists: Dataset"):
        client.create_dataset(dataset)
    created.description = "clips"
    assert client.update_dataset(created, ["description"]).description == "clips"
    assert client.get_dataset(name).labels == {"team": "video"}
    assert name in {item.dataset_id for item in client.list_datasets(filter="labels.team:video")}
    client.query_and_wait(f"CREATE TABLE {name}.t (a INT64)")
    with pytest.raises(BadRequest, match="still in use"):
        client.delete_dataset(name)
    client.delete_dataset(name, delete_contents=True)
    with pytest.raises(NotFound, match="Not found: Dataset"):
        client.get_dataset(name)


def test_any_project_works(cloud: RunningCloud, client: bigquery.Client) -> None:
    name = f"d_{uuid.uuid4().hex[:8]}"
    client.create_dataset(f"another-project.{name}")
    client.query_and_wait(f"CREATE TABLE `another-project.{name}.t` AS SELECT 1 AS a")
    assert [tuple(row) for row in client.query_and_wait(f"SELECT a FROM `another-project`.{name}.t")] == [(1,)]
    client.delete_dataset(f"another-project.{name}", delete_contents=True)


def test_a_schema_comes_back_as_it_was_given(client: bigquery.Client, dataset: str) -> None:
    table = bigquery.Table(f"{client.project}.{dataset}.t", SCHEMA)
    table.labels, table.description = {"a": "b"}, "words"
    client.create_table(table)
    with pytest.raises(Conflict, match="Already Exists: Table"):
        client.create_table(table)
    found = client.get_table(table)
    assert (found.labels, found.description, found.num_rows) == ({"a": "b"}, "words", 0)
    assert [field.to_api_repr() for field in found.schema] == [field.to_api_repr() for field in SCHEMA]


def test_columns_and_nested_fields_can_be_added_but_not_changed(
    client: bigquery.Client, ask: Ask, dataset: str
) -> None:
    table = client.create_table(bigquery.Table(f"{client.project}.{dataset}.t", SCHEMA))
    client.insert_rows_json(table, [{"id": "1", "items": [{"n": 1}]}])
    nested = bigquery.SchemaField(
        "items", "RECORD", "REPEATED", fields=[*SCHEMA[3].fields, bigquery.SchemaField("x", "FLOAT64")]
    )
    table.schema = [*SCHEMA[:3], nested, bigquery.SchemaField("added", "DATE")]
    table = client.update_table(table, ["schema"])
    client.insert_rows_json(table, [{"id": "2", "items": [{"n": 2, "x": 0.5}], "added": "2024-01-01"}])
    rows = ask(f"SELECT id, items, added FROM {dataset}.t ORDER BY id")
    assert rows[0] == ("1", [{"n": 1, "raw": None, "x": None}], None)
    assert rows[1] == ("2", [{"n": 2, "raw": None, "x": 0.5}], datetime.date(2024, 1, 1))
    table.schema = [bigquery.SchemaField("id", "INT64", "REQUIRED"), *table.schema[1:]]
    with pytest.raises(BadRequest, match="has changed type"):
        client.update_table(table, ["schema"])


def test_a_lost_update_is_refused(client: bigquery.Client, dataset: str) -> None:
    mine = client.create_table(bigquery.Table(f"{client.project}.{dataset}.t", SCHEMA))
    theirs = client.get_table(mine)
    theirs.description = "first"
    client.update_table(theirs, ["description"])
    mine.description = "second"
    with pytest.raises(PreconditionFailed):
        client.update_table(mine, ["description"])


def test_expired_partitions_and_tables_are_deleted(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    days = "[CURRENT_DATE(), DATE_SUB(CURRENT_DATE(), INTERVAL 40 DAY)]"
    ask(f"CREATE TABLE {dataset}.t (d DATE) PARTITION BY d AS SELECT d FROM UNNEST({days}) AS d")
    table = client.get_table(f"{dataset}.t")
    table.time_partitioning.expiration_ms = 30 * 86_400_000
    client.update_table(table, ["time_partitioning"])
    wait_for(lambda: ask(f"SELECT COUNT(*) FROM {dataset}.t") == [(1,)], "the old partition is gone")
    table = client.get_table(f"{dataset}.t")
    table.expires = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)
    with pytest.raises(NotFound):
        client.update_table(table, ["expires"])


def test_rows_are_listed_by_pages_and_columns(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t AS SELECT x, x * 2 AS y FROM UNNEST(GENERATE_ARRAY(1, 25)) AS x")
    table = client.get_table(f"{dataset}.t")
    assert sorted(row["x"] for row in client.list_rows(table, page_size=10)) == list(range(1, 26))
    assert client.list_rows(table, selected_fields=table.schema[1:], max_results=1).total_rows == 25
    assert [tuple(row.keys()) for row in client.list_rows(table, selected_fields=table.schema[1:], max_results=1)] == [
        ("y",)
    ]


def test_copy_makes_an_equal_table(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    ask(f"CREATE TABLE {dataset}.t AS SELECT 1 AS a")
    client.copy_table(f"{client.project}.{dataset}.t", f"{client.project}.{dataset}.u").result()
    assert ask(f"SELECT a FROM {dataset}.u") == [(1,)]


def test_a_table_gets_its_columns_later(client: bigquery.Client, dataset: str) -> None:
    name = f"{client.project}.{dataset}.later"
    assert client.create_table(name).schema == []
    assert (client.get_table(name).num_rows, list(client.list_rows(client.get_table(name)))) == (0, [])
    with pytest.raises(BadRequest, match="does not have a schema"):
        client.query_and_wait(f"SELECT * FROM `{name}`")
    with pytest.raises(BadRequest, match="no schema"):
        client._connection.api_request(
            "POST",
            f"/projects/{client.project}/datasets/{dataset}/tables/later/insertAll",
            data={"rows": [{"json": {}}]},
        )
    table = client.get_table(name)
    table.schema = [bigquery.SchemaField("a", "INTEGER")]
    client.update_table(table, ["schema"])
    assert client.insert_rows_json(name, [{"a": 1}]) == []
    assert [row.a for row in client.list_rows(name)] == [1]


def test_a_load_gives_a_table_its_columns(client: bigquery.Client, dataset: str) -> None:
    name = f"{client.project}.{dataset}.loaded"
    client.create_table(name)
    schema = [bigquery.SchemaField("a", "INTEGER")]
    client.load_table_from_json([{"a": 7}], name, job_config=bigquery.LoadJobConfig(schema=schema)).result()
    assert [row.a for row in client.list_rows(name)] == [7]
    client.create_table(f"{dataset}.dropped")
    client.delete_table(f"{dataset}.dropped")
