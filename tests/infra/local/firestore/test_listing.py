"""ListDocuments, ListCollectionIds, PartitionQuery, and the single-document requests that the client library does not use."""

import itertools

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1 import types


@pytest.fixture
def root(client: firestore.Client) -> str:
    return f"{client._database_string}/documents"


def test_pages_of_documents_cover_missing_ones_too(client: firestore.Client) -> None:
    for name in "abce":
        client.document(f"things/{name}").set({"n": 1})
    client.document("things/d/parts/p").set({})
    client.document("things/ee/parts/p/more/m").set({})
    assert [each.id for each in client.collection("things").list_documents(page_size=2)] == [
        "a",
        "b",
        "c",
        "d",
        "e",
        "ee",
    ]


def test_documents_are_listed_in_the_order_asked_for(client: firestore.Client, root: str) -> None:
    for name, number in (("a", 2), ("b", 1), ("c", 3), ("d", 1)):
        client.document(f"things/{name}").set({"n": number, "m": 0})
    request = types.ListDocumentsRequest(
        parent=root, collection_id="things", page_size=3, order_by="n desc", mask={"field_paths": ["n"]}
    )
    pages = list(client._firestore_api.list_documents(request, metadata=client._rpc_metadata).pages)
    assert [[each.name[-1] for each in page.documents] for page in pages] == [["c", "a", "d"], ["b"]]
    assert set(pages[0].documents[0].fields) == {"n"}


def test_a_page_token_that_is_none_is_refused(client: firestore.Client, root: str) -> None:
    request = types.ListDocumentsRequest(parent=root, collection_id="things", page_token="?")
    with pytest.raises(exceptions.InvalidArgument, match="page token"):
        client._firestore_api.list_documents(request, metadata=client._rpc_metadata)


def test_collections_are_those_with_documents_below_them(client: firestore.Client) -> None:
    for path in ("users/u1/jobs/j", "users/u1/parts/p/sub/s", "users/u1!/other/o", "things/t"):
        client.document(path).set({})
    client.document("gone/g").set({})
    client.document("gone/g").delete()
    assert [each.id for each in client.collections()] == ["things", "users"]
    assert [each.id for each in client.document("users/u1").collections()] == ["jobs", "parts"]


def test_a_recursive_delete_leaves_nothing(client: firestore.Client) -> None:
    for path in ("users/u1", "users/u1/jobs/j", "users/u1/jobs/j/steps/s", "users/u2"):
        client.document(path).set({})
    client.recursive_delete(client.document("users/u1"))
    assert [each.reference.path for each in client.collection("users").stream()] == ["users/u2"]
    assert list(client.document("users/u1").collections()) == []
    assert client.collection_group("steps").count().get()[0][0].value == 0


def test_partitions_cut_a_group_into_parts_without_gaps(client: firestore.Client) -> None:
    for number in range(40):
        client.document(f"users/{number % 4}/jobs/{number:02}").set({"n": number})
    partitions = list(client.collection_group("jobs").get_partitions(5))
    parts = [[each.get("n") for each in partition.query().stream()] for partition in partitions]
    assert len(parts) == 6  # the number asked for is that of the cuts
    assert sorted(itertools.chain.from_iterable(parts)) == list(range(40))
    assert max(map(len, parts)) <= 7


def test_single_document_requests(client: firestore.Client, root: str) -> None:
    api, metadata = client._firestore_api, client._rpc_metadata
    fields = {"n": {"integer_value": 1}, "m": {"integer_value": 2}}
    created = api.create_document(
        types.CreateDocumentRequest(parent=root, collection_id="things", document={"fields": fields}), metadata=metadata
    )
    assert len(created.name.rpartition("/")[2]) == 20
    updated = api.update_document(
        types.UpdateDocumentRequest(
            document={"name": created.name, "fields": {"n": {"integer_value": 5}}}, update_mask={"field_paths": ["n"]}
        ),
        metadata=metadata,
    )
    assert {name: value.integer_value for name, value in updated.fields.items()} == {"n": 5, "m": 2}
    found = api.get_document(
        types.GetDocumentRequest(name=created.name, mask={"field_paths": ["m"]}), metadata=metadata
    )
    assert set(found.fields) == {"m"}
    api.delete_document(types.DeleteDocumentRequest(name=created.name), metadata=metadata)
    with pytest.raises(exceptions.NotFound):
        api.get_document(types.GetDocumentRequest(name=created.name), metadata=metadata)


@pytest.mark.parametrize("name", ["nonsense", "projects/p/databases/d", "projects/p/databases/d/documents/odd", ""])
def test_a_name_that_is_none_is_an_invalid_argument(client: firestore.Client, name: str) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        client._firestore_api.get_document(types.GetDocumentRequest(name=name), metadata=client._rpc_metadata)
