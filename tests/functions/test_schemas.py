"""The schemas of what the API takes are published, for every version that it takes."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tests.api import User
from tests.cloud import RunningCloud
from tests.shared.events.test_schema_versions import ANALYTICS_EVENT, FFMPEG_EVENT


@pytest.mark.parametrize("version", ["0.1", "0.2", "1"])
def test_the_schema_of_every_version_of_events_is_there_for_all(suite: RunningCloud, version: str) -> None:
    schema = requests.get(f"{suite.url}/schemas/event/{version}.json", timeout=10)
    assert schema.status_code == 200
    assert schema.headers["Content-Type"] == "application/schema+json"
    assert schema.headers["Cache-Control"] == "public, max-age=3600"
    assert schema.json()["properties"]["schemaVersion"]["const"] == version


def test_a_schema_that_there_is_not_is_not_found_and_says_what_there_is(suite: RunningCloud) -> None:
    answer = requests.get(f"{suite.url}/schemas/event/7.json", timeout=10)
    assert answer.status_code == 404
    assert "0.1, 0.2, 1" in answer.json()["detail"]


def test_the_document_of_the_api_tells_of_every_version(suite: RunningCloud) -> None:
    schemas = requests.get(f"{suite.url}/openapi.json", timeout=30).json()["components"]["schemas"]
    assert {"Event", "AnalyticsEvent", "FfmpegOperationEvent"} <= schemas.keys()


@pytest.mark.parametrize("document", [ANALYTICS_EVENT, FFMPEG_EVENT])
def test_earlier_versions_are_accepted(user: User, document: dict[str, Any]) -> None:
    answer = user.post("/v1/events", {**document, "timestamp": datetime.now(UTC).isoformat()})
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1), answer.text


def test_an_event_of_an_unknown_version_is_invalid_and_told_which_are_known(user: User) -> None:
    receipt = user.post("/v1/events", {**ANALYTICS_EVENT, "schemaVersion": "7"}).json()
    [verdict] = receipt["verdicts"]
    assert (verdict["outcome"], verdict["reason"]) == ("invalid", "unknown_schema_version")
    [wrong] = verdict["errors"]
    assert wrong["pointer"] == "/schemaVersion"
    assert "0.1, 0.2 and 1" in wrong["detail"]
