"""Trying: BigQuery is asked, without running it, whether it understands a query, what that gives, and how much it would read."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from shared.alerts.sql.checking import POINTER, check_sql
from shared.alerts.sql.envelope import enveloped, lines_above
from shared.core.clients import bigquery_client
from shared.core.errors import FieldError, Unavailable
from shared.core.settings import settings

if TYPE_CHECKING:
    from google.cloud import bigquery

MOST_BYTES = 20 * 1024**3
"""What one evaluation may read."""
_TIMEOUT = 20.0
_NUMBERS = frozenset({"INTEGER", "INT64", "FLOAT", "FLOAT64", "NUMERIC", "BIGNUMERIC"})
_NAMES = _NUMBERS | {"STRING", "BOOLEAN", "BOOL", "DATE"}
_PLACE = re.compile(r"\[(\d+):(\d+)\]")


def try_sql(sql: str, labels: Sequence[str], *, counts_samples: bool) -> list[FieldError]:
    """What is wrong with the query of a rule with these labels; `counts_samples`: it needs the column `samples`.

    Raises Unavailable when BigQuery does not answer."""
    if errors := check_sql(sql, _tables()):
        return errors
    tried = _dry_run(sql)
    if isinstance(tried, FieldError):
        return [tried]
    columns = {field.name: field.field_type if field.mode != "REPEATED" else "ARRAY" for field in tried.schema or ()}
    errors = list(_wrong_columns(columns, labels, counts_samples=counts_samples))
    if (tried.total_bytes_processed or 0) > MOST_BYTES:
        gib = (tried.total_bytes_processed or 0) / 1024**3
        detail = (
            f"Every evaluation would read {gib:.0f} GiB; the most are {MOST_BYTES / 1024**3:.0f}. Shorten `window`."
        )
        errors.append(FieldError(POINTER, detail, "too_much"))
    return errors


def _tables() -> set[str]:
    from google.api_core.exceptions import GoogleAPIError
    from requests.exceptions import RequestException

    try:
        return {table.table_id for table in bigquery_client().list_tables(settings().dataset, timeout=_TIMEOUT)}
    except (GoogleAPIError, RequestException, ConnectionError, TimeoutError) as error:
        raise Unavailable(f"BigQuery does not answer: {error}") from error


def _dry_run(sql: str) -> "bigquery.QueryJob | FieldError":
    from google.api_core.exceptions import BadRequest, GoogleAPIError, NotFound
    from google.cloud import bigquery
    from requests.exceptions import RequestException

    from shared.core.clock import now

    client, moment = bigquery_client(), now()
    config = bigquery.QueryJobConfig(
        default_dataset=bigquery.DatasetReference(client.project, settings().dataset),
        query_parameters=[bigquery.ScalarQueryParameter(name, "TIMESTAMP", moment) for name in ("start", "end")],
        dry_run=True,
        use_query_cache=False,
    )
    try:
        return client.query(enveloped(sql), job_config=config, timeout=_TIMEOUT)
    except (BadRequest, NotFound) as error:
        return FieldError(POINTER, f"BigQuery refuses it: {_moved_up(_said(error), lines_above(sql))}", "refused")
    except (GoogleAPIError, RequestException, ConnectionError, TimeoutError) as error:
        raise Unavailable(f"BigQuery does not answer: {error}") from error


def _said(error: Any) -> str:
    first: dict[str, Any] = next(iter(error.errors), {})
    return str(first.get("message") or error.message)


def _moved_up(message: str, lines: int) -> str:
    """BigQuery's sentence with the lines as the operator counts them."""
    return _PLACE.sub(lambda found: f"[{max(1, int(found[1]) - lines)}:{found[2]}]", message)


def _wrong_columns(columns: dict[str, str], labels: Sequence[str], *, counts_samples: bool) -> Iterator[FieldError]:
    needed = ["value", *(["samples"] if counts_samples else []), *labels]
    for name in needed:
        if name not in columns:
            why = " `minSamples` is over 1: without it nobody knows how many there are." if name == "samples" else ""
            yield FieldError(
                POINTER, f"The query gives no column {name}. It gives {', '.join(columns)}.{why}", "no_column"
            )
    for name, kind in columns.items():
        if name in ("value", "samples"):
            if kind not in _NUMBERS:
                yield FieldError(POINTER, f"The column {name} is {kind}; it must be a number.", "not_a_number")
        elif name not in labels:
            detail = f"The column {name} is neither value nor samples nor a label. Leave it out, or add it to `labels`."
            yield FieldError(POINTER, detail, "unknown_column")
        elif kind not in _NAMES:
            yield FieldError(POINTER, f"The label {name} is {kind}; it must be text. Cast it.", "not_text")
