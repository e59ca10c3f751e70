"""Projects: kompositions are in them by their own word, and outlive them."""

import pytest

from shared.core.errors import InvalidInput, NotFound, PreconditionFailed
from shared.core.ids import new_id
from shared.kompositions import Filter, KompositionService
from shared.projects import delete_project, get_project, list_projects, save_project
from tests.cloud import RunningCloud
from tests.shared.kompositions.store.contents import content

kompositions = KompositionService()


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


def test_what_is_saved_is_what_is_read_and_what_is_left_out_stays(user: str) -> None:
    saved, new = save_project(user, "p", name="Film", description="About", komposition_ids=["k"], asset_ids=["a"])
    assert new
    assert get_project(user, "p") == saved
    renamed, new = save_project(user, "p", name="Movie")
    assert not new
    assert (renamed.komposition_ids, renamed.asset_ids, renamed.description) == (["k"], ["a"], "")
    assert renamed.created == saved.created
    assert renamed.etag != saved.etag


def test_they_are_listed_last_changed_first(user: str) -> None:
    for name in ("a", "b", "c"):
        save_project(user, name, name=name)
    save_project(user, "a", name="Changed")
    page = list_projects(user, 2)
    rest = list_projects(user, 2, page.next_page_token)
    assert [project.id for project in (*page.items, *rest.items)] == ["a", "c", "b"]


def test_when_a_project_goes_its_kompositions_stay_in_none(user: str) -> None:
    save_project(user, "p", name="Film")
    for name in ("one", "two"):
        kompositions.save_komposition(user, content(), komposition_id=name, labels={"project_id": "p"})
    assert len(kompositions.get_user_kompositions(user, wanted=Filter(project_id="p")).items) == 2
    delete_project(user, "p")
    assert kompositions.get_user_kompositions(user, wanted=Filter(project_id="p")).items == []
    assert kompositions.get_komposition(user, "one").project_id is None
    with pytest.raises(NotFound):
        get_project(user, "p")
    with pytest.raises(InvalidInput):
        get_project(user, "p", pointer="/projectId")


def test_a_write_that_comes_too_late_is_refused(user: str) -> None:
    def stale(_current: str | None) -> None:
        raise PreconditionFailed("Too late.")

    save_project(user, "p", name="Film")
    with pytest.raises(PreconditionFailed):
        save_project(user, "p", name="Late", check=stale)
    with pytest.raises(PreconditionFailed):
        delete_project(user, "p", stale)
    assert get_project(user, "p").name == "Film"
