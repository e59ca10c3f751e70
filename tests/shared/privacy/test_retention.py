"""Events are kept for a year, and not a day longer."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.manifest import load_suite
from shared.core.clients import bigquery_client
from shared.core.ids import new_id
from shared.core.settings import settings
from tests.cloud import wait_for

pytestmark = pytest.mark.usefixtures("cloud")


def test_all_tables_that_hold_events_expire_after_a_year() -> None:
    partitions = {table.name: table.partition for table in load_suite().tables}
    for name in ("events", "events_rejected"):
        partition = partitions[name]
        assert partition is not None
        assert partition.expiration_days == 365


def test_an_event_of_more_than_a_year_ago_is_dropped_with_its_day() -> None:
    client, kind = bigquery_client(), f"kept_{new_id().lower()}"
    moment = datetime.now(UTC)
    rows = [
        {
            "event_id": str(days),
            "occurred_at": (moment - timedelta(days=days)).isoformat(),
            "received_at": moment.isoformat(),
            "operation_type": kind,
        }
        for days in (364, 367)
    ]
    assert client.insert_rows_json(f"{client.project}.{settings().dataset}.events", rows) == []
    sql = f"SELECT event_id FROM kompo.events WHERE operation_type = '{kind}'"

    def left() -> list[str]:
        return sorted(row["event_id"] for row in client.query_and_wait(sql))

    wait_for(lambda: left() == ["364"], "the old day is dropped", seconds=40, pause=0.5)
