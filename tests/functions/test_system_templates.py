"""Templates of the system over HTTP: seen, run, copied, taken up and rated by users; decided on by operators."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from firebase_admin import auth

from shared.core.clients import bigquery_client, firebase_app, firestore_client
from shared.patterns.templates import template_id
from shared.patterns.templates.store import forget
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_shell import assert_problem
from tests.shared.media.clips import plain
from tests.shared.patterns.histories import tell_sessions

FINAL = {"succeeded", "failed", "cancelled"}
CLIP_ID = template_id("trim->resize->to_mp3")
SMALL = (
    ("trim", {"start": 0.5}),
    ("resize", {"width": 160, "height": 90}),
    ("to_mp3", {"bitrate": 96, "sample_rate": 8000}),
)
FEW = (("trim", {}), ("reverse", {}))
STRANGE = (("blur_loop", {}), ("crop_mix", {}))


@pytest.fixture(scope="module")
def learned(suite: RunningCloud) -> None:
    """Many have made small clips, four have played things backwards, and six do what we cannot. Nothing else is known."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    for document in firestore_client().collection("templates").list_documents():
        forget(document.id)
    times = [datetime.now(UTC) - timedelta(hours=number + 1) for number in range(24)]
    tell_sessions("many", times, SMALL, users=6, workflow_type="social_media")
    tell_sessions("few", times, FEW, users=4)
    tell_sessions("strange", times, STRANGE, users=6)
    requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/generate_templates", timeout=60).raise_for_status()


@pytest.fixture(scope="module")
def operator(suite: RunningCloud) -> User:
    """Somebody who decides."""
    somebody = sign_up(suite)
    auth.set_custom_user_claims(somebody.uid, {"role": "operator"}, app=firebase_app())
    return somebody


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user with a film."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def film(editor: User, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two seconds with sound, uploaded."""
    path = plain(tmp_path_factory.mktemp("films") / "beach.mp4", "blue", 2, tone=440)
    return str(editor.upload(path, "video/mp4")["id"])


def names(user: User, **query: str) -> set[str]:
    answer = user.get("/v1/templates", params=query)
    assert answer.status_code == 200, answer.text
    return {item["name"] for item in answer.json()["items"]}


def test_a_template_tells_what_it_is_and_how_it_was_found(learned: None, user: User) -> None:
    template = user.get(f"/v1/templates/{CLIP_ID}").json()
    assert (template["name"], template["slug"], template["version"]) == (
        "Create Social Media Clip",
        "create_social_media_clip",
        1,
    )
    assert (template["workflowType"], template["state"], template["userCount"]) == ("social_media", "published", 6)
    assert template["saving"] == {"calls": 2, "tokens": 1000}
    assert template["evidence"][0].keys() == {"feature", "weight", "told"}
    assert [step["params"] for step in template["chain"]["steps"]] == [
        {"start": 0.5},
        {"width": 160, "height": 90},
        {"bitrate": 96},
    ]
    assert template["needs"] == ["media"]
    assert user.get(f"/v1/templates/{CLIP_ID}/versions/1").json()["steps"] == template["steps"]


def test_nobody_reads_them_without_a_token(suite: RunningCloud) -> None:
    assert requests.get(f"{suite.url}/v1/templates", timeout=10).status_code == 401


def test_a_page_token_of_another_list_is_refused(user: User) -> None:
    assert_problem(user.get("/v1/templates", params={"pageToken": "nonsense"}), 422)


def test_lists_are_filtered(learned: None, user: User) -> None:
    assert "Create Social Media Clip" in names(user, workflowType="social_media", platform="mcp", sort="newest")
    assert "Create Social Media Clip" not in names(user, workflowType="podcast")
    assert "Create Social Media Clip" not in names(user, platform="komposteur", sort="uses")


def test_what_few_people_do_is_for_operators_alone(learned: None, user: User, operator: User) -> None:
    few = template_id("trim->reverse")
    assert "Cut and Reverse" in names(operator, state="proposed")
    assert operator.get(f"/v1/templates/{few}").json()["state"] == "proposed"
    assert_problem(user.get("/v1/templates", params={"state": "proposed"}), 403)
    assert_problem(user.get(f"/v1/templates/{few}"), 404)
    assert_problem(user.get(f"/v1/templates/{few}/versions/1"), 404)
    assert_problem(user.post(f"/v1/templates/{few}/run", {"inputs": ["x"]}), 404)
    assert_problem(user.post(f"/v1/templates/{few}/copy", {}), 404)
    assert_problem(user.post(f"/v1/templates/{few}/publish", {}), 403)
    assert_problem(operator.post(f"/v1/templates/{few}/publish", {}), 409)


