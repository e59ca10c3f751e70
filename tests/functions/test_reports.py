"""Scheduled reports over HTTP: operators arrange them, analysts read them, every number says where it comes from."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.api import User, audited, with_role
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

PATH = "/v1/insights/reports"
WEEKLY = {"name": "Our week", "kind": "weekly", "zone": "Etc/UTC", "sendAt": "08:30"}
MONDAY = (datetime.now(UTC) - timedelta(days=200)).replace(hour=0, minute=0, second=0, microsecond=0)
MONDAY -= timedelta(days=MONDAY.weekday())


@pytest.fixture(scope="module")
def operator(suite: RunningCloud) -> User:
    return with_role(suite, "operator")


@pytest.fixture(scope="module")
def analyst(suite: RunningCloud) -> User:
    return with_role(suite, "analyst")


@pytest.fixture
def schedule(operator: User) -> str:
    """The id of a schedule."""
    answer = operator.post(PATH, WEEKLY)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_schedule_is_kept_as_it_was_said_and_starts_with_the_period_that_is_going_on(
    operator: User, analyst: User, schedule: str
) -> None:
    told = analyst.get(f"{PATH}/{schedule}").json()
    assert told.items() >= WEEKLY.items()
    assert told["createdBy"] == operator.uid
    assert told["reportedUntil"] == told["created"]
    assert schedule in [each["id"] for each in analyst.get(PATH, params={"limit": 200}).json()["items"]]


def test_the_same_post_again_makes_one_schedule(operator: User) -> None:
    key = {"Idempotency-Key": f"one-{datetime.now(UTC).timestamp()}"}
    first, second = (operator.post(PATH, WEEKLY, headers=key).json() for _ in range(2))
    assert first["id"] == second["id"]


def test_it_is_changed_and_deleted(operator: User, schedule: str) -> None:
    custom = {**WEEKLY, "enabled": False, "kind": "custom", "cron": "0 7 * * 1"}
    seen = {"If-Match": operator.get(f"{PATH}/{schedule}").headers["ETag"]}
    changed = operator.put(f"{PATH}/{schedule}", custom, headers=seen)
    assert changed.status_code == 200, changed.text
    assert changed.json()["cron"] == "0 7 * * 1"
    assert operator.put(f"{PATH}/{schedule}", WEEKLY, headers=seen).status_code == 412
    assert operator.delete(f"{PATH}/{schedule}", headers=seen).status_code == 412
    assert operator.put(f"{PATH}/{schedule}", {**custom, "channels": ["nowhere"]}).status_code == 422
    assert operator.delete(f"{PATH}/{schedule}").status_code == 204
    assert operator.get(f"{PATH}/{schedule}").status_code == 404
    told = audited(f"report_schedules/{schedule}")
    assert [(action, by) for action, by, _ in told] == [
        (f"report_schedules.{done}", operator.uid) for done in ("created", "changed", "deleted")
    ]
    assert told[1][2] == ["cron", "enabled", "kind", "reportedUntil"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"zone": "Nowhere"}, "/zone"),
        ({"cron": "0 7 * * 1"}, "/cron"),
        ({"kind": "custom"}, "/cron"),
        ({"kind": "custom", "cron": "whenever"}, "/cron"),
        ({"kind": "custom", "cron": "0 0 30 2 *"}, "/cron"),
        ({"kind": "custom", "cron": "* * * * *"}, "/cron"),
        ({"kind": "custom", "cron": "0,30 7 * * 1"}, "/cron"),
        ({"sendAt": "7"}, "/sendAt"),
        ({"recipients": ["nobody"]}, "/recipients/0"),
        ({"channels": ["nowhere"]}, "/channels/0"),
        ({"recipients": ["boss@example.com"]}, "/recipients"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(operator: User, wrong: dict[str, object], pointer: str) -> None:
    refused = operator.post(PATH, {**WEEKLY, **wrong})
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_others_may_not(user: User, analyst: User, schedule: str) -> None:
    assert user.get(PATH).status_code == 403
    assert user.get("/v1/insights/editions").status_code == 403
    assert analyst.post(PATH, WEEKLY).status_code == 403
    assert analyst.delete(f"{PATH}/{schedule}").status_code == 403
    assert analyst.post(f"{PATH}/{schedule}/run", {"until": MONDAY.isoformat()}).status_code == 403


def test_a_past_period_is_made_on_demand_with_files_and_the_origin_of_every_number(
    operator: User, analyst: User, schedule: str
) -> None:
    for week, failing in ((MONDAY - timedelta(days=7), 2), (MONDAY, 40)):
        for reader in range(8):
            hours = range(reader, 120, 8)
            tell(
                f"reader-{reader}",
                *(operation(week + timedelta(hours=hour), "trim", success=hour >= failing) for hour in hours),
            )
    until = {"until": (MONDAY + timedelta(days=8)).isoformat()}
    key = {"Idempotency-Key": f"run-{schedule}"}
    asked, again = (operator.post(f"{PATH}/{schedule}/run", until, headers=key) for _ in range(2))
    assert asked.status_code == 202, asked.text
    assert again.json()["id"] == asked.json()["id"]
    done = operator.settled(asked.headers["Location"], "state", {"succeeded", "failed"}, seconds=120)
    assert done["state"] == "succeeded", done
    assert done["outputs"]["report"] == done["id"]
    told = analyst.get(f"/v1/insights/editions/{done['id']}").json()
    [fell] = [each for each in told["sentences"] if each["text"].startswith("Success rate fell")]
    facts = {fact["how"]: fact for fact in fell["facts"]}
    assert facts["value"]["kpi"] == "success_rate"
    assert facts["value"]["value"] == pytest.approx(80 / 120, abs=0.02)
    assert facts["value"]["text"] in fell["text"]
    assert requests.get(told["files"]["pdf"], timeout=30).content.startswith(b"%PDF")
    assert requests.get(told["files"]["xlsx"], timeout=30).content.startswith(b"PK")
    listed = analyst.get("/v1/insights/editions", params={"schedule": schedule}).json()["items"]
    assert [each["id"] for each in listed] == [told["id"]]


def test_a_report_that_cannot_be_made_is_refused_at_once(operator: User, schedule: str) -> None:
    until = {"until": MONDAY.isoformat()}
    assert operator.post(f"{PATH}/nowhere/run", until).status_code == 404
    assert operator.post(f"{PATH}/{schedule}/run", {"until": "0001-01-01T00:00:00Z"}).status_code == 422
    unmailed = operator.post(f"{PATH}/{schedule}/run", {**until, "deliver": True})
    assert (unmailed.status_code, unmailed.json()["errors"][0]["pointer"]) == (422, "/deliver")
    future = operator.post(f"{PATH}/{schedule}/run", {"until": (datetime.now(UTC) + timedelta(days=8)).isoformat()})
    assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "/until")
    assert "is not over before" in future.json()["errors"][0]["detail"]


def test_the_function_on_its_schedule_says_what_it_sent(suite: RunningCloud, operator: User) -> None:
    answer = requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/send_reports", timeout=120)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"sent": 0, "failed": 0}
