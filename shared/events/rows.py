"""Rows: events as the tables `events` and `events_rejected` of BigQuery hold them."""

import hashlib
import json
from datetime import datetime
from typing import Any, cast

from pydantic import ConfigDict, Field, JsonValue, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from shared.events.ledger import Mark
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
REPLAYED = "events_replayed"
SYSTEM = "system"
"""Owner, in the ledger, of events without a user."""
_HASH = r"^[0-9a-f]{64}$"


class OperationRecord(WireOperation):
    """The column `operation`: its type is a column of its own, its parameters are JSON text."""

    type: None = Field(default=None, exclude=True)  # type: ignore[assignment]
    parameters: str | None = Field(  # type: ignore[assignment]
        default=None, description="The operation's parameters as sanitised JSON: no paths, no personal data."
    )

    @model_validator(mode="before")
    @classmethod
    def _has_no_type(cls, record: Any) -> Any:
        if isinstance(record, dict) and "type" in record:
            raise PydanticCustomError("extra_forbidden", "the type of an operation is a column of its own")
        return record


class EventRow(Part):
    """A row of `events`, checked as strictly as the event was: anybody who may publish can write to the topic.

    The tables' schemas are made of it (see `tables`)."""

    model_config = ConfigDict(alias_generator=None)

    event_id: Identifier
    occurred_at: Moment = Field(description="When the operation ended, by the sender's clock.")
    received_at: Moment = Field(description="When the API took the event in.")
    schema_version: str = Field(max_length=16)
    user_id: str | None = Field(
        default=None, pattern=_HASH, description="HMAC-SHA256 of the user's id; never the id itself."
    )
    salt_version: str | None = Field(
        default=None, max_length=64, description="Version of the secret salt that user_id was made with."
    )
    platform: Platform = Field(strict=False)
    event_type: EventType = Field(strict=False)
    operation_type: Name | None = Field(
        default=None, description="Name of the operation, e.g. trim; flat because tables cluster by it."
    )
    operation: OperationRecord | None = None
    metrics: Metrics | None = None
    generation: Generation | None = None
    business: Business | None = None
    context: Context | None = None


class RejectionRow(Part):
    """What a row of `events_rejected` has beside the columns of a good one."""

    model_config = ConfigDict(alias_generator=None)

    reason: str = Field(description="Why the event was refused, for a person.")
    reason_code: str = Field(description="Why the event was refused, for a machine; stable.")
    payload: str = Field(description="The event as it arrived, sanitised, for replay after a fix.")
    rejection_id: str = Field(
        description="Made of the reason code and the event, so that the same rejection has the same id; "
        "`events_replayed` names it."
    )


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


def row_text(row: Row) -> str:
    """The row as text of JSON, the same for equal rows."""
    return json.dumps(row, separators=(",", ":"), sort_keys=True)


def event_mark(row: Row, text: str | None = None) -> Mark:
    """What the ledger knows the event of a good row by. Its content is all of it but when it came.

    `text` is the row's `row_text`, for who has it already."""
    said = (text or row_text(row)).replace(f'"received_at":"{row["received_at"]}"', "", 1)
    owner = _owner(row)
    key = hashlib.blake2b(f"{owner}/{row['event_id']}".encode(), digest_size=8).digest()
    return Mark(owner, key, hashlib.blake2b(said.encode(), digest_size=8).digest())


def insert_id(mark: Mark) -> str:
    """What BigQuery is to know a row of `events` by: the event and what it says."""
    return mark.key.hex() + mark.fingerprint.hex()


def rejection_mark(row: Row) -> Mark:
    """What the ledger knows a row of `events_rejected` by, so that the same one is kept once however often it comes."""
    key = bytes.fromhex(row["rejection_id"][:16])
    return Mark(_owner(row), key, key)


def _owner(row: Row) -> str:
    return str(row.get("user_id") or SYSTEM)


def _rejection_id(row: object, rejection: Rejection) -> str:
    """The same for the same row refused for the same reason."""
    said = json.dumps([rejection.code, row], sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


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
        "rejection_id": _rejection_id(row, rejection),
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
