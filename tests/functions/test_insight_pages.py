"""The pages of the dashboard over HTTP: what a KPI is now and was before, its curve and make-up; whose figures one is shown."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from firebase_admin import auth

from shared.core.clients import firebase_app
from shared.core.ids import new_id
from shared.events import Generation, Platform
from shared.insights import kpis
from shared.insights.dashboard import keep_standard_pages
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.test_shell import assert_problem
from tests.shared.told import operation, tell

HOUR = timedelta(hours=1)
START = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=40)
"""Nobody else tells events of then."""
PERIOD = {"start": START.isoformat(), "end": (START + 2 * HOUR).isoformat()}
PEOPLE = 6


@pytest.fixture(scope="module")
def worker(suite: RunningCloud) -> User:
    """One of six who ran two operations each in each of two hours, the second of which failed for two in the last; on the day
    before, all went well. Only one of them is on the platform `webapp`."""
    user = sign_up(suite)
    for number, uid in enumerate([user.uid, *(new_id() for _ in range(PEOPLE - 1))]):
        platform = Platform.WEBAPP if number == 0 else Platform.MCP
        for hour in (-2, -1, 0, 1):
            at = START + hour * HOUR + timedelta(minutes=number)
            fails = hour == 1 and number < 2
            tell(
                uid,
                operation(at, "trim", platform=platform, ms=1000),
                operation(
                    at + timedelta(minutes=20),
                    "render",
                    platform=platform,
                    success=not fails,
                    error_code="timeout" if fails else None,
                    ms=3000,
                    generation=Generation(provider="kompo", quality_score=9.0 if hour >= 0 else 8.0),
                ),
            )
    return user


@pytest.fixture(scope="module")
def analyst(suite: RunningCloud) -> Iterator[User]:
    """Somebody who may see everybody's figures."""
    user = sign_up(suite)
    auth.set_custom_user_claims(user.uid, {"roles": ["analyst"]}, app=firebase_app())
    yield user


