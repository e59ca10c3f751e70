"""Messages of the topic `events`, and what the tables hold of them."""

import json
from datetime import UTC, datetime
from typing import Any

from shared.core.clients import bigquery_client
from shared.events import event_messages
from tests.shared.told import operation


def rows(table: str, event_id: str) -> list[dict[str, Any]]:
    """The rows of an event, in the order they came."""
    sql = f"SELECT * FROM kompo.{table} WHERE event_id = '{event_id}' ORDER BY received_at"
    return [dict(row.items()) for row in bigquery_client().query_and_wait(sql)]


def message(*events: Any) -> bytes:
    """A message that carries these rows."""
    return json.dumps({"events": events}).encode()


def good_row(user: str = "ann", **changes: Any) -> dict[str, Any]:
    """A row as the API makes it of an event that happens now, and then changed."""
    [body] = event_messages(user, [operation(datetime.now(UTC))])
    row: dict[str, Any] = json.loads(body)["events"][0]
    return {**row, **changes}
