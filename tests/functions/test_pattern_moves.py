"""Operators and analysts see which patterns moved; operators alone look into a session; nobody sees who it was."""

from datetime import timedelta

import pytest

from shared.core.clock import now
from tests.api import sign_up, with_role
from tests.cloud import RunningCloud
from tests.shared.patterns.test_watching import tell_week


@pytest.fixture(scope="module")
def moved(suite: RunningCloud) -> None:
    """Twenty people have begun to reverse what they see, this week."""
    until = now().replace(microsecond=0)
    for week in (1, 2):
        tell_week(f"api{week}", until - timedelta(days=7 * week), "trim resize", sessions=60, users=20)
    tell_week("apinew", until - timedelta(days=7), "to_gif reverse to_gif", sessions=40, users=20)


def test_what_moved_is_told_with_sessions_that_operators_open(suite: RunningCloud, moved: None) -> None:
    operator = with_role(suite, "operator")
    found = {each["pattern"]: each for each in operator.get("/v1/patterns/moves").json()["items"]}
    new = found["to_gif->reverse->to_gif"]
    assert (new["move"], new["now"]["sessions"], new["before"]["sessions"]) == ("new", 40, 0)
    assert new["chance"] < 0.001
    example = new["examples"][0]
    opened = operator.get(f"/v1/patterns/sessions/{example['operation']}", params={"at": example["at"]}).json()
    assert [each["operation"] for each in opened["items"]] == ["to_gif", "reverse", "to_gif"]
    assert "apinew" not in str(opened) and "userId" not in str(opened)


def test_analysts_see_moves_and_no_sessions_and_others_neither(suite: RunningCloud, moved: None) -> None:
    analyst, viewer = with_role(suite, "analyst"), sign_up(suite)
    session = f"/v1/patterns/sessions/{'0' * 64}?at={now():%Y-%m-%dT%H:%M:%SZ}"
    assert analyst.get("/v1/patterns/moves").status_code == 200
    assert [user.get(session).status_code for user in (analyst, viewer)] == [403, 403]
    assert viewer.get("/v1/patterns/moves").status_code == 403


def test_a_session_of_no_time_that_is_kept_is_not_there(suite: RunningCloud) -> None:
    operator = with_role(suite, "operator")
    for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", f"{now():%Y-%m-%dT%H:%M:%SZ}"):
        assert operator.get(f"/v1/patterns/sessions/{'0' * 64}", params={"at": at}).status_code == 404
