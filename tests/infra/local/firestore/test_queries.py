"""Queries through the client: each operator, orders, cursors, projections, groups."""

from typing import Any

import pytest
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or
from google.cloud.firestore_v1.field_path import FieldPath

PEOPLE: dict[str, dict[str, Any]] = {
    "ada": {"age": 36, "city": "london", "tags": ["math", "poetry"], "score": 9.5},
    "bob": {"age": 25, "city": "paris", "tags": ["music"], "score": 7},
    "cat": {"age": 25.0, "city": "london", "tags": [], "score": None},
    "dan": {"age": "old", "city": "rome", "tags": ["math", None], "score": float("nan")},
    "eve": {"city": "paris", "tags": "math", "score": 7.0},
    "fay": {"age": None, "city": "oslo", "address": {"street": "high", "n": 5}},
}


@pytest.fixture
def people(client: firestore.Client) -> firestore.CollectionReference:
    batch = client.batch()
    for name, data in PEOPLE.items():
        batch.set(client.document(f"people/{name}"), data)
    batch.commit()
    return client.collection("people")


def ids(query: Any) -> list[str]:
    return [snapshot.id for snapshot in query.stream()]


@pytest.mark.parametrize(
    ("path", "op", "value", "expected"),
    [
        ("age", "==", 25, "bob cat"),
        ("age", "!=", 25, "ada dan"),
        ("age", "<", 36, "bob cat"),
        ("age", "<=", 36, "bob cat ada"),
        ("age", ">", 25, "ada"),
        ("age", ">=", 25, "bob cat ada"),
        ("age", ">", "a", "dan"),
        ("age", "==", None, "fay"),
        ("age", "!=", None, "bob cat ada dan"),
        ("age", "in", [36, "old", 99], "ada dan"),
        ("age", "not-in", [36, "old"], "bob cat"),
        ("age", "not-in", [None], ""),
        ("score", "==", float("nan"), "dan"),
        ("score", "!=", float("nan"), "bob eve ada"),
        ("score", "==", None, "cat"),
        ("tags", "array_contains", "math", "ada dan"),
        ("tags", "array_contains_any", ["music", "poetry"], "ada bob"),
        ("tags", "==", [], "cat"),
        ("tags", "==", ["math", "poetry"], "ada"),
        ("address.street", "==", "high", "fay"),
        ("address", "==", {"n": 5, "street": "high"}, "fay"),
        ("address", ">=", {"n": 1}, "fay"),
    ],
)
def test_an_operator_selects(
    people: firestore.CollectionReference, path: str, op: str, value: Any, expected: str
) -> None:
    assert ids(people.where(filter=FieldFilter(path, op, value))) == expected.split()


def test_and_and_or_nest(people: firestore.CollectionReference) -> None:
    paris = And([FieldFilter("city", "==", "paris"), FieldFilter("score", ">=", 7)])
    math = FieldFilter("tags", "array_contains", "math")
    assert ids(people.where(filter=Or([paris, math])).order_by("city")) == ["ada", "bob", "eve", "dan"]
    both = people.where(filter=Or([FieldFilter("city", "==", "london"), FieldFilter("age", "==", 25)]))
    assert ids(both) == ["ada", "bob", "cat"]


def test_ranges_over_two_fields(people: firestore.CollectionReference) -> None:
    query = people.where(filter=FieldFilter("age", ">", 20)).where(filter=FieldFilter("city", "<", "m"))
    assert ids(query) == ["cat", "ada"]


def test_conditions_on_the_name(client: firestore.Client, people: firestore.CollectionReference) -> None:
    name = FieldPath.document_id()
    assert ids(people.where(filter=FieldFilter(name, "==", people.document("bob")))) == ["bob"]
    assert ids(people.where(filter=FieldFilter(name, ">", people.document("cat")))) == ["dan", "eve", "fay"]
    assert ids(people.where(filter=FieldFilter(name, "in", [people.document("ada"), people.document("x")]))) == ["ada"]
    assert ids(people.where(filter=FieldFilter(name, "!=", people.document("ada"))).limit(2)) == ["bob", "cat"]


def test_orders_with_ties_go_by_name_in_the_direction_of_the_last(people: firestore.CollectionReference) -> None:
    assert ids(people.order_by("age")) == ["fay", "bob", "cat", "ada", "dan"]
    assert ids(people.order_by("age", direction="DESCENDING")) == ["dan", "ada", "cat", "bob", "fay"]
    assert ids(people.order_by("age").order_by("__name__", direction="DESCENDING")) == [
        "fay",
        "cat",
        "bob",
        "ada",
        "dan",
    ]
    assert ids(people.order_by("city").order_by("age", direction="DESCENDING")) == ["ada", "cat", "fay", "bob", "dan"]


def test_limit_offset_and_limit_to_last(people: firestore.CollectionReference) -> None:
    assert ids(people.order_by("age").offset(1).limit(2)) == ["bob", "cat"]
    assert [each.id for each in people.order_by("age").limit_to_last(2).get()] == ["ada", "dan"]


