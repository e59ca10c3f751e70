"""What the collector's reports ask for: one's own usage, everybody's for those who watch, and nothing of fewer than five."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from firebase_admin import auth

from shared.core.clients import bigquery_client, firebase_app, firestore_client
from shared.core.ids import new_id
from shared.events.client import AnalyticsCollector, AnalyticsService, OperationSequencePattern, ReportProblem
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.shared.told import operation, tell

NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=250)
"""A day on which nobody else works: reports are made of the weeks around the 200th day ago."""
DAY = NOW - timedelta(hours=12), NOW + timedelta(hours=12)


@pytest.fixture(scope="module")
def told(suite: RunningCloud) -> None:
    """Five people have cut, one of them also reversed something."""
    people = [f"person-{new_id()}" for _ in range(5)]
    for number, person in enumerate(people):
        tell(person, operation(NOW, "trim", ms=100.0 * (number + 1), success=number != 4, error_code="timeout"))
    tell(people[0], operation(NOW, "reverse"), operation(NOW, "reverse", success=False, error_code="not_found"))


@pytest.fixture
def analyst(suite: RunningCloud) -> User:
    """A user who sees everybody's."""
    user = sign_up(suite)
    auth.set_custom_user_claims(user.uid, {"role": "analyst"}, app=firebase_app())
    return user


@pytest.fixture
def service(user: User, suite: RunningCloud, tmp_path: Path) -> Iterator[AnalyticsService]:
    """The client of a user."""
    collector = AnalyticsCollector(endpoint=suite.url, token=user.token, spool=tmp_path, flush_seconds=0.05)
    yield AnalyticsService(collector)
    collector.close(1)


def service_of(user: User, tmp_path: Path) -> AnalyticsService:
    return AnalyticsService(endpoint=user.origin, token=user.token, spool=tmp_path)


def test_events_go_from_the_client_to_bigquery_and_into_its_own_report(service: AnalyticsService) -> None:
    for _ in range(3):
        service.collector.track_operation("someone", "trim", {"start": 1.5}, 100.0, True, {"cpu": 50.0})
    with pytest.raises(ValueError, match="broken"), service.collector.measure("someone", "resize"):
        raise ValueError("broken")
    service.collector.track_workflow("someone", ["trim", "resize"], 200.0, 0.5)
    assert service.collector.flush(20)
    assert service.collector.stats().accepted == 5
    now = datetime.now(UTC)

    def arrived() -> bool:
        report = asyncio.run(service.generate_usage_report(now - timedelta(minutes=5), now + timedelta(minutes=5)))
        return report.total_operations == 4

    wait_for(arrived, "the events are in BigQuery")
    report = asyncio.run(service.generate_usage_report(now - timedelta(minutes=5), now + timedelta(minutes=5)))
    assert report.unique_users == 1
    assert [(each.operation, each.count) for each in report.top_operations] == [("trim", 3), ("resize", 1)]
    assert [(each.error, each.frequency) for each in report.error_analysis] == [("ValueError", 1)]
    sql = (
        "SELECT operation.parameters FROM kompo.events WHERE event_type = 'workflow' ORDER BY received_at DESC LIMIT 1"
    )
    [row] = bigquery_client().query_and_wait(sql)
    assert json.loads(row["parameters"]) == {"operations": ["trim", "resize"], "success_rate": 0.5}


def test_sent_twice_an_event_counts_once(service: AnalyticsService, user: User) -> None:
    service.collector.track_operation("someone", "trim", {}, 1.0, True)
    assert service.collector.flush(20)
    event = {
        "eventId": new_id(),
        "timestamp": datetime.now(UTC).isoformat(),
        "platform": "mcp",
        "eventType": "operation",
        "operation": {"type": "trim"},
    }
    outcomes = [user.post("/v1/events", event).json()["verdicts"][0]["outcome"] for _ in range(2)]
    assert outcomes[0] == "accepted"
    wait_for(lambda: user.post("/v1/events", event).json()["duplicate"] == 1, "it is known again")


