"""Writes that only verify: how a transaction in a browser makes sure that what it has read has not changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.firestore.authorization import ADMIN, Caller
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import FailedPrecondition, FirestoreError, InvalidArgument, NotFound, PermissionDenied
from infra.local.firestore.messages import CommitRequest, GetDocumentRequest, Precondition, Write
from infra.local.firestore.rules_authorizer import RulesAuthorizer
from infra.local.firestore.verifications import verification, verified_by
from tests.infra.local.rules.language import rules_with

DATABASE = "projects/p/databases/(default)"
RULES = rules_with("""
    match /open/{id} { allow read; allow write: if true; }
    match /closed/{id} { allow write: if true; }""")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine in which RULES are in force."""
    file = tmp_path / "notes.rules"
    file.write_text(RULES)
    running = Engine(tmp_path, RulesAuthorizer(file))
    yield running
    running.close()


def verify(path: str, condition: Precondition | None = None) -> Write:
    write = Write.FromString(verification(f"{DATABASE}/documents/{path}"))
    if condition is not None:
        write.current_document.CopyFrom(condition)
    return write


def put(path: str) -> Write:
    return Write(update={"name": f"{DATABASE}/documents/{path}"})


def commit(engine: Engine, *writes: Write, caller: Caller = ADMIN) -> int:
    """Commit; how many results there are."""
    return len(engine.commits.commit(CommitRequest(database=DATABASE, writes=writes), caller).write_results)


def stored(engine: Engine, path: str) -> Precondition:
    """The condition that a document is as it is now."""
    document = engine.reads.get_document(GetDocumentRequest(name=f"{DATABASE}/documents/{path}"), ADMIN)
    return Precondition(update_time=document.update_time)


@pytest.mark.parametrize("name", ["projects/p/databases/d/documents/a/b", "x" * 300, ""])
def test_the_name_survives_the_wire(name: str) -> None:
    assert verified_by(Write.FromString(verification(name))) == name
    assert verified_by(put("open/one")) is None
    assert verified_by(Write()) is None


def test_what_is_verified_stays_as_it_is(engine: Engine) -> None:
    commit(engine, put("open/one"))
    before = stored(engine, "open/one")
    assert (
        commit(engine, verify("open/one", before), put("open/two"), verify("open/none", Precondition(exists=False)))
        == 3
    )
    assert stored(engine, "open/one") == before
    with pytest.raises(NotFound):
        stored(engine, "open/none")


@pytest.mark.parametrize(
    ("condition", "error"),
    [
        (Precondition(update_time={"seconds": 1}), FailedPrecondition),
        (Precondition(exists=False), FirestoreError),
    ],
)
def test_nothing_is_written_when_a_document_has_changed(
    engine: Engine, condition: Precondition, error: type[FirestoreError]
) -> None:
    commit(engine, put("open/one"))
    with pytest.raises(error):
        commit(engine, put("open/two"), verify("open/one", condition))
    with pytest.raises(NotFound):
        stored(engine, "open/two")


def test_to_verify_takes_the_right_to_read(engine: Engine) -> None:
    user = Caller({"sub": "ann"})
    assert commit(engine, put("closed/one"), verify("open/one"), caller=user) == 2
    with pytest.raises(PermissionDenied, match="get"):
        commit(engine, put("open/one"), verify("closed/one"), caller=user)


def test_a_write_without_any_operation_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidArgument, match="must have an operation"):
        commit(engine, Write())
