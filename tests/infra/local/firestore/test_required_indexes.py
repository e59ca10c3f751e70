"""Which queries the deployed database would refuse for want of an index, and the index that they are told to add."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core.exceptions import FailedPrecondition
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import BaseQuery, FieldFilter, Or

from infra.local.firestore.index_file import Index, IndexFile, Mode, read_index_file
from infra.local.firestore.query import parse_query
from infra.local.firestore.required_indexes import missing_index
from tests.cloud import RunningCloud, local_cloud

DATABASE = "projects/p/databases/(default)"
DESCENDING = "DESCENDING"


def composite(scope: str, *fields: tuple[str, str]) -> dict[str, Any]:
    """A declaration; each field is a path and a mode."""
    kinds = {"CONTAINS": "arrayConfig"}
    declared = [{"fieldPath": path, kinds.get(mode, "order"): mode} for path, mode in fields]
    return {"collectionGroup": "films", "queryScope": scope, "fields": declared}


DECLARED = {
    "indexes": [
        composite("COLLECTION", ("state", "ASCENDING"), ("made", "DESCENDING")),
        composite("COLLECTION", ("kind", "ASCENDING"), ("made", "DESCENDING")),
        composite("COLLECTION", ("tags", "CONTAINS"), ("made", "DESCENDING"), ("__name__", "DESCENDING")),
        composite("COLLECTION_GROUP", ("state", "ASCENDING"), ("made", "ASCENDING")),
        {
            "collectionGroup": "films",
            "queryScope": "COLLECTION",
            "fields": [{"fieldPath": "v", "vectorConfig": {"dimension": 3, "flat": {}}}],
        },
    ],
    "fieldOverrides": [
        {
            "collectionGroup": "films",
            "fieldPath": "made",
            "indexes": [
                {"queryScope": "COLLECTION", "order": "ASCENDING"},
                {"queryScope": "COLLECTION", "order": "DESCENDING"},
                {"queryScope": "COLLECTION_GROUP", "order": "DESCENDING"},
            ],
        },
        {"collectionGroup": "films", "fieldPath": "notes", "indexes": []},
    ],
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> IndexFile:
    path = tmp_path_factory.mktemp("indexes") / "firestore.indexes.json"
    path.write_text(json.dumps(DECLARED))
    return read_index_file(path)


@pytest.fixture(scope="module")
def offline() -> firestore.Client:
    """Builds queries; is never connected."""
    return firestore.Client(project="p", credentials=AnonymousCredentials())


def missing(file: IndexFile, query: BaseQuery) -> Index | None:
    return missing_index(file, parse_query(DATABASE, "", query._to_protobuf()._pb))


Build = Callable[[Any], Any]


def equal(query: Any, **fields: Any) -> Any:
    for name, value in fields.items():
        query = query.where(filter=FieldFilter(name, "==", value))
    return query


@pytest.mark.parametrize(
    "build",
    [
        lambda films: films.limit(3),
        lambda films: films.order_by("__name__", direction=DESCENDING),
        lambda films: films.order_by("title"),
        lambda films: films.where(filter=FieldFilter("title", ">", "a")).where(filter=FieldFilter("title", "<", "b")),
        lambda films: equal(films, state="a", kind="b", title="c"),
        lambda films: films.where(filter=FieldFilter("tags", "array_contains", "x")),
        lambda films: films.where(filter=FieldFilter("state", "in", ["a", "b"])),
        lambda films: equal(films, state="a").order_by("made", direction=DESCENDING),
        lambda films: equal(films, state="a", kind="b").order_by("made", direction=DESCENDING),
        lambda films: equal(films, made=1, state="a").order_by("made"),
        lambda films: films.where(filter=FieldFilter("tags", "array_contains", "x")).order_by(
            "made", direction=DESCENDING
        ),
    ],
)
def test_queries_that_the_indexes_serve(file: IndexFile, offline: firestore.Client, build: Build) -> None:
    assert missing(file, build(offline.collection("films"))) is None


@pytest.mark.parametrize(
    ("build", "fields"),
    [
        (lambda films: equal(films, state="a").order_by("made"), ["state ASCENDING", "made ASCENDING"]),
        (lambda films: equal(films, title="a").order_by("made"), ["title ASCENDING", "made ASCENDING"]),
        (
            lambda films: equal(films, state="a", title="b").order_by("made", direction=DESCENDING),
            ["state ASCENDING", "title ASCENDING", "made DESCENDING"],
        ),
        (lambda films: films.order_by("state").order_by("title"), ["state ASCENDING", "title ASCENDING"]),
        (
            lambda films: films.order_by("title").order_by("__name__", direction=DESCENDING),
            ["title ASCENDING", "__name__ DESCENDING"],
        ),
        (
            lambda films: equal(films, kind="a").where(filter=FieldFilter("size", ">", 1)),
            ["kind ASCENDING", "size ASCENDING"],
        ),
        (
            lambda films: films.where(filter=FieldFilter("tags", "array_contains", "x")).order_by("made"),
            ["tags CONTAINS", "made ASCENDING"],
        ),
        (
            lambda films: films.where(
                filter=Or([FieldFilter("kind", "==", 1), FieldFilter("title", "==", 2)])
            ).order_by("made", direction=DESCENDING),
            ["title ASCENDING", "made DESCENDING"],
        ),
        (lambda films: equal(films, notes="a"), ["notes ASCENDING"]),
    ],
)
def test_the_index_to_add(file: IndexFile, offline: firestore.Client, build: Build, fields: list[str]) -> None:
    index = missing(file, build(offline.collection("films")))
    assert index is not None
    assert [f"{'.'.join(path)} {mode.value}" for path, mode in index.fields] == fields
    assert (index.collection_group, index.query_scope) == ("films", "COLLECTION")


def test_a_sum_is_taken_from_an_index_with_its_field(file: IndexFile, offline: firestore.Client) -> None:
    films = offline.collection("films")

    def sum_needs(query: BaseQuery, field: str) -> Index | None:
        return missing_index(file, parse_query(DATABASE, "", query._to_protobuf()._pb), [(field,)])

    assert sum_needs(films._query(), "size") is None
    assert sum_needs(equal(films, size=1), "size") is None
    index = sum_needs(equal(films, state="a"), "size")
    assert index is not None
    assert index.fields == ((("state",), Mode.ASCENDING), (("size",), Mode.ASCENDING))


def test_a_collection_group_needs_indexes_of_its_scope(file: IndexFile, offline: firestore.Client) -> None:
    group = offline.collection_group("films")
    assert missing(file, group.order_by("__name__")) is None
    assert missing(file, equal(group, state="a").order_by("made")) is None
    assert missing(file, group.order_by("made", direction=DESCENDING)) is None
    expected = Index("films", "COLLECTION_GROUP", ((("state",), Mode.ASCENDING),))
    assert missing(file, equal(group, state="a")) == expected


def test_the_suites_own_database_names_the_index_to_add(
    server: RunningCloud, project: str, client: firestore.Client
) -> None:
    other, client = client, firestore.Client(project=server.env["GOOGLE_CLOUD_PROJECT"])
    jobs = client.collection("users/u/jobs")
    listed = equal(jobs, state="queued").order_by("created", direction=DESCENDING).order_by("id", direction=DESCENDING)
    assert listed.get() == []
    with pytest.raises(FailedPrecondition) as refused:
        equal(jobs, state="queued").order_by("size").get()
    declaration = json.loads(refused.value.message.partition("under indexes: ")[2])
    assert declaration == {
        "collectionGroup": "jobs",
        "queryScope": "COLLECTION",
        "fields": [{"fieldPath": "state", "order": "ASCENDING"}, {"fieldPath": "size", "order": "ASCENDING"}],
    }
    with pytest.raises(FailedPrecondition, match=r'under fieldOverrides: .*"queryScope": "COLLECTION_GROUP"'):
        equal(client.collection_group("jobs"), kind="render").get()
    assert equal(other.collection("jobs"), state="queued").order_by("size").get() == []


def test_a_server_can_be_told_to_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_cloud("firestore", KOMPO_LOCAL_STRICT_INDEXES="0") as lax:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", lax.env["FIRESTORE_EMULATOR_HOST"])
        client = firestore.Client(project=lax.env["GOOGLE_CLOUD_PROJECT"])
        assert equal(client.collection("jobs"), state="queued").order_by("size").get() == []
