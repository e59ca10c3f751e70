"""Rows: events as the tables `events` and `events_rejected` of BigQuery hold them."""

import hashlib
import json
from datetime import datetime
from typing import Any, cast

from pydantic import ConfigDict, Field, JsonValue, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from shared.events.privacy import redact, scrub_text
from shared.events.schema import (
    Business,
    Context,
    Event,
    EventType,
    Generation,
    Identifier,
    Metrics,
    Moment,
    Name,
    Part,
    Platform,
    timestamp_problem,
)
from shared.events.schema import Operation as WireOperation

Row = dict[str, Any]
"""A row as JSON: what `insert_rows_json` takes."""

EVENTS = "events"
REJECTED = "events_rejected"
_HASH = r"^[0-9a-f]{64}$"


class OperationRecord(WireOperation):
    """The column `operation`: its type is a column of its own, its parameters are JSON text."""

    type: None = Field(default=None, exclude=True)  # type: ignore[assignment]
    parameters: str | None = None  # type: ignore[assignment]

    @model_validator(mode="before")
    @classmethod
    def _has_no_type(cls, record: Any) -> Any:
        if isinstance(record, dict) and "type" in record:
            raise PydanticCustomError("extra_forbidden", "the type of an operation is a column of its own")
        return record


class EventRow(Part):
    """A row of `events`, checked as strictly as the event was: anybody who may publish can write to the topic."""

    model_config = ConfigDict(alias_generator=None)

    event_id: Identifier
    occurred_at: Moment
    received_at: Moment
    schema_version: str = Field(max_length=16)
    user_id: str | None = Field(default=None, pattern=_HASH)
    salt_version: str | None = Field(default=None, max_length=64)
    platform: Platform = Field(strict=False)
    event_type: EventType = Field(strict=False)
    operation_type: Name | None = None
    operation: OperationRecord | None = None
    metrics: Metrics | None = None
    generation: Generation | None = None
    business: Business | None = None
    context: Context | None = None


class Rejection(Exception):
    """A row that cannot be taken in: why, for a machine and for a person, and which of its fields are wrong."""

    def __init__(self, code: str, reason: str, wrong: list[tuple[str | int, ...]]) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.wrong = wrong


def to_row(event: Event, received_at: datetime, user_hash: str | None, salt_version: str | None) -> Row:
    """The row of a sanitised event."""
    row = event.model_dump(mode="json", by_alias=False, exclude_none=True)
    row["occurred_at"] = row.pop("timestamp")
    row["received_at"] = received_at.isoformat()
    if user_hash:
        row |= {"user_id": user_hash, "salt_version": salt_version}
    if operation := row.get("operation"):
        row["operation_type"] = operation.pop("type")
        if "parameters" in operation:
            operation["parameters"] = json.dumps(operation["parameters"], separators=(",", ":"), sort_keys=True)
    return row


def row_id(row: Row) -> str:
    """What makes a row of `events` the same event: its user and the id that the user's client gave it."""
    return hashlib.sha256(f"{row.get('user_id')}/{row['event_id']}".encode()).hexdigest()


def check_row(row: object) -> None:
    """Raise Rejection unless `row` can be inserted into `events`."""
    try:
        checked = EventRow.model_validate(row, by_alias=False, by_name=True)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False, include_context=False)
        reason = "; ".join(f"{'.'.join(map(str, error['loc'])) or 'row'}: {error['msg']}" for error in errors[:5])
        raise Rejection("invalid_schema", reason, [error["loc"] for error in errors]) from None
    problem = timestamp_problem(checked.occurred_at, checked.received_at)
    if problem:
        raise Rejection(problem, f"occurred at {checked.occurred_at}, received at {checked.received_at}", [])


def rejected_row(row: object, rejection: Rejection, received_at: datetime) -> Row:
    """The row of `events_rejected` for `row`: the fields that are right, the reason, and the payload without personal data."""
    kept = _without(row, rejection.wrong) if isinstance(row, dict) else {}
    return {
        **cast("Row", redact(kept)),
        "received_at": received_at.isoformat(),
        "reason": scrub_text(rejection.reason),
        "reason_code": rejection.code,
        "payload": json.dumps(redact(cast("JsonValue", row)), separators=(",", ":")),
    }


def _without(row: Row, wrong: list[tuple[str | int, ...]]) -> Row:
    """A copy of `row` without the fields at `wrong`, and without a record that is wrong as a whole."""
    kept = {key: dict(value) if isinstance(value, dict) else value for key, value in row.items()}
    for where in wrong:
        if not where:
            return {}
        record = kept.get(str(where[0]))
        if len(where) > 1 and isinstance(record, dict):
            record.pop(str(where[1]), None)
        else:
            kept.pop(str(where[0]), None)
    return kept