def test_a_template_runs_on_ones_own_media_and_is_counted(learned: None, editor: User, film: str) -> None:
    answer = editor.post(f"/v1/templates/{CLIP_ID}/run", {"inputs": [film], "params": [{"start": 1.0}]})
    assert answer.status_code == 202, answer.text
    job = editor.settled(answer.headers["Location"], "state", FINAL)
    assert job["state"] == "succeeded", job["error"]
    asset = editor.get(f"/v1/assets/{job['outputs']['assetId']}").json()
    assert (asset["filename"], asset["contentType"]) == ("beach (To mp3).mp3", "audio/mpeg")
    assert asset["media"]["duration"] == pytest.approx(1.0, abs=0.1)
    sql = f"""SELECT event_type, operation_type, context.workflow_id AS workflow, context.sequence_position AS place
        FROM kompo.events WHERE context.session_id = '{job["id"]}' ORDER BY event_type, place"""
    told = wait_for(lambda: _four(sql), "the events have arrived")
    assert [(row["operation_type"], row["place"]) for row in told] == [
        ("trim", 0),
        ("resize", 1),
        ("to_mp3", 2),
        (None, None),
    ]
    assert (told[3]["event_type"], told[3]["workflow"]) == ("workflow", CLIP_ID)


def _four(sql: str) -> list[dict[str, Any]] | None:
    rows = [dict(row.items()) for row in bigquery_client().query_and_wait(sql)]
    return rows if len(rows) == 4 else None


def test_what_does_not_fit_is_said_before_anything_runs(learned: None, editor: User, film: str) -> None:
    def pointers(body: dict[str, Any]) -> set[str]:
        problem = assert_problem(editor.post(f"/v1/templates/{CLIP_ID}/run", body), 422)
        return {error["pointer"] for error in problem["errors"]}

    assert pointers({"inputs": [film, film]}) == {"/inputs"}
    assert pointers({"inputs": ["nothing"]}) == {"/inputs/0"}
    assert pointers({"inputs": [film], "params": [{"start": 9}]}) == {"/params/0/start"}
    assert pointers({"inputs": [film], "params": [{}, {"widht": 9}]}) == {"/params/1/widht"}
    assert pointers({"inputs": [film], "params": [{}, {}, {}, {}]}) == {"/params"}


def test_a_step_that_fails_is_told_with_the_steps_that_did_not(learned: None, editor: User, tmp_path: Path) -> None:
    silent = editor.upload(plain(tmp_path / "silent.mp4", "red", 1), "video/mp4")["id"]
    answer = editor.post(f"/v1/templates/{CLIP_ID}/run", {"inputs": [silent]})
    job = editor.settled(answer.headers["Location"], "state", FINAL)
    assert (job["state"], job["error"]["type"]) == ("failed", "InvalidOperation")
    sql = f"""SELECT event_type, metrics.success AS success FROM kompo.events
        WHERE context.session_id = '{job["id"]}' ORDER BY event_type, context.sequence_position"""
    told = wait_for(lambda: _four(sql), "the events have arrived")
    assert [row["success"] for row in told] == [True, True, False, False]


def test_a_copy_is_ones_own(learned: None, editor: User, film: str, stranger: User) -> None:
    copied = editor.post(f"/v1/templates/{CLIP_ID}/copy", {"name": "My clips"}, headers={"Idempotency-Key": "c"})
    assert copied.status_code == 201, copied.text
    again = editor.post(f"/v1/templates/{CLIP_ID}/copy", {"name": "My clips"}, headers={"Idempotency-Key": "c"})
    assert again.json()["id"] == copied.json()["id"]
    path = copied.headers["Location"]
    chain = editor.get(path)
    assert (chain.json()["name"], chain.json()["origin"]["templateId"]) == ("My clips", CLIP_ID)
    assert_problem(stranger.get(path), 404)
    changed = {"name": "My short clips", "steps": [{"operation": "trim", "params": {"duration": 0.4}}]}
    assert_problem(editor.put(path, changed, headers={"If-Match": '"v9"'}), 412)
    assert editor.put(path, changed, headers={"If-Match": chain.headers["ETag"]}).json()["version"] == 2
    assert_problem(editor.put(path, {"name": "x", "steps": [{"operation": "trimm"}]}), 422)
    job = editor.settled(editor.post(f"{path}/run", {"inputs": [film]}).headers["Location"], "state", FINAL)
    assert (job["state"], job["outputs"]["duration"]) == ("succeeded", pytest.approx(0.4, abs=0.05))
    assert [each["name"] for each in editor.get("/v1/chains").json()["items"]] == ["My short clips"]
    assert editor.delete(path).status_code == 204


