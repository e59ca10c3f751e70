"""Templates over HTTP: mined from what users do, read by every signed-in user."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from shared.events import event_messages, ingest
from tests.api import User
from tests.cloud import RunningCloud
from tests.shared.told import operation


@pytest.fixture(scope="module")
def mined(suite: RunningCloud) -> None:
    """Six people have made clips in the past day, and the nightly function has run."""
    for number in range(24):
        start = datetime.now(UTC) - timedelta(hours=number + 1)
        steps = [operation(start + timedelta(seconds=n), kind) for n, kind in enumerate(("trim", "resize", "to_mp3"))]
        for body in event_messages(f"clip maker {number % 6}", steps):
            ingest(body)
    requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/generate_templates", timeout=60).raise_for_status()


def test_the_seeds_example_becomes_a_template(mined: None, user: User) -> None:
    templates = {item["name"]: item for item in user.get("/v1/templates").json()["items"]}
    clip = templates["Create Social Media Clip"]
    assert clip["operations"] == ["trim", "resize", "to_mp3"]
    assert (clip["frequency"], clip["userCount"], clip["successRate"]) == (24, 6, 1.0)


def test_a_page_token_of_another_list_is_refused(user: User) -> None:
    assert user.get("/v1/templates", params={"pageToken": "nonsense"}).status_code == 422


def test_nobody_reads_them_without_a_token(suite: RunningCloud) -> None:
    assert requests.get(f"{suite.url}/v1/templates", timeout=10).status_code == 401
