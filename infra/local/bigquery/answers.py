"""The answers of jobs.query and getQueryResults: a page of a job's rows, and its statistics."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from infra.local.bigquery.cells import rows_encoder
from infra.local.bigquery.errors import invalid
from infra.local.bigquery.jobs import Job
from infra.local.bigquery.queries import QueryResult
from infra.local.bigquery.schema import Schema, schema_resource

_PAGE_ROWS = 20_000


@dataclass(frozen=True)
class Page:
    """Which rows are asked for, and how timestamps are written."""

    start: int
    size: int
    int64_timestamps: bool

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Self:
        """From query parameters. Raises `invalid`."""
        start = page_start(query.get("pageToken")) if query.get("pageToken") else _count(query.get("startIndex"), 0)
        size = min(_count(query.get("maxResults"), _PAGE_ROWS), _PAGE_ROWS)
        return cls(start, size, query.get("formatOptions.useInt64Timestamp", "").lower() == "true")


def page_token(start: int) -> str:
    """An opaque token for the page that begins at row `start`."""
    return base64.urlsafe_b64encode(f"row {start}".encode()).decode()


def page_start(token: str | None) -> int:
    """The reverse of `page_token`. Raises `invalid`."""
    try:
        return int(base64.urlsafe_b64decode(token or "").decode().removeprefix("row "))
    except (ValueError, binascii.Error) as error:
        raise invalid(f"Invalid page token: {token}", "pageToken") from error


def query_answer(job: Job, page: Page, kind: str) -> dict[str, Any]:
    """The body for a query job, done or not. Raises the job's own error."""
    answer: dict[str, Any] = {"kind": kind, "jobReference": job.reference(), "jobComplete": job.done.is_set()}
    if not job.done.is_set():
        return answer
    if job.error is not None:
        raise job.error
    result = job.result
    if result is None:
        raise invalid(f"Job {job.id} is not a query job")
    answer |= {"cacheHit": False, "totalBytesProcessed": str(result.bytes_processed), "queryId": job.id, "etag": job.id}
    if result.affected is not None:
        answer |= {"numDmlAffectedRows": str(result.affected), "dmlStats": _counters(result)}
    if result.schema is None:
        return answer
    return answer | {"schema": schema_resource(result.schema), **page_of(result.rows, result.schema, page)}


def page_of(rows: Sequence[Sequence[Any]], schema: Schema, page: Page) -> dict[str, Any]:
    """The part of an answer that holds the page: `totalRows`, `rows` and, if there are more, `pageToken`."""
    answer: dict[str, Any] = {"totalRows": str(len(rows))}
    encode = rows_encoder(schema, int64_timestamps=page.int64_timestamps)
    encoded = [encode(row) for row in rows[page.start : page.start + page.size]]
    if encoded:
        answer["rows"] = encoded
    end = page.start + len(encoded)
    if end < len(rows) and page.size:
        answer["pageToken"] = page_token(end)
    return answer


def query_statistics(result: QueryResult) -> dict[str, Any]:
    """JobStatistics of a query."""
    query: dict[str, Any] = {
        "statementType": result.statement,
        "totalBytesProcessed": str(result.bytes_processed),
        "totalBytesBilled": "0",
        "cacheHit": False,
        "referencedTables": [read.table.name.reference() for read in result.read],
    }
    if result.schema is not None:
        query["schema"] = schema_resource(result.schema)
    if result.affected is not None:
        query |= {"numDmlAffectedRows": str(result.affected), "dmlStats": _counters(result)}
    if result.operation is not None:
        query["ddlOperationPerformed"] = result.operation
        if result.changed is not None:
            query["ddlTargetTable"] = result.changed.reference()
    return {"totalBytesProcessed": str(result.bytes_processed), "query": query}


def _counters(result: QueryResult) -> dict[str, str]:
    return {name: str(count) for name, count in result.dml.items()}


def _count(text: str | None, default: int) -> int:
    if not text:
        return default
    if not text.isdigit():
        raise invalid(f"Invalid value: {text}")
    return int(text)