def test_on_behalf_of_users_events_are_theirs_and_their_opting_out_counts(
    suite: RunningCloud, user: User, stranger: User, tmp_path: Path
) -> None:
    firestore_client().collection("users").document(stranger.uid).set({"analyticsOptOut": True}, merge=True)
    integrator = sign_up(suite)
    auth.set_custom_user_claims(integrator.uid, {"role": "integrator"}, app=firebase_app())
    collector = AnalyticsCollector(endpoint=suite.url, token=integrator.token, spool=tmp_path, on_behalf=True)
    for whose in (user, stranger, user):
        collector.track_operation(whose.uid, "trim", {"start": 1}, 100.0, True)
    assert collector.flush(20)
    assert (collector.stats().accepted, collector.stats().filtered) == (2, 1)
    for whose, count in ((user, 2), (stranger, 0), (integrator, 0)):
        wait_for(lambda: whose.get("/v1/events/usage").json()["totalOperations"] == count, "they are counted")  # noqa: B023
    collector.close()


@pytest.mark.usefixtures("told")
def test_everybodys_usage_leaves_out_what_tells_of_fewer_than_five(analyst: User, tmp_path: Path) -> None:
    report = asyncio.run(service_of(analyst, tmp_path).generate_usage_report(*DAY))
    assert [(each.operation, each.count) for each in report.top_operations] == [("trim", 5)]
    assert report.error_analysis == ()
    assert (report.total_operations, report.unique_users) == (7, 5)
    assert report.avg_processing_time == pytest.approx((1500 + 200) / 7)
    answer = analyst.get("/v1/events/usage", params={"start": DAY[0].isoformat(), "end": DAY[1].isoformat()}).json()
    assert (answer["scope"], answer["withheld"]) == ("everybody", 3)


@pytest.mark.usefixtures("told")
def test_nobody_else_sees_everybodys_usage(user: User) -> None:
    answer = user.get("/v1/events/usage", params={"start": DAY[0].isoformat(), "end": DAY[1].isoformat()}).json()
    assert (answer["scope"], answer["totalOperations"], answer["topOperations"]) == ("own", 0, [])


def test_template_candidates_are_the_sequences_mined_last_that_five_people_run(
    suite: RunningCloud, service: AnalyticsService
) -> None:
    mined = {"success_rate": 0.9, "avg_duration": 300.0, "template_candidate": True}

    def rows(at: datetime, *patterns: tuple[str, int, int]) -> list[dict[str, object]]:
        return [
            {
                "pattern": pattern,
                "operations": pattern.split("->"),
                "frequency": frequency,
                "user_count": users,
                "generated_at": at.isoformat(),
                **mined,
            }
            for pattern, frequency, users in patterns
        ]

    now = datetime.now(UTC)
    table = f"{suite.project}.kompo.sequence_patterns"
    old = rows(now - timedelta(days=1), ("old->older", 99, 9))
    new = rows(now, ("trim->resize", 8, 6), ("trim->to_mp3", 9, 5), ("few->people", 50, 4), ("seldom->run", 4, 5))
    assert bigquery_client().insert_rows_json(table, [*old, *new]) == []
    found = asyncio.run(service.get_template_candidates())
    assert [each.pattern for each in found] == ["trim->to_mp3", "trim->resize"]
    assert found[0] == OperationSequencePattern("trim->to_mp3", ("trim", "to_mp3"), 9, 300.0, 0.9, 5, True)
    assert asyncio.run(service.get_template_candidates(min_success_rate=0.95)) == []
    assert len(asyncio.run(service.get_template_candidates(min_frequency=1))) == 3


def test_a_report_that_cannot_be_had_says_why(user: User, tmp_path: Path) -> None:
    service = service_of(user, tmp_path)
    with pytest.raises(ReportProblem, match=r"422.*period"):
        asyncio.run(service.generate_usage_report(NOW, NOW))
    nowhere = AnalyticsService(endpoint="http://127.0.0.1:9", spool=tmp_path)
    with pytest.raises(ReportProblem, match="refused"):
        asyncio.run(nowhere.get_template_candidates())


@pytest.mark.parametrize("end", ["1777896000", "7.1e-63", "2026-05-04T12:00:00", "soon"])
def test_a_time_is_written_out_with_its_zone(user: User, end: str) -> None:
    assert user.get("/v1/events/usage", params={"end": end}).status_code == 422
