"""Load and extract jobs: files that come with the request, and objects of Cloud Storage."""

import datetime
import io
import json
import uuid
from collections.abc import Iterator

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, storage

from tests.cloud import RunningCloud
from tests.infra.local.bigquery.conftest import Ask

SCHEMA = [
    bigquery.SchemaField("a", "INT64"),
    bigquery.SchemaField("b", "STRING", "REPEATED"),
    bigquery.SchemaField(
        "r", "RECORD", fields=[bigquery.SchemaField("d", "DATE"), bigquery.SchemaField("raw", "BYTES")]
    ),
]
ROWS = [{"a": 1, "b": ["x"], "r": {"d": "2024-01-01", "raw": "/w=="}}, {"a": None, "b": [], "r": None}]


@pytest.fixture
def bucket(cloud: RunningCloud) -> Iterator[storage.Bucket]:
    client = storage.Client(project=cloud.project, credentials=AnonymousCredentials())
    bucket = client.create_bucket(f"load-{uuid.uuid4().hex[:12]}")
    yield bucket
    bucket.delete(force=True)


def test_json_rows_load_with_their_schema(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    job = client.load_table_from_json(ROWS, f"{dataset}.t", job_config=bigquery.LoadJobConfig(schema=SCHEMA))
    assert job.result().output_rows == 2
    rows = ask(f"SELECT a, b, r FROM {dataset}.t ORDER BY a DESC")
    assert rows == [(1, ["x"], {"d": datetime.date(2024, 1, 1), "raw": b"\xff"}), (None, [], None)]


def test_a_resumable_upload_of_many_parts(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    lines = "".join(json.dumps({"n": n, "pad": "x" * 100}) + "\n" for n in range(20_000)).encode()
    config = bigquery.LoadJobConfig(
        source_format="NEWLINE_DELIMITED_JSON",
        schema=[bigquery.SchemaField("n", "INT64"), bigquery.SchemaField("pad", "STRING")],
    )
    job = client.load_table_from_file(io.BytesIO(lines), f"{dataset}.t", job_config=config)
    assert job.result().output_rows == 20_000
    assert ask(f"SELECT SUM(n) FROM {dataset}.t") == [(sum(range(20_000)),)]


def test_csv_by_schema_and_detected(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    text = b'n,s\n1,"a, b"\n,\n'
    config = bigquery.LoadJobConfig(
        source_format="CSV",
        skip_leading_rows=1,
        schema=[bigquery.SchemaField("n", "INT64"), bigquery.SchemaField("s", "STRING")],
    )
    client.load_table_from_file(io.BytesIO(text), f"{dataset}.t", job_config=config, size=len(text)).result()
    assert ask(f"SELECT n, s FROM {dataset}.t ORDER BY n DESC") == [(1, "a, b"), (None, "")]
    detect = bigquery.LoadJobConfig(source_format="CSV", skip_leading_rows=1, autodetect=True)
    client.load_table_from_file(io.BytesIO(b"day,x\n2024-01-01,1.5\n"), f"{dataset}.u", job_config=detect).result()
    assert ask(f"SELECT day, x FROM {dataset}.u") == [(datetime.date(2024, 1, 1), 1.5)]


def test_a_bad_record_fails_the_load_unless_allowed(client: bigquery.Client, ask: Ask, dataset: str) -> None:
    config = bigquery.LoadJobConfig(source_format="CSV", schema=[bigquery.SchemaField("n", "INT64")])
    with pytest.raises(BadRequest, match="row 2"):
        client.load_table_from_file(io.BytesIO(b"1\nx\n3\n"), f"{dataset}.t", job_config=config).result()
    with pytest.raises(NotFound):
        client.get_table(f"{dataset}.t")
    config.max_bad_records = 1
    client.load_table_from_file(io.BytesIO(b"1\nx\n3\n"), f"{dataset}.t", job_config=config).result()
    assert ask(f"SELECT n FROM {dataset}.t ORDER BY n") == [(1,), (3,)]


@pytest.mark.parametrize("form", ["NEWLINE_DELIMITED_JSON", "PARQUET", "CSV"])
def test_extract_and_load_through_storage(
    client: bigquery.Client, ask: Ask, dataset: str, bucket: storage.Bucket, form: str
) -> None:
    ask(
        f"CREATE TABLE {dataset}.t AS SELECT x, CAST(x AS STRING) AS s, TIMESTAMP_SECONDS(x) AS at FROM UNNEST([1, 2]) AS x"
    )
    uri = f"gs://{bucket.name}/out/part-*"
    extract = bigquery.ExtractJobConfig(destination_format=form)
    client.extract_table(f"{client.project}.{dataset}.t", uri, job_config=extract).result()
    config = bigquery.LoadJobConfig(source_format=form, write_disposition="WRITE_TRUNCATE")
    if form != "PARQUET":
        config.schema = client.get_table(f"{dataset}.t").schema
    if form == "CSV":
        config.skip_leading_rows = 1
    client.load_table_from_uri(uri, f"{dataset}.u", job_config=config).result()
    assert ask(f"SELECT * FROM {dataset}.u ORDER BY x") == ask(f"SELECT * FROM {dataset}.t ORDER BY x")


def test_a_missing_object_is_not_found(client: bigquery.Client, dataset: str, bucket: storage.Bucket) -> None:
    config = bigquery.LoadJobConfig(source_format="CSV", schema=[bigquery.SchemaField("n", "INT64")])
    with pytest.raises(NotFound, match="Not found: URI"):
        client.load_table_from_uri(f"gs://{bucket.name}/missing.csv", f"{dataset}.t", job_config=config).result()