def page(user: User, name: str, **params: Any) -> dict[str, Any]:
    answer = user.get(f"/v1/insights/{name}", params={**PERIOD, **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def figure(found: dict[str, Any], name: str) -> dict[str, Any]:
    [kpi] = [kpi for kpi in found["kpis"] if kpi["name"] == name]
    return kpi  # type: ignore[no-any-return]


def test_a_kpi_is_told_with_its_change_its_target_and_its_curve(worker: User, analyst: User) -> None:
    rate = figure(page(analyst, "performance"), "success_rate")
    assert (rate["value"], rate["samples"], rate["previous"]) == (pytest.approx(22 / 24), 24, 1.0)
    assert (rate["difference"], rate["better"]) == (pytest.approx(-2 / 24), False)
    assert (rate["unit"], rate["target"], rate["onTarget"]) == ("ratio", 0.995, False)
    curve = figure(page(analyst, "performance", every="hour"), "success_rate")["series"]
    assert [(point["value"], point["samples"]) for point in curve] == [(1.0, 12), (pytest.approx(10 / 12), 12)]
    assert datetime.fromisoformat(curve[1]["at"]) == START + HOUR


def test_a_page_of_a_usual_period_is_there_before_anybody_asks(worker: User, analyst: User) -> None:
    keep_standard_pages([timedelta(weeks=5)])
    made = datetime.now(UTC)
    for params in ({"last": "5w"}, {"last": "35d"}, {"last": "840h"}):
        found = analyst.get("/v1/insights/quality", params=params).json()
        assert datetime.fromisoformat(found["freshness"]["computedAt"]) < made
        assert datetime.fromisoformat(found["end"]) - datetime.fromisoformat(found["start"]) == timedelta(weeks=5)
    assert keep_standard_pages([timedelta(weeks=5)]) == 0


def test_without_comparison_there_is_no_change(worker: User, analyst: User) -> None:
    found = page(analyst, "performance", compare="none", every="none")
    rate = figure(found, "success_rate")
    assert (found["previousStart"], rate["previous"], rate["better"], rate["series"]) == (None, None, None, [])


def test_groups_of_fewer_than_five_people_are_not_shown_but_to_whom_they_are(worker: User, analyst: User) -> None:
    def platforms(user: User) -> dict[str, float]:
        groups = figure(page(user, "performance", by="platform"), "success_rate")["groups"]
        return {group["labels"]["platform"]: group["value"] for group in groups}

    assert platforms(analyst) == {"mcp": pytest.approx(19 / 20)}
    assert platforms(worker) == {"webapp": pytest.approx(3 / 4)}


def test_filters_keep_what_has_one_of_the_values(worker: User, analyst: User) -> None:
    found = page(analyst, "performance", kpi=["success_rate", "queue_length"], operation=["render", "blur"])
    assert figure(found, "success_rate")["samples"] == 12
    assert found["where"] == {"operation": ["render", "blur"]}
    assert found["leftOut"] == [{"name": "queue_length", "reason": "Queue length cannot be told by operation."}]


def test_one_is_shown_ones_own_and_nobody_elses_from_the_same_address(
    worker: User, analyst: User, stranger: User
) -> None:
    shown = {user.uid: page(user, "performance") for user in (analyst, worker, stranger)}
    assert {uid: figure(found, "success_rate")["samples"] for uid, found in shown.items()} == {
        analyst.uid: 24,
        worker.uid: 4,
        stranger.uid: 0,
    }
    assert [found["scope"] for found in shown.values()] == ["everybody", "own", "own"]
    own = {kpi["name"] for kpi in shown[worker.uid]["kpis"]}
    assert "queue_length" not in own, "nobody has a queue of their own"


def test_providers_stand_side_by_side(worker: User, analyst: User) -> None:
    quality = figure(page(analyst, "providers"), "quality_score")
    [ours] = quality["groups"]
    assert (ours["labels"], ours["value"], ours["previous"], ours["better"]) == ({"provider": "kompo"}, 9.0, 8.0, True)


@pytest.mark.parametrize("name", ["quality", "business", "user-insights"])
def test_every_page_has_the_kpis_of_its_subject(worker: User, analyst: User, name: str) -> None:
    found = page(analyst, name)
    assert found["kpis"]
    assert all(kpi["name"] in kpis() for kpi in found["kpis"])
    assert found["freshness"]["newestEventAt"] is not None


def test_what_people_do_is_told_by_what_they_are(worker: User, analyst: User) -> None:
    found = page(analyst, "user-insights")
    assert [(group["labels"]["operation"], group["value"]) for group in found["operations"]] == [
        ("render", 12),
        ("trim", 12),
    ]
    assert [(group["labels"]["platform"], group["value"]) for group in found["platforms"]] == [("mcp", 5)]
    assert figure(found, "unique_users")["value"] == PEOPLE


def test_alerts_are_for_those_who_watch(worker: User, analyst: User) -> None:
    assert_problem(worker.get("/v1/insights/alerts"), 403)
    found = page(analyst, "alerts")
    assert {kpi["name"] for kpi in found["kpis"]} == {"alerts_fired", "time_to_acknowledge", "time_to_resolve"}
    assert set(found["open"]) == {"items", "byState", "bySeverity"}


def test_what_cannot_be_shown_is_refused_with_the_reason(analyst: User) -> None:
    unknown = assert_problem(analyst.get("/v1/insights/performance", params={"kpi": "succes_rate"}), 422)
    assert "Did you mean success_rate?" in unknown["detail"]
    long = {"start": (START - timedelta(days=20)).isoformat(), "end": START.isoformat(), "every": "minute"}
    assert "longer steps" in assert_problem(analyst.get("/v1/insights/performance", params=long), 422)["detail"]
    assert_problem(analyst.get("/v1/insights/business", params={**PERIOD, "kpi": "revenue", "by": "error"}), 422)


def test_kpis_are_told_as_they_are_declared(user: User) -> None:
    listed = user.get("/v1/insights/kpis").json()["items"]
    assert [kpi["name"] for kpi in listed] == list(kpis())
    assert {kpi["category"] for kpi in user.get("/v1/insights/kpis?category=quality").json()["items"]} == {"quality"}


def test_a_figure_is_traced_to_its_sql_its_rows_and_what_was_left_out(worker: User, analyst: User) -> None:
    def trace(user: User, **params: Any) -> dict[str, Any]:
        answer = user.get("/v1/insights/kpis/success_rate/trace", params={**PERIOD, **params})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    found = trace(analyst, limit=20, by="platform")
    assert (found["numerator"], found["denominator"], found["kpi"]["sql"]) == (22, 24, "success_rate.sql")
    assert "SELECT" in found["sql"]
    assert datetime.fromisoformat(found["parameters"]["from"]) == START
    assert all(name in found["parameters"] for name in re.findall(r"@(\w+)", found["sql"])), "it runs as it is told"
    assert [each["events"] for each in found["leftOut"] if each["kind"] == "too_few_people"] == [4]
    rest = trace(analyst, limit=20, pageToken=found["nextPageToken"])
    rows = [*found["rows"], *rest["rows"]]
    assert (len(rows), sum(row["numerator"] for row in rows), rest["nextPageToken"]) == (24, 22, None)
    assert {row["eventId"] for row in rows} == {None}, "nobody's event is named to others"
    own = trace(worker)
    assert all(row["eventId"] for row in own["rows"])
    assert "users" not in own["parameters"]
    assert_problem(analyst.get("/v1/insights/kpis/fame/trace"), 404)
    assert_problem(analyst.get("/v1/insights/kpis/success_rate/trace?pageToken=x"), 422)


def test_a_trend_says_where_a_kpi_goes_and_why_something_cannot_be_said(suite: RunningCloud, analyst: User) -> None:
    end = START - timedelta(days=3)
    for hour in range(72):
        operations = [operation(end - HOUR * (72 - hour), "trim", ms=1000.0 + 20 * hour) for _ in range(3)]
        tell(f"trender {hour % 6}", *operations)
    asked = {"start": (end - 72 * HOUR).isoformat(), "end": end.isoformat(), "every": "hour", "ahead": 12}
    found = page(analyst, "trends", **asked, kpi="processing_time_p50", threshold=3.0)
    [time] = found["items"]
    assert (len(time["series"]), time["trend"]["direction"], time["trend"]["improving"]) == (72, "rising", False)
    assert time["trend"]["slope"] == pytest.approx(0.02, rel=0.1)
    steps = time["forecast"]["steps"]
    assert [datetime.fromisoformat(step["at"]) for step in steps] == [end + HOUR * hour for hour in range(12)]
    assert all(step["low"] <= step["value"] <= step["high"] for step in steps)
    assert time["outlook"]["sentence"].startswith("Processing time, median passes 3 s in")
    short = page(analyst, "trends", **{**asked, "start": (end - 2 * HOUR).isoformat()}, kpi="processing_time_p50")
    assert (short["items"][0]["forecast"], "forecast" in short["items"][0]["unknown"]) == (None, True)
    assert_problem(analyst.get("/v1/insights/trends", params={"threshold": 1}), 422)


def test_every_page_can_be_asked_for_without_saying_anything(worker: User) -> None:
    for name in ("summary", "performance", "quality", "business", "providers", "user-insights", "trends"):
        assert worker.get(f"/v1/insights/{name}").status_code == 200, name


@pytest.mark.parametrize(
    "query",
    [
        "start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z",
        "start=2026-01-01T00:00:00Z&end=2026-01-01T00:00:00Z",
        "start=0001-01-01T00:00:00Z&end=0001-01-02T00:00:00Z",
        "end=9999-12-31T23:59:59Z",
        "start=2026-01-01T00:00:00+01:00&end=2026-01-02T00:00:00%2B01:00",
        "last=0d",
        "last=9999w",
        "kpi=%F0%9F%8E%AC",
        "by=platform&by=operation&by=provider",
        "&".join(f"platform=p{number}" for number in range(100)),
        "every=fortnight",
    ],
)
def test_a_question_that_makes_no_sense_is_refused_and_no_defect(analyst: User, query: str) -> None:
    for name in ("performance", "trends", "export"):
        assert_problem(analyst.get(f"/v1/insights/{name}?{query}"), 422)


def test_a_question_that_is_odd_is_answered(analyst: User) -> None:
    for query in (
        "start=2026-03-29T01:30:00%2B01:00&end=2026-03-29T03:30:00%2B02:00",  # An hour that clocks in Paris leave out.
        "platform=mcp&platform=mcp",
        "operation=%F0%9F%8E%AC%27%3B--",
        "last=1h&every=minute",
    ):
        assert analyst.get(f"/v1/insights/performance?{query}").status_code == 200, query
    assert_problem(analyst.get("/v1/insights/trends?kpi=cost&threshold=nan"), 422)