def test_cursors_by_value_document_and_name(people: firestore.CollectionReference) -> None:
    by_age = people.order_by("age")
    assert ids(by_age.start_at({"age": 25})) == ["bob", "cat", "ada", "dan"]
    assert ids(by_age.start_after({"age": 25})) == ["ada", "dan"]
    assert ids(by_age.end_at({"age": 25})) == ["fay", "bob", "cat"]
    assert ids(by_age.end_before({"age": 25})) == ["fay"]
    assert ids(by_age.start_after(people.document("bob").get())) == ["cat", "ada", "dan"]
    descending = people.order_by("age", direction="DESCENDING")
    assert ids(descending.start_after(people.document("cat").get())) == ["bob", "fay"]
    by_name = people.order_by("__name__")
    assert ids(by_name.start_at({"__name__": people.document("c")}).limit(2)) == ["cat", "dan"]
    assert ids(by_name.end_before({"__name__": people.document("bob")})) == ["ada"]


def test_pages_by_cursor_cover_everything_once(client: firestore.Client) -> None:
    batch = client.batch()
    for number in range(60):
        batch.set(client.document(f"numbers/{number:02}"), {"n": number % 3})
    batch.commit()
    query = client.collection("numbers").order_by("n", direction="DESCENDING").limit(7)
    seen: list[str] = []
    page = list(query.stream())
    while page:
        seen += [each.id for each in page]
        page = list(query.start_after(page[-1]).stream())
    assert seen == sorted((f"{number:02}" for number in range(60)), key=lambda name: (-(int(name) % 3), -int(name)))


def test_projections(people: firestore.CollectionReference) -> None:
    query = people.where(filter=FieldFilter("city", "==", "oslo"))
    assert [each.to_dict() for each in query.select(["city", "address.n", "none"]).stream()] == [
        {"city": "oslo", "address": {"n": 5}}
    ]
    assert [(each.id, each.to_dict()) for each in query.select(["__name__"]).stream()] == [("fay", {})]


def test_collection_groups_go_through_all_depths(client: firestore.Client) -> None:
    for path in ("jobs/a", "users/u1/jobs/b", "users/u1/jobs/b/parts/p/jobs/c", "users/u2/jobs/d", "users/u2/work/e"):
        client.document(path).set({"n": len(path), "kind": "render"})
    group = client.collection_group("jobs")
    assert [each.reference.path for each in group.stream()] == [
        "jobs/a",
        "users/u1/jobs/b",
        "users/u1/jobs/b/parts/p/jobs/c",
        "users/u2/jobs/d",
    ]
    assert ids(group.where(filter=FieldFilter("kind", "==", "render")).order_by("n", direction="DESCENDING")) == list(
        "cdba"
    )
    assert group.count().get()[0][0].value == 4
    assert ids(client.document("users/u1").collection("jobs")) == ["b"]


def test_a_recursive_query_takes_a_collection_with_all_below_it(client: firestore.Client) -> None:
    tree = ["trees/oak", "trees/oak/leaves/1", "trees/oak/leaves/2", "trees/elm", "trees/elm/roots/1"]
    for path in (*tree, "trees2/fir", "forests/a", "forests/a/trees/oak"):
        client.document(path).set({"path": path})
    found = [each.reference.path for each in client.collection("trees").recursive().get()]
    assert found == ["trees/elm", "trees/elm/roots/1", "trees/oak", "trees/oak/leaves/1", "trees/oak/leaves/2"]
    chunks = client.collection("trees").recursive()._chunkify(2)
    assert [[each.reference.path for each in chunk] for chunk in chunks] == [found[:2], found[2:4], found[4:]]
    assert client.recursive_delete(client.collection("trees")) == len(tree)
    assert [each.id for each in client.collection_group("trees").get()] == ["oak"]


def test_numeric_ids_sort_by_number_and_before_all_others(client: firestore.Client) -> None:
    ids = ["__id-7__", "__id3__", "__id20__", "A", "__ideas", "a"]
    things = client.collection("things")
    for each in ids:
        things.document(each).set({"n": 1})
    equal = things.where(filter=FieldFilter("n", "==", 1))
    assert [each.id for each in things.get()] == ids
    assert [each.id for each in things.order_by("n", direction="DESCENDING").get()] == ids[::-1]
    assert [each.id for each in equal.start_after(things.document("__id3__").get()).limit(2).get()] == ["__id20__", "A"]
    assert [each.id for each in equal.end_before(things.document("A").get()).get()] == ids[:3]
    assert [each.id for each in client.collection_group("things").get()] == ids


def test_values_too_long_for_the_index_are_still_told_apart(client: firestore.Client) -> None:
    things = client.collection("things")
    long = "x" * 2000
    for name, tail in (("a", "2"), ("b", "1"), ("c", "3")):
        things.document(name).set({"text": long + tail, "list": [long + tail]})
    assert ids(things.where(filter=FieldFilter("text", "==", long + "1"))) == ["b"]
    assert ids(things.where(filter=FieldFilter("text", ">", long + "1"))) == ["a", "c"]
    assert ids(things.where(filter=FieldFilter("text", "!=", long + "2"))) == ["b", "c"]
    assert ids(things.where(filter=FieldFilter("list", "array_contains", long + "3"))) == ["c"]
    assert ids(things.order_by("text")) == ["b", "a", "c"]


def test_deleted_and_changed_documents_leave_the_indexes(client: firestore.Client) -> None:
    things = client.collection("things")
    things.document("a").set({"n": 1, "list": [1, 2]})
    things.document("b").set({"n": 1})
    things.document("a").set({"n": 2, "list": [2]})
    things.document("b").delete()
    assert ids(things.where(filter=FieldFilter("n", "==", 1))) == []
    assert ids(things.where(filter=FieldFilter("list", "array_contains", 1))) == []
    assert ids(things.order_by("n")) == ["a"]
