"""What Firestore refuses is refused here, with the same code."""

from collections.abc import Callable
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.vector import Vector

MEBIBYTE = 1024 * 1024


def nested(depth: int) -> dict[str, Any]:
    """Maps in maps, so many levels of them."""
    value: dict[str, Any] = {}
    for _ in range(depth - 1):
        value = {"m": value}
    return value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": "x" * MEBIBYTE}, "exceeds the maximum allowed size of 1,048,576 bytes"),
        ({"__name__x__": 1}, "reserved"),
        ({"m": {"__a__": 1}}, "reserved"),
        ({"n" * 1501: 1}, "longer than 1500 bytes"),
        ({"m": nested(20)}, "nest"),
        ({"list": list(range(40_001))}, "too many index entries"),
        ({"v": Vector([0.0] * 2049)}, "dimensions"),
    ],
)
def test_a_document_over_a_limit_is_an_invalid_argument(
    client: firestore.Client, data: dict[str, Any], message: str
) -> None:
    with pytest.raises(exceptions.InvalidArgument, match=message):
        client.document("things/one").set(data)
    assert not client.document("things/one").get().exists


def test_a_list_in_a_list_is_refused(client: firestore.Client) -> None:
    with pytest.raises(exceptions.InvalidArgument, match="Cannot convert an array value in an array value"):
        client.document("things/one").set({"a": [[1]]})


@pytest.mark.parametrize(
    "value",
    [
        {"timestamp_value": {"seconds": 253_402_300_800}},
        {"timestamp_value": {"nanos": -1}},
        {"geo_point_value": {"latitude": 91}},
        {"geo_point_value": {"longitude": float("nan")}},
        {"field_reference_value": "a"},
        {"reference_value": "nonsense"},
        {"reference_value": "projects/p/databases/d/documents/only-a-collection"},
        {},
    ],
)
def test_a_value_outside_its_type_is_refused(client: firestore.Client, value: dict[str, Any]) -> None:
    document = types.Document(name=f"{client._database_string}/documents/things/one", fields={"v": value})
    with pytest.raises(exceptions.InvalidArgument):
        client._firestore_api.update_document(
            types.UpdateDocumentRequest(document=document), metadata=client._rpc_metadata
        )


def test_what_just_fits_is_taken(client: firestore.Client) -> None:
    # 1 MiB less: 16 + 7 + 4 for the name things/one, 32 for the document, 5 for the field's name, 1 for the string's end
    text = "x" * (MEBIBYTE - 27 - 32 - 5 - 1)
    client.document("things/one").set({"text": text})
    assert client.document("things/one").get().get("text") == text
    client.document("things/two").set(nested(20))
    with pytest.raises(exceptions.InvalidArgument, match="1,048,577 bytes"):
        client.document("things/one").set({"text": text + "x"})


@pytest.mark.parametrize("name", ["__reserved__", ".", "..", "x" * 1501])
def test_ids_that_firestore_reserves_are_refused(client: firestore.Client, name: str) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        client.collection("things").document(name).set({})
    with pytest.raises(exceptions.InvalidArgument):
        client.collection(name).document("one").get()


def test_more_than_500_writes_commit_at_once(client: firestore.Client) -> None:
    batch = client.batch()
    for number in range(700):
        batch.set(client.document(f"things/{number}"), {"n": number})
    batch.commit()
    assert client.collection("things").count().get()[0][0].value == 700


def test_a_request_over_10_mib_is_refused(client: firestore.Client) -> None:
    batch = client.batch()
    for number in range(11):
        batch.set(client.document(f"things/{number}"), {"text": "x" * (MEBIBYTE - 1000)})
    with pytest.raises(exceptions.InvalidArgument, match="payload size exceeds the limit"):
        batch.commit()


def all_of(query: Any, filters: list[tuple[str, str, Any]]) -> Any:
    """The query with all of these filters."""
    for field, op, value in filters:
        query = query.where(filter=firestore.FieldFilter(field, op, value))
    return query


def test_queries_that_just_fit_are_taken(client: firestore.Client) -> None:
    things = client.collection("things")
    for filters in (
        [(f"f{number}", ">", 0) for number in range(10)],
        [("a", "in", list(range(30))), ("b", "==", 1), ("c", "==", 1)],
        [(f"f{number}", "==", 1) for number in range(100)],
    ):
        assert list(all_of(things, filters).stream()) == []


def test_a_write_can_have_500_transforms(client: firestore.Client) -> None:
    def counted(number: int) -> dict[str, Any]:
        return {f"n{each}": firestore.Increment(1) for each in range(number)}

    client.document("things/one").set(counted(500))
    with pytest.raises(exceptions.InvalidArgument, match="500 field transforms"):
        client.document("things/one").set(counted(501))


QueryMaker = Callable[[firestore.CollectionReference], Any]


@pytest.mark.parametrize(
    "make",
    [
        lambda c: c.where(filter=firestore.FieldFilter("a", "in", list(range(31)))),
        lambda c: c.where(filter=firestore.FieldFilter("a", "not-in", list(range(11)))),
        lambda c: c.where(filter=firestore.FieldFilter("a", "in", [])),
        lambda c: c.where(filter=firestore.FieldFilter("a", "not-in", [1])).where(
            filter=firestore.FieldFilter("b", "!=", 1)
        ),
        lambda c: c.where(filter=firestore.FieldFilter("a", "array_contains", 1)).where(
            filter=firestore.FieldFilter("b", "array_contains", 1)
        ),
        lambda c: c.where(filter=firestore.FieldFilter("a", "in", list(range(6)))).where(
            filter=firestore.FieldFilter("b", "in", list(range(6)))
        ),
        lambda c: c.where(filter=firestore.FieldFilter("a", "!=", 1)).where(
            filter=firestore.FieldFilter("b", "!=", None)
        ),
        lambda c: all_of(c, [(f"f{number}", ">", 0) for number in range(11)]),
        lambda c: all_of(c, [("a", "in", list(range(30))), ("b", "==", 1), ("c", "==", 1), ("d", "==", 1)]),
        lambda c: all_of(c.document("one").collection("things"), [(f"f{number}", "==", 1) for number in range(100)]),
        lambda c: c.order_by("a").order_by("a"),
        lambda c: c.where(filter=firestore.FieldFilter("`", "==", 1)),
        lambda c: c.where(filter=firestore.FieldFilter("a.``", "==", 1)),
    ],
)
def test_a_query_that_firestore_does_not_take_is_an_invalid_argument(
    client: firestore.Client, make: QueryMaker
) -> None:
    with pytest.raises((exceptions.InvalidArgument, ValueError)):
        list(make(client.collection("things")).stream())
