"""A figure can be followed to its SQL, its rows, and what was left out of it."""

import json
from datetime import datetime, timedelta

import pytest

from shared.core.clients import bigquery_client
from shared.core.errors import InvalidInput
from shared.core.ids import new_id
from shared.events import event_messages, hash_user, hashes_of, ingest, run_sql
from shared.insights import Dimension, Period, kpis, trace
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")

HOUR = timedelta(hours=1)


def test_the_sql_that_it_names_gives_the_figure(hour: datetime) -> None:
    tell("ann", operation(hour), operation(hour, success=False))
    found = trace("success_rate", Period(hour, hour + HOUR))
    [row] = run_sql(found.sql, found.parameters)
    assert row["numerator"] / row["denominator"] == found.measurement.value == 0.5


def test_its_rows_add_up_to_the_figure_page_by_page(hour: datetime) -> None:
    tell("ann", *(operation(hour + timedelta(minutes=n), success=n % 3 > 0) for n in range(10)))
    period, token, rows = Period(hour, hour + HOUR), None, []
    for _ in range(4):
        page = trace("success_rate", period, limit=3, page_token=token)
        rows += page.rows
        token = page.next_page_token
    assert token is None
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    assert sum(row.numerator for row in rows) / sum(row.denominator for row in rows) == page.measurement.value


def test_of_others_rows_none_tells_whose_it_is_or_what_fewer_than_five_share(hour: datetime) -> None:
    for number in range(5):
        tell(f"user {number}", operation(hour + timedelta(seconds=number), "trim"))
    tell("ann", operation(hour + timedelta(minutes=1, seconds=7), "render"))
    newest, *others = trace("operations", Period(hour, hour + HOUR)).rows
    assert (newest.at, newest.event_id) == (hour + timedelta(minutes=1), None)
    assert newest.labels == {"platform": "mcp"}
    assert {row.labels["operation"] for row in others} == {"trim"}
    [own] = trace("operations", Period(hour, hour + HOUR), users=hashes_of("ann").values()).rows
    assert own.event_id is not None
    assert own.labels["operation"] == "render"


def test_it_counts_what_was_left_out_and_says_why(hour: datetime) -> None:
    [body] = event_messages("ann", [operation(hour)])
    [row] = json.loads(body)["events"]
    for insert_id in (new_id(), new_id()):
        assert bigquery_client().insert_rows_json("kompo.events", [row], row_ids=[insert_id]) == []
    bad = {"event_id": new_id(), "user_id": hash_user("ann"), "surprise": 1, "occurred_at": hour.isoformat()}
    ingest(json.dumps({"events": [bad]}).encode())
    outcome = {"minute": hour.isoformat(), "stage": "api", "platform": "mcp", "computed_at": hour.isoformat()}
    limited = outcome | {"outcome": "limited", "reason": "events_per_minute", "events": 7}
    accepted = outcome | {"outcome": "accepted", "reason": "", "events": 7}
    assert bigquery_client().insert_rows_json("kompo.ingest_outcomes", [limited, accepted]) == []
    found = trace("operations", Period(hour, hour + HOUR), by=[Dimension.OPERATION])
    assert found.measurement.value == 1
    assert {(each.kind, each.reason): each.events for each in found.left_out} == {
        ("rejected", "invalid_schema"): 1,
        ("repeated", ""): 1,
        ("limited", "events_per_minute"): 7,
        ("too_few_people", ""): 2,
    }


def test_every_kpi_can_be_traced(hour: datetime) -> None:
    for name in kpis():
        found = trace(name, Period(hour, hour + HOUR))
        run_sql(found.sql, found.parameters)
        assert found.rows == []


def test_a_page_token_of_something_else_is_refused(hour: datetime) -> None:
    with pytest.raises(InvalidInput):
        trace("operations", Period(hour, hour + HOUR), page_token="nonsense")
