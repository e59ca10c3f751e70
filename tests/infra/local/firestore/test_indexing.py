"""firestore.indexes.json: fields that are exempt from indexing, and what becomes of data when the file changes."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google.api_core.exceptions import FailedPrecondition
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from infra.local.firestore.authorization import ADMIN
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import FailedPrecondition as Refused
from infra.local.firestore.field_paths import FieldPath, parse_field_path
from infra.local.firestore.index import index_entries
from infra.local.firestore.index_file import FieldOverride, Index, IndexFile, Mode
from infra.local.firestore.indexing import Indexing
from infra.local.firestore.messages import CommitRequest, Document, RunQueryRequest, Value
from tests.cloud import RunningCloud

DATABASE = "projects/p/databases/(default)"


def document(**fields: Value) -> Document:
    return Document(name=f"{DATABASE}/documents/films/1", fields=fields)


def nested(**fields: int) -> Value:
    value = Value()
    for name, number in fields.items():
        value.map_value.fields[name].integer_value = number
    return value


def exempt(*paths: FieldPath) -> IndexFile:
    return IndexFile(overrides=tuple(FieldOverride("films", path, frozenset()) for path in paths))


@pytest.mark.parametrize(
    ("switches", "keys"),
    [
        ({}, {"n", "m", "m.a", "m.b"}),
        ({("m",): False}, {"n"}),
        ({("m", "a"): False}, {"n", "m", "m.b"}),
        ({("m",): False, ("m", "b"): True}, {"n", "m.b"}),
        ({(): False}, set()),
        ({(): False, ("m",): True}, {"m", "m.a", "m.b"}),
    ],
)
def test_an_exemption_holds_for_all_below_the_field(switches: dict[FieldPath, bool], keys: set[str]) -> None:
    whole = document(n=Value(integer_value=1), m=nested(a=1, b=2))
    assert {key for key, _ in index_entries(whole, switches)} == keys


def test_a_field_of_a_composite_index_stays_indexed() -> None:
    composite = Index("films", "COLLECTION", ((("m", "a"), Mode.ASCENDING), (("n",), Mode.ASCENDING)))
    indexing = Indexing(DATABASE, IndexFile((composite,), exempt(("m",)).overrides))
    assert {key for key, _ in index_entries(document(m=nested(a=1, b=2)), indexing.switches(DATABASE, "films"))} == {
        "m.a"
    }


@pytest.fixture
def suite(project: str, server: RunningCloud) -> Iterator[firestore.Client]:
    """A client of the database that the suite's own index file counts for."""
    client = firestore.Client(project=server.env["GOOGLE_CLOUD_PROJECT"])
    yield client
    client.recursive_delete(client.collection("users"))


Query = Callable[[firestore.CollectionReference], object]


@pytest.mark.parametrize(
    "query",
    [
        lambda films: films.where(filter=FieldFilter("komposition.bpm", "==", 120)).get(),
        lambda films: films.where(filter=FieldFilter("komposition.segments", "array_contains", 1)).get(),
        lambda films: films.order_by("komposition").get(),
        lambda films: films.where(filter=FieldFilter("komposition.bpm", ">", 1)).count().get(),
        lambda films: films.sum("komposition.bpm").get(),
    ],
)
def test_a_query_on_an_exempted_field_fails(suite: firestore.Client, query: Query) -> None:
    with pytest.raises(FailedPrecondition, match="index for collection kompositions and field komposition"):
        query(suite.collection("users/u/kompositions"))


def test_exempted_fields_are_kept_and_the_others_found(suite: firestore.Client) -> None:
    films = suite.collection("users/u/kompositions")
    films.document("k").set({"title": "One", "komposition": {"bpm": 120, "segments": [{"id": "s1"}]}})
    (found,) = films.where(filter=FieldFilter("title", "==", "One")).select(["komposition.bpm"]).get()
    assert found.to_dict() == {"komposition": {"bpm": 120}}
    assert suite.collection("users/u/other").where(filter=FieldFilter("komposition.bpm", "==", 120)).get() == []


def test_other_projects_know_nothing_of_the_file(client: firestore.Client) -> None:
    client.document("kompositions/k").set({"komposition": {"bpm": 120}})
    query = client.collection("kompositions").where(filter=FieldFilter("komposition.bpm", "==", 120))
    assert [each.id for each in query.get()] == ["k"]


def ids_where_m_a_is_1(engine: Engine) -> list[str]:
    request = RunQueryRequest(parent=f"{DATABASE}/documents")
    request.structured_query.from_.add(collection_id="films")
    condition = request.structured_query.where.field_filter
    condition.field.field_path, condition.op, condition.value.integer_value = "m.a", condition.EQUAL, 1
    answers = engine.queries.run_query(request, ADMIN)
    return [answer.document.name.rpartition("/")[2] for answer in answers if answer.document.name]


def write(engine: Engine, name: str, a: int) -> None:
    request = CommitRequest(database=DATABASE)
    request.writes.add().update.CopyFrom(Document(name=f"{DATABASE}/documents/films/{name}", fields={"m": nested(a=a)}))
    engine.commits.commit(request, ADMIN)


def test_data_is_indexed_anew_when_the_file_changes(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    write(engine, "kept", 1)
    write(engine, "changed", 1)
    engine.close()

    engine = Engine(tmp_path, indexing=Indexing(DATABASE, exempt(parse_field_path("m"))))
    write(engine, "changed", 2)
    write(engine, "new", 1)
    with pytest.raises(Refused):
        ids_where_m_a_is_1(engine)
    engine.close()
    assert sqlite3.connect(tmp_path / "firestore.db").execute("SELECT count(*) FROM entries").fetchone() == (0,)

    engine = Engine(tmp_path)
    assert ids_where_m_a_is_1(engine) == ["kept", "new"]
    engine.close()
