"""Lists hold everything once, in order, whatever the filter and the size of the page."""

import pytest

from shared.core.errors import InvalidInput, NotFound
from shared.kompositions import Filter, KompositionService, KompositionSummary, Scope, Sort, Visibility
from shared.kompositions.store import listing
from tests.shared.kompositions.store.contents import content

service = KompositionService()


def everything(user: str, limit: int, **query: object) -> list[KompositionSummary]:
    """All pages of a list."""
    found: list[KompositionSummary] = []
    token = None
    while True:
        page = service.get_user_kompositions(user, limit, token, **query)  # type: ignore[arg-type]
        assert len(page.items) <= limit
        found += page.items
        token = page.next_page_token
        if token is None:
            return found


@pytest.fixture
def shelf(user: str) -> str:
    """A user with ten kompositions: every second one tagged `even`, the first five in project `p`."""
    for number in range(10):
        labels = {"tags": ["even"] if number % 2 == 0 else [], **({"project_id": "p"} if number < 5 else {})}
        title = f"{'ACEGI BDFHJ'.replace(' ', '')[number]} number {number}"
        service.save_komposition(user, content(), komposition_id=f"k{number}", title=title, labels=labels)
    service.save_komposition(user, content(), komposition_id="k0", description="Changed last")
    return user


@pytest.mark.parametrize("limit", [1, 3, 10, 200])
@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.MODIFIED, "0987654321"), (Sort.CREATED, "9876543210"), (Sort.TITLE, "0516273849")],
)
def test_pages_hold_everything_once_in_order(shelf: str, limit: int, sort: Sort, order: str) -> None:
    assert "".join(each.id[1:] for each in everything(shelf, limit, sort=sort)) == order


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(tag="even"), "02468"),
        (Filter(project_id="p"), "01234"),
        (Filter(project_id="p", tag="even"), "024"),
        (Filter(text="NUMBER 3"), "3"),
        (Filter(text="changed"), "0"),
        (Filter(tag="even", text="number 4"), "4"),
        (Filter(text="nothing like it"), ""),
    ],
    ids=str,
)
def test_a_filter_keeps_what_it_says(shelf: str, wanted: Filter, ids: str, sort: Sort) -> None:
    assert sorted(each.id[1:] for each in everything(shelf, 2, wanted=wanted, sort=sort)) == list(ids)


def test_a_search_that_looks_through_much_goes_on_in_the_next_page(shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SCANNED", 4)
    page = service.get_user_kompositions(shelf, 5, wanted=Filter(text="number 1"))
    assert (page.items, page.next_page_token is None) == ([], False)
    assert [each.id for each in everything(shelf, 5, wanted=Filter(text="number 1"))] == ["k1"]


def test_readers_find_what_is_shared_with_them_and_what_is_public(user: str, reader: str) -> None:
    for name in ("private", "shared", "public"):
        service.save_komposition(user, content(), komposition_id=name, title=f"{name} of {user}")
        service.share_komposition(user, name, [reader], Visibility(name))
    assert [each.id for each in everything(reader, 1, scope=Scope.SHARED)] == ["shared"]
    public = everything(reader, 1, scope=Scope.PUBLIC, wanted=Filter(text=user))
    assert [(each.user_id, each.id) for each in public] == [(user, "public")]
    assert everything(user, 1, scope=Scope.SHARED) == []


def test_two_with_one_id_are_both_listed(user: str, reader: str) -> None:
    third = f"third-of-{reader}"
    for owner in (user, reader):
        service.save_komposition(owner, content(), komposition_id="same")
        service.share_komposition(owner, "same", [third], Visibility.SHARED)
    assert {each.user_id for each in everything(third, 1, scope=Scope.SHARED)} == {user, reader}


@pytest.mark.parametrize("sort", list(Sort))
def test_a_page_token_of_another_making_is_refused(shelf: str, sort: Sort) -> None:
    for token in ("nonsense", "WzEsMl0", "WyJ4Il0"):
        with pytest.raises(InvalidInput):
            service.get_user_kompositions(shelf, 5, token, sort=sort)


def test_versions_of_nothing_are_not_found(user: str) -> None:
    with pytest.raises(NotFound):
        service.list_versions(user, "nothing")
    with pytest.raises(NotFound):
        service.list_conflicts(user, "nothing")
