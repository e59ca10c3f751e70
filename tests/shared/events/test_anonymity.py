"""No group of fewer than five people is shown, whatever their hashes are made with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.clients import bigquery_client
from shared.core.settings import settings
from shared.events import K_ANONYMITY, at_least_k, run_query, run_sql
from tests.cloud import RunningCloud

QUERY = """SELECT operation_type AS kind, COUNT(*) AS runs
FROM ${deduplicated_events} GROUP BY operation_type HAVING ${k_anonymous}"""


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=40))
def test_people_who_have_a_hash_for_each_salt_are_never_counted_too_often(told: list[tuple[int, int]]) -> None:
    people = {person for person, _ in told}
    if at_least_k(len(set(told)), len({salt for _, salt in told})):
        assert len(people) >= K_ANONYMITY


@pytest.mark.parametrize(("users", "shown"), [(0, False), (4, False), (5, True)])
def test_five_people_are_enough_and_four_are_not(users: int, shown: bool) -> None:
    assert at_least_k(users) is shown


def test_a_query_leaves_out_groups_of_fewer_than_five_people(
    cloud: RunningCloud, hour: datetime, tmp_path: Path
) -> None:
    told = {
        "five": [(n, "1") for n in range(5)],
        "four": [(n, "1") for n in range(4)],
        "three_twice": [(n, "1") for n in range(3)] + [(n + 3, "2") for n in range(3)],
        "nobodys": [(None, None)] * 9,
    }
    rows = [
        {
            "event_id": f"{kind}{n}",
            "occurred_at": hour.isoformat(),
            "received_at": datetime.now(UTC).isoformat(),
            "event_type": "operation",
            "platform": "mcp",
            "operation_type": kind,
            "user_id": None if person is None else f"{person:064x}",
            "salt_version": salt,
        }
        for kind, hashes in told.items()
        for n, (person, salt) in enumerate(hashes)
    ]
    client = bigquery_client()
    assert client.insert_rows_json(f"{client.project}.{settings().dataset}.events", rows) == []
    path = tmp_path / "kinds.sql"
    path.write_text(QUERY)
    assert run_query(path, {"start": hour, "end": hour + timedelta(hours=1)}) == [{"kind": "five", "runs": 5}]


@pytest.mark.parametrize("more", ["", ", [1, 2] AS several", ", DATE '2026-01-01' AS day"])
def test_rows_are_read_as_bigquerys_own_are(cloud: RunningCloud, more: str) -> None:
    sql = f"""
        SELECT number, 'a' AS text, number / 4 AS part, number > 1 AS more, CAST('NaN' AS FLOAT64) > 1 AS never,
            TIMESTAMP_MICROS(number * 1000001) AS at, IF(number > 1, number, NULL) AS perhaps{more}
        FROM UNNEST([1, 2, 3]) AS number ORDER BY number"""
    assert run_sql(sql, {}) == [dict(row.items()) for row in bigquery_client().query_and_wait(sql)]
    assert run_sql(f"SELECT * FROM ({sql}) WHERE number > 3", {}) == []
