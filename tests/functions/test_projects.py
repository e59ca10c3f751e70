"""Projects over HTTP."""

from tests.api import User
from tests.functions.kompositions import body
from tests.functions.test_shell import assert_problem


def test_a_project_is_made_changed_listed_and_deleted(user: User) -> None:
    made = user.post("/v1/projects", {"name": "Film", "assetIds": ["a"]}, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201
    again = user.post("/v1/projects", {"name": "Film", "assetIds": ["a"]}, headers={"Idempotency-Key": "one"})
    assert again.json() == made.json()
    path = made.headers["Location"]
    changed = user.put(path, {"name": "Movie"}, headers={"If-Match": made.headers["ETag"]})
    assert (changed.status_code, changed.json()["assetIds"]) == (200, ["a"])
    assert_problem(user.put(path, {"name": "Late"}, headers={"If-Match": made.headers["ETag"]}), 412)
    assert [each["name"] for each in user.get("/v1/projects").json()["items"]] == ["Movie"]
    assert user.put("/v1/kompositions/k", body(projectId=changed.json()["id"])).status_code == 201
    assert user.delete(path).status_code == 204
    assert_problem(user.get(path), 404)
    assert user.get("/v1/kompositions/k").json()["projectId"] is None


def test_others_projects_are_not_found(user: User, stranger: User) -> None:
    user.put("/v1/projects/film", {"name": "Film"})
    assert_problem(stranger.get("/v1/projects/film"), 404)
    assert_problem(stranger.delete("/v1/projects/film"), 404)
    assert_problem(stranger.put("/v1/kompositions/k", body(projectId="film")), 422)
