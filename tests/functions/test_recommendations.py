"""Recommendations over HTTP: built-in ones before anything was learned, then learned ones, and the card of the model."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.clients import bigquery_client, firestore_client
from shared.core.ids import new_id
from shared.events import Context, Event, EventType, Metrics, Operation, Platform
from shared.patterns.recommending import train
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_shell import assert_problem
from tests.shared.told import tell

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def caller(suite: RunningCloud) -> User:
    """Who asks."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def learned(suite: RunningCloud, caller: User) -> Iterator[str]:
    """What eight people did is learned, and the API has taken it over; the id of the model."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    start = NOW - timedelta(days=3)
    for number in range(8):
        events: list[Event] = []
        for time in range(6):
            at = start + timedelta(hours=2 * time)
            events += session(at, "trim resize to_mp3")
            events += session(at + timedelta(hours=1), "trim reverse convert", failing=time % 2 == 0)
            events += session(at + timedelta(hours=1), "reverse trim convert")
        tell(f"{number}", *events)
    stored = train(NOW)
    assert stored is not None
    yield stored.sha256
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    firestore_client().collection("recommenders").document("current").delete()


def session(start: datetime, names: str, *, failing: bool = False) -> list[Event]:
    """Operations of one session, from mp4 to mp4; with `failing`, reverse fails."""
    session_id = new_id()
    return [
        Event(
            event_id=new_id(),
            timestamp=start + timedelta(minutes=place),
            platform=Platform.MCP,
            event_type=EventType.OPERATION,
            operation=Operation(
                type=name,
                input_format="mp4",
                output_format="mp4",
                parameters={"width": 1080} if name == "resize" else {},
            ),
            metrics=Metrics(success=not (failing and name == "reverse"), processing_time=1000.0),
            context=Context(session_id=session_id),
        )
        for place, name in enumerate(names.split())
    ]


def test_an_answer_names_the_model_that_the_card_is_of_and_its_reason(caller: User) -> None:
    """Which model that is depends on who was here before; before anything was learned, it is the prior: see test_training."""
    card = caller.get("/v1/recommendations/model").json()
    answer = caller.post("/v1/recommendations/operations", {"workflow": ["trim", "resize"]})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["model"] == card["model"]
    assert all(each["operation"] and each["reason"] and 0 < each["probability"] <= 1 for each in body["items"])
    assert (body["items"][0]["source"] == "prior") == (card["platforms"] == [])


def test_what_people_did_is_recommended_with_its_reason_and_parameters(caller: User, learned: str) -> None:
    def answered() -> bool:
        return bool(caller.get("/v1/recommendations/model").json()["model"] == learned)

    wait_for(answered, "the API has taken the model over", seconds=90, pause=1)
    body = {"workflow": ["trim"], "platform": "mcp", "limit": 2}
    found = caller.post("/v1/recommendations/operations", body).json()
    assert found["model"] == learned
    resize = next(item for item in found["items"] if item["operation"] == "resize")
    assert resize["source"] == "model"
    assert resize["parameters"] == {"width": 1080}
    assert resize["reason"] == "Having begun with trim, people ran it next in 50% of 96 cases."
    assert sum(item["probability"] for item in found["items"]) <= 1

    advice = caller.post("/v1/recommendations/workflow", {"workflow": ["trim", "reverse", "convert"]}).json()
    assert (advice["current"]["runs"], advice["current"]["failed"]["value"]) == (48, 0.5)
    [better] = advice["alternatives"]
    assert better["chain"]["operations"] == ["reverse", "trim", "convert"]
    assert (better["safer"], better["faster"]) == (True, False)
    assert better["moreFailures"]["high"] < 0
    [risk] = advice["risks"]
    assert (risk["place"], risk["operation"], risk["after"], risk["runs"]) == (1, "reverse", "trim", 48)
    assert risk["reason"].startswith("reverse failed in 50% of 48 runs right after trim")

    card = caller.get("/v1/recommendations/model").json()
    assert card["leastPeople"] == 5
    assert {platform["platform"] for platform in card["platforms"]} == {"all"}
    assert {candidate["name"] for candidate in card["platforms"][0]["candidates"]} >= {"popularity", "markov", "blend"}


def test_what_was_recommended_is_remembered_without_who_it_was(caller: User, learned: str) -> None:
    def remembered() -> list[dict[str, object]]:
        caller.post("/v1/recommendations/operations", {"workflow": ["trim"], "platform": "mcp"})
        sql = f"SELECT * FROM kompo.recommendations_served WHERE model = '{learned}'"
        return [dict(row.items()) for row in bigquery_client().query_and_wait(sql)]

    [row, *_] = wait_for(remembered, "a sampled recommendation is written", pause=0.2)
    assert row["operations"][0] in {"resize", "reverse"}  # type: ignore[index]
    assert caller.uid not in str(row)
    assert len(str(row["user_id"])) == 64


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("operations", {"workflow": ["/home/ann/x.mp4"]}, "/workflow/0"),
        ("operations", {"workflow": [], "platform": "toaster"}, "/platform"),
        ("operations", {"workflow": [], "limit": 21}, "/limit"),
        ("workflow", {"workflow": []}, "/workflow"),
        ("workflow", {"workflow": ["trim"], "fileSize": -1}, "/fileSize"),
    ],
)
def test_what_cannot_be_a_workflow_is_refused(caller: User, path: str, body: dict[str, object], pointer: str) -> None:
    problem = assert_problem(caller.post(f"/v1/recommendations/{path}", body), 422)
    assert {error["pointer"] for error in problem["errors"]} == {pointer}
