"""Anonymous tables: the result of a query without a destination, read as the table that the job's configuration names."""

from typing import Any

from infra.local.bigquery.answers import Page, page_of
from infra.local.bigquery.errors import not_found
from infra.local.bigquery.jobs import Job, Jobs
from infra.local.bigquery.queries import QueryResult
from infra.local.bigquery.schema import Schema, schema_resource
from infra.local.bigquery.tables import Table, TableName

_LIFE_MILLISECONDS = 24 * 3_600_000


def resource(jobs: Jobs, name: TableName) -> dict[str, Any]:
    """The Table resource. Raises notFound."""
    job, schema, result = _result(jobs, name)
    ended = job.ended or job.created
    table = Table.parse(name, {"schema": schema_resource(schema), "expirationTime": str(ended + _LIFE_MILLISECONDS)})
    return table.resource(len(result.rows))


def rows(jobs: Jobs, name: TableName, page: Page) -> dict[str, Any]:
    """The TableDataList of a page. Raises notFound."""
    _, schema, result = _result(jobs, name)
    return {"kind": "bigquery#tableDataList", "etag": name.table, **page_of(result.rows, schema, page)}


def _result(jobs: Jobs, name: TableName) -> tuple[Job, Schema, QueryResult]:
    job = jobs.of_anonymous_table(name.project, name.table)
    result = jobs.result(job) if job.done.is_set() else None
    if result is None or result.schema is None:
        raise not_found("Table", str(name))
    return job, result.schema, result
