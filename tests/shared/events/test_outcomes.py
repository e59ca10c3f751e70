"""What became of events is counted live, and can be queried afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.clients import bigquery_client
from shared.events import Outcome, Series, Stage, Tally, ingest, roll_up_outcomes
from shared.events.live import count_now
from tests.shared.events.counting import counted_outcomes
from tests.shared.events.messages import good_row, message

pytestmark = pytest.mark.usefixtures("cloud")


@given(st.sampled_from(Stage), st.sampled_from(Outcome), st.from_regex(r"[a-z_.]*", fullmatch=True), st.text())
def test_a_series_is_what_its_name_says(stage: Stage, outcome: Outcome, reason: str, platform: str) -> None:
    series = Series.of(stage, outcome, reason, platform)
    assert Series.named(series.name) == series
    assert series.platform in {"mcp", "komposteur", "webapp", "api", "unknown"}


def test_ingest_counts_what_it_did_with_each_event() -> None:
    row = good_row()
    with counted_outcomes() as grown:
        ingest(message(row, row, {**row, "operation_type": "reverse"}, good_row(platform="toaster"), 7))
    assert grown == {
        Series(Stage.INGEST, Outcome.ACCEPTED, "", "mcp"): 1,
        Series(Stage.INGEST, Outcome.DUPLICATE, "natural_duplicate", "mcp"): 1,
        Series(Stage.INGEST, Outcome.DUPLICATE, "synthetic_duplicate", "mcp"): 1,
        Series(Stage.INGEST, Outcome.INVALID, "invalid_schema", "unknown"): 2,
    }


def test_the_table_holds_the_live_counts_of_every_minute_however_often_it_is_brought_up_to_date() -> None:
    now = datetime.now(UTC)
    series = Series(Stage.API, Outcome.LIMITED, "event_budget", "komposteur")
    for _ in range(2):
        count_now(now - timedelta(hours=30), Tally({series: 3}))
    count_now(now, Tally({series: 4}))
    for _ in range(2):
        assert roll_up_outcomes(now) >= 2
    sql = (
        "SELECT minute, SUM(events) AS events, COUNT(*) AS n FROM kompo.ingest_outcomes "
        "WHERE minute >= '2020-01-01' AND platform = 'komposteur' AND reason = 'event_budget' AND stage = 'api' "
        "GROUP BY minute ORDER BY minute"
    )
    told = [tuple(row.values()) for row in bigquery_client().query_and_wait(sql)]
    minute = now.replace(second=0, microsecond=0)
    assert told == [(minute - timedelta(hours=30), 6, 1), (minute, 4, 1)]
    count_now(now, Tally({series: 1}))
    roll_up_outcomes(now)
    assert [tuple(row.values())[1] for row in bigquery_client().query_and_wait(sql)] == [6, 5]
