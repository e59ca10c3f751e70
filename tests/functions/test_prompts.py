"""Prompts over HTTP: the presets, one's own in every version, and what they would do."""

from typing import Any

import pytest

from shared.assets import get_assets
from shared.clips import list_clips
from shared.jobs import list_jobs
from shared.transcripts import create_transcript
from tests.api import User
from tests.functions.test_shell import assert_problem
from tests.shared.clips.keeping import keep_recording
from tests.shared.clips.talks import talk

MINE = "/v1/prompts/mine"
BODY: dict[str, Any] = {
    "name": "Quotes",
    "category": "quotes",
    "promptTemplate": "Find {clip_count} sentences about {subject} that one would frame.",
    "variables": [{"name": "subject", "type": "text", "description": "What of"}],
}


def pointers(problem: dict[str, Any]) -> set[str]:
    return {error["pointer"] for error in problem["errors"]}


def test_everybody_has_the_presets(user: User) -> None:
    presets = user.get("/v1/prompts").json()["items"]
    assert [each["id"] for each in presets][:4] == ["viral", "educational", "funny", "highlights"]
    [funny] = user.get("/v1/prompts", params={"category": "funny"}).json()["items"]
    assert (funny["id"], funny["preset"], funny["created"]) == ("funny", True, None)
    assert {each["name"] for each in funny["allVariables"]} == {
        "clip_count",
        "duration",
        "engagement_factor",
        "user_criteria",
    }
    assert user.get("/v1/prompts/funny").json() == funny
    assert_problem(user.put("/v1/prompts/funny", BODY), 409)


def test_a_prompt_is_made_changed_listed_and_deleted_and_every_version_is_kept(user: User) -> None:
    made = user.post("/v1/prompts", BODY, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201, made.text
    assert user.post("/v1/prompts", BODY, headers={"Idempotency-Key": "one"}).json() == made.json()
    path, etag = made.headers["Location"], made.headers["ETag"]
    changed = user.put(path, {**BODY, "name": "Better"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert_problem(user.put(path, BODY, headers={"If-Match": etag}), 412)
    assert [each["name"] for each in user.get("/v1/prompts", params={"scope": "mine"}).json()["items"]] == ["Better"]
    assert [each["version"] for each in user.get(f"{path}/versions").json()["items"]] == [2, 1]
    assert user.get(f"{path}/versions/1").json()["name"] == "Quotes"
    assert user.delete(path).status_code == 204
    assert_problem(user.get(path), 404)


def test_what_is_wrong_with_a_prompt_is_pointed_at(user: User) -> None:
    wrong = {**BODY, "promptTemplate": "Find {nothing}."}
    assert pointers(assert_problem(user.put(MINE, wrong), 422)) == {"/promptTemplate", "/variables/0/name"}
    assert pointers(assert_problem(user.put(MINE, {**BODY, "category": "My own"}), 422)) == {"/category"}


def test_others_prompts_are_not_found(user: User, stranger: User) -> None:
    assert user.put(MINE, BODY).status_code == 201
    assert_problem(stranger.get(MINE), 404)
    assert_problem(stranger.post(f"{MINE}:dryRun", {"variables": {"subject": "pay"}}), 404)


def test_a_dry_run_shows_the_filled_prompt_and_what_is_wrong_with_values(user: User) -> None:
    user.put(MINE, BODY)
    tried = user.post(f"{MINE}:dryRun", {"variables": {"subject": "pay", "clip_count": 4}})
    assert tried.status_code == 200, tried.text
    assert tried.json()["prompt"] == "Find 4 sentences about pay that one would frame."
    assert 8 < tried.json()["tokens"] < 30
    assert (tried.json()["clipCount"], tried.json()["estimate"], tried.json()["clips"]) == ([4, 4], None, None)
    assert_problem(user.post(f"{MINE}:dryRun", {"variables": {"subject": "pay"}, "ranker": "oracle"}), 422)
    wrong = user.post(f"{MINE}:dryRun", {"variables": {"clip_count": 40, "colour": "red"}})
    assert pointers(assert_problem(wrong, 422)) == {
        "/variables/subject",
        "/variables/clip_count",
        "/variables/colour",
    }


@pytest.fixture
def recording(user: User) -> dict[str, str]:
    """A recording, and what is said in it."""
    keep_recording(user.uid)
    create_transcript(user.uid, "words", "talk", talk())
    return {"assetId": "talk", "transcriptId": "words"}


def test_a_dry_run_on_a_transcript_tells_which_clips_would_be_chosen_and_keeps_nothing(
    user: User, recording: dict[str, str]
) -> None:
    tried = user.post("/v1/prompts/funny:dryRun", {**recording, "variables": {"clip_count": 3, "duration": "15-25"}})
    assert tried.status_code == 200, tried.text
    clips = tried.json()["clips"]
    assert len(clips) == 3
    assert "mother in law" in clips[0]["transcript"].lower()
    assert all(15 <= clip["duration"] <= 26 and clip["title"] and clip["reason"] for clip in clips)
    assert list_clips(user.uid, 10).items == []
    assert list_jobs(user.uid, 10).items == []
    assert set(get_assets(user.uid, ["talk"])) == {"talk"}


def test_a_dry_run_tells_what_a_run_would_cost(user: User, recording: dict[str, str]) -> None:
    def estimate(**wanted: Any) -> dict[str, Any]:
        answer = user.post("/v1/prompts/viral:dryRun", wanted)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["estimate"]
        return found

    known, unheard = estimate(**recording), estimate(assetId="talk")
    assert 0 < known["costUsd"] < unheard["costUsd"] < 0.05
    assert known["costUsd"] == known["machineUsd"]
    assert (known["inputTokens"], known["outputTokens"], known["modelUsd"]) == (0, 0, 0)
    read = estimate(**recording, ranker="openai")
    assert read["inputTokens"] > 500
    assert read["modelUsd"] is None
    assert estimate(**recording, render=True)["seconds"] > known["seconds"]
