"""Web pages cannot reach the servers that start processes and call functions."""

from collections.abc import Iterator

import httpx
import pytest

from tests.cloud import RunningCloud, local_cloud

SERVERS = {
    "run": ("KOMPO_RUN_ENDPOINT", "/v2/projects/p/locations/l/jobs"),
    "eventarc": ("KOMPO_LOCAL_EVENTARC", "/deliveries"),
    "secrets": ("KOMPO_SECRETS_ENDPOINT", "/v1/projects/p/secrets"),
    "scheduler": ("KOMPO_LOCAL_SCHEDULER", "/v1/projects/p/locations/l/jobs"),
}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningCloud]:
    with local_cloud(*SERVERS) as cloud:
        yield cloud


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "rebound.example:8000"}]
)
def test_a_web_page_is_refused(running: RunningCloud, server: str, headers: dict[str, str]) -> None:
    variable, path = SERVERS[server]
    answer = httpx.get(running.env[variable] + path, headers=headers)
    assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}], ids=["program", "typed address"])
def test_programs_and_people_on_this_machine_are_answered(
    running: RunningCloud, server: str, headers: dict[str, str]
) -> None:
    variable, path = SERVERS[server]
    assert httpx.get(running.env[variable] + path, headers=headers).status_code == 200
