"""A user's own templates over HTTP: made of a komposition, filled in, versioned."""

import requests

from tests.api import User
from tests.cloud import RunningCloud
from tests.functions.kompositions import body
from tests.functions.test_shell import assert_problem

TEMPO = {"name": "tempo", "type": "number", "default": 100, "range": {"min": 60, "max": 180}, "pointers": ["/bpm"]}
CLIP = {"name": "clip", "type": "source", "pointers": ["/sources/0"]}


def test_a_komposition_becomes_a_template_and_the_template_kompositions(user: User) -> None:
    user.put("/v1/kompositions/song", body())
    described = {"name": "Intro", "variables": [TEMPO, CLIP]}
    made = user.post("/v1/kompositions/song/template", described, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201, made.text
    assert made.json()["variables"][0]["range"] == {"min": 60, "max": 180}
    path = made.headers["Location"]
    filled = user.post(f"{path}/instantiate", {"values": {"clip": "mine"}, "title": "Monday"})
    assert filled.status_code == 201, filled.text
    komposition = filled.json()
    assert (komposition["title"], komposition["komposition"]["bpm"]) == ("Monday", 100)
    assert komposition["komposition"]["sources"][0]["assetId"] == "mine"
    assert user.get(filled.headers["Location"]).json() == komposition
    refused = assert_problem(user.post(f"{path}/instantiate", {"values": {"tempo": 200, "colour": 1}}), 422)
    assert sorted(error["pointer"] for error in refused["errors"]) == [
        "/values/clip",
        "/values/colour",
        "/values/tempo",
    ]


def test_a_template_is_saved_changed_listed_and_deleted(user: User) -> None:
    saved = user.put("/v1/templates/t", {"name": "One", "variables": [TEMPO], "komposition": body()["komposition"]})
    assert saved.status_code == 201, saved.text
    etag = saved.headers["ETag"]
    changed = user.put("/v1/templates/t", {"name": "Two"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["komposition"] == saved.json()["komposition"]
    assert_problem(user.put("/v1/templates/t", {"name": "Late"}, headers={"If-Match": etag}), 412)
    assert [each["name"] for each in user.get("/v1/templates?scope=mine").json()["items"]] == ["Two"]
    assert [each["name"] for each in user.get("/v1/templates/t/versions").json()["items"]] == ["Two", "One"]
    assert user.get("/v1/templates/t/versions/1").json()["variables"] == saved.json()["variables"]
    assert user.delete("/v1/templates/t").status_code == 204
    assert_problem(user.get("/v1/templates/t"), 404)


def test_a_variable_that_leads_nowhere_is_pointed_at(user: User) -> None:
    lost = {**TEMPO, "pointers": ["/bpm", "/nothing"]}
    answer = user.post("/v1/templates", {"name": "T", "variables": [lost], "komposition": body()["komposition"]})
    refused = assert_problem(answer, 422)
    assert [error["pointer"] for error in refused["errors"]] == ["/variables/0/pointers/1"]


def test_half_a_character_is_pointed_at(user: User) -> None:
    half = {"name": "v", "type": "choice", "choices": ["\ud800"], "pointers": ["/bpm"]}
    answer = user.post("/v1/templates", {"name": "T", "variables": [half], "komposition": body()["komposition"]})
    assert [error["pointer"] for error in assert_problem(answer, 422)["errors"]] == ["/variables/0/choices"]


def test_others_templates_are_not_found(user: User, stranger: User) -> None:
    user.put("/v1/templates/t", {"name": "One", "komposition": body()["komposition"]})
    for path in ("", "/versions", "/versions/1"):
        assert_problem(stranger.get(f"/v1/templates/t{path}"), 404)
    assert_problem(stranger.post("/v1/templates/t/instantiate", {}), 404)
    assert_problem(stranger.delete("/v1/templates/t"), 404)
    assert stranger.get("/v1/templates?scope=mine").json()["items"] == []


def test_what_kompositions_can_be_made_of_is_told(user: User, suite: RunningCloud) -> None:
    operations = {each["name"]: each for each in user.get("/v1/operations").json()["items"]}
    assert "picture" in operations["leica_look"]["media"]
    schema = requests.get(f"{suite.url}/schemas/komposition/2.0.json", timeout=10)
    assert schema.status_code == 200
    assert schema.headers["Cache-Control"] == "public, max-age=3600"
    assert "tracks" in schema.json()["properties"]
    assert requests.get(f"{suite.url}/schemas/komposition/9.9.json", timeout=10).status_code == 404
