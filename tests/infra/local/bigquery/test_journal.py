"""A job that was acknowledged is there after a kill, with its result."""

from pathlib import Path

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from tests.cloud import local_cloud


def test_jobs_and_their_results_survive_a_kill(tmp_path: Path) -> None:
    endless = "UNNEST(GENERATE_ARRAY(1, 20000))"
    with local_cloud("bigquery", data=tmp_path) as cloud, cloud.applied():
        client = bigquery.Client(project=cloud.project, credentials=AnonymousCredentials())
        select = client.query("SELECT DATE '2024-01-02' AS d, NUMERIC '1.5' AS n, [1, 2] AS a")
        select.result()
        wrong = client.query("SELECT CAST(x AS INT64) FROM UNNEST(['a']) AS x")
        with pytest.raises(BadRequest):
            wrong.result()
        rows = [{"a": 1}, {"a": 2}]
        load = client.load_table_from_json(rows, "kompo.loaded", job_config=bigquery.LoadJobConfig(autodetect=True))
        load.result()
        running = client.query(f"SELECT SUM(a * b * c) FROM {endless} AS a, {endless} AS b, {endless} AS c")
        cloud.kill("bigquery")
        before = [tuple(row.values()) for row in select.result()]
        assert [tuple(row.values()) for row in client.get_job(select.job_id).result()] == before
        assert client.get_job(wrong.job_id).error_result["reason"] == "invalidQuery"
        assert (client.get_job(load.job_id).state, client.get_job(load.job_id).output_rows) == ("DONE", 2)
        interrupted = client.get_job(running.job_id)
        assert (interrupted.state, interrupted.error_result["reason"]) == ("DONE", "stopped")
        assert {job.job_id for job in client.list_jobs()} == {j.job_id for j in (select, wrong, load, running)}
        client.delete_job_metadata(select.job_id)
        with pytest.raises(NotFound):
            client.get_job(select.job_id)


def test_the_anonymous_table_of_a_result_can_be_listed(client: bigquery.Client) -> None:
    job = client.query("SELECT n, CAST(n AS STRING) AS s FROM UNNEST([1, 2, 3]) AS n ORDER BY n")
    job.result()
    table = client.get_table(job.destination)
    assert (table.num_rows, [field.name for field in table.schema]) == (3, ["n", "s"])
    assert [tuple(row.values()) for row in client.list_rows(job.destination, page_size=2)] == [
        (1, "1"),
        (2, "2"),
        (3, "3"),
    ]
    with pytest.raises(NotFound):
        client.get_table(f"{client.project}.{job.destination.dataset_id}.no_such_result")