def test_what_we_cannot_run_says_so(learned: None, user: User) -> None:
    strange = template_id("blur_loop->crop_mix")
    template = user.get(f"/v1/templates/{strange}").json()
    assert (template["chain"], template["name"]) == (None, "Blur Loop and Crop Mix")
    assert "blur_loop" in template["notRunnable"]
    assert_problem(user.post(f"/v1/templates/{strange}/run", {"inputs": ["x"]}), 409)


def test_ratings_are_shown_once_five_have_rated_and_each_counts_once(learned: None, suite: RunningCloud) -> None:
    people = [sign_up(suite) for _ in range(5)]
    path = f"/v1/templates/{CLIP_ID}"
    for stars, person in zip((5, 4, 4, 3), people, strict=False):
        assert person.put(f"{path}/rating", {"stars": 1}).status_code == 200
        assert person.put(f"{path}/rating", {"stars": stars}).json()["stars"] == stars
    assert people[4].post(f"{path}/adopt").json()["stars"] is None
    seen = people[0].get(path).json()
    assert (seen["rating"], seen["ratings"], seen["adoptions"]) == (None, None, 5)
    people[4].put(f"{path}/rating", {"stars": 2})
    assert (people[0].get(path).json()["rating"], people[0].get(path).json()["ratings"]) == (3.6, 5)
    assert_problem(people[0].put(f"{path}/rating", {"stars": 6}), 422)


def test_the_ratings_of_the_erased_are_gone_after_the_next_night(
    learned: None, suite: RunningCloud, user: User
) -> None:
    [adoption, *_] = [
        document
        for document in firestore_client().collection_group("adoptions").stream()
        if document.get("templateId") == CLIP_ID
    ]
    before = firestore_client().document(f"templates/{CLIP_ID}/tallies/adoption").get().get("adoptions")
    adoption.reference.delete()
    requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/generate_templates", timeout=60).raise_for_status()
    assert firestore_client().document(f"templates/{CLIP_ID}/tallies/adoption").get().get("adoptions") == before - 1


@pytest.fixture
def retired(operator: User, learned: None) -> Iterator[str]:
    """A template that an operator has retired."""
    strange = template_id("blur_loop->crop_mix")
    assert operator.post(f"/v1/templates/{strange}/retire", {"comment": "Not ours."}).json()["state"] == "retired"
    yield strange


def test_operators_review_name_publish_and_retire(
    retired: str, suite: RunningCloud, operator: User, user: User
) -> None:
    path = f"/v1/templates/{retired}"
    assert_problem(user.get(path), 404)
    requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/generate_templates", timeout=60).raise_for_status()
    assert operator.get(path).json()["state"] == "retired", "the night does not bring back what an operator has retired"
    assert_problem(operator.post(f"{path}/review", {"name": "Create Social Media Clip"}), 409)
    named = operator.post(f"{path}/review", {"comment": "Clearer so.", "name": "Shout It Out"}).json()
    assert (named["state"], named["name"], named["version"]) == ("reviewed", "Shout It Out", 2)
    assert operator.post(f"{path}/publish", {"comment": "Go."}).json()["state"] == "published"
    assert user.get(path).json()["name"] == "Shout It Out"
    assert_problem(operator.post(f"{path}/publish", {}), 409)
    decisions = operator.get(f"{path}/decisions").json()["items"]
    versions = operator.get(f"{path}/versions").json()["items"]
    assert [(each["version"], each["name"]) for each in versions] == [
        (2, "Shout It Out"),
        (1, "Blur Loop and Crop Mix"),
    ]
    assert [each["after"] for each in decisions] == ["published", "retired", "reviewed", "published"]
    assert decisions[-1]["comment"] == "Go."
    assert_problem(user.get(f"{path}/decisions"), 403)
