"""Content of any size and shape comes back as it went, wherever it is kept."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.clients import storage_client
from shared.core.settings import settings as deployment
from shared.kompositions import KompositionService, parse_komposition
from shared.kompositions.store.content import delete_content, fits_inline, keep_content, load_content
from shared.kompositions.store.document import komposition_reference
from tests.shared.kompositions.store.contents import content

service = KompositionService()


def objects(user: str) -> list[str]:
    """What is kept in Cloud Storage for a user."""
    bucket = storage_client().bucket(deployment().bucket("documents"))
    return [blob.name for blob in bucket.list_blobs(prefix=f"users/{user}/")]


@pytest.fixture(scope="module")
def large() -> dict[str, Any]:
    """A komposition of 10,000 segments: more than Firestore takes."""
    return content(10_000)


def test_a_komposition_of_10_000_segments_is_saved_read_and_purged(user: str, large: dict[str, Any]) -> None:
    saved = service.save_komposition(user, large, komposition_id="k", title="Long")
    assert len(objects(user)) == 1
    again = service.save_komposition(user, large, komposition_id="k", message="The same once more")
    assert len(objects(user)) == 1, "the same content is kept once"
    assert service.get_komposition(user, "k") == again
    assert service.get_komposition(user, "k", 1) == saved
    service.save_komposition(user, content(), komposition_id="k")
    assert service.restore_version(user, "k", 1).komposition == saved.komposition
    service.delete_komposition(user, "k")
    service.purge_komposition(user, "k")
    assert objects(user) == []


def test_what_emptying_the_trash_took_during_a_save_is_there_again_after_it(user: str) -> None:
    folder = f"users/{user}/kompositions/k"
    kept = keep_content(folder, content(extra={"list in list": [[1]]}))
    delete_content(folder)
    kept.confirm()
    assert load_content(kept.fields)["extra"] == {"list in list": [[1]]}


@pytest.mark.parametrize(
    "extra",
    [
        {"nested": [[1, 2], [3]]},
        {"huge": 2**63},
        {"": "no name"},
        {"__reserved__": 1},
        {"n" * 2000: "a long name"},
        {"deep": [{"a": [{"a": [{"a": [{"a": [{"a": [{"a": [{"a": [{"a": [{"a": 1}]}]}]}]}]}]}]}]}]},
    ],
    ids=["list in list", "integer", "empty name", "reserved name", "long name", "depth"],
)
def test_what_firestore_does_not_take_is_kept_elsewhere(user: str, extra: dict[str, Any]) -> None:
    saved = service.save_komposition(user, content(extra=extra), komposition_id="k")
    assert "content" in (komposition_reference(user, "k").get().to_dict() or {})
    assert service.get_komposition(user, "k").komposition["extra"] == extra
    assert service.get_komposition(user, "k") == saved


def test_what_is_small_is_in_the_document_where_browsers_read_it(user: str) -> None:
    saved = service.save_komposition(user, content(), komposition_id="k")
    assert (komposition_reference(user, "k").get().to_dict() or {})["komposition"] == saved.komposition
    assert objects(user) == []


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(extra=st.dictionaries(st.sampled_from(["a", "__x__", "", "ü"]), json_values, max_size=3))
def test_whatever_a_document_holds_comes_back(cloud: object, extra: dict[str, Any]) -> None:
    saved = service.save_komposition("anybody", content(extra=extra), komposition_id="any")
    assert service.get_komposition("anybody", "any").komposition == saved.komposition
    assert saved.parse() == parse_komposition(content(extra=extra))


@given(st.integers(1, 3000))
def test_size_is_counted_without_reading_on(size: int) -> None:
    text = "x" * (size * 1000)
    assert fits_inline({"a": text}) is (len(text) < 599_990)
