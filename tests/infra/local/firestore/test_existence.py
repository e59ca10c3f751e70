"""Whoever has no right to a document gets the same code whether or not it exists; whoever has is told what was wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.firestore.authorization import ADMIN, Caller
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import AlreadyExists, FailedPrecondition, NotFound, PermissionDenied
from infra.local.firestore.messages import CommitRequest, GetDocumentRequest, Precondition, Write
from infra.local.firestore.rules_authorizer import RulesAuthorizer
from tests.infra.local.rules.language import rules_with

DATABASE = "projects/p/databases/(default)"
ANN, BOB = Caller({"sub": "ann"}), Caller({"sub": "bob"})
HERE, GONE = "users/ann/notes/here", "users/ann/notes/gone"
RULES = rules_with("match /users/{uid}/notes/{id} { allow read, write: if request.auth.uid == uid; }")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine with RULES and a document that is HERE; nothing is where it says GONE."""
    file = tmp_path / "notes.rules"
    file.write_text(RULES)
    running = Engine(tmp_path, RulesAuthorizer(file))
    commit(running, put(HERE), ADMIN)
    yield running
    running.close()


def commit(engine: Engine, write: Write, caller: Caller) -> None:
    engine.commits.commit(CommitRequest(database=DATABASE, writes=[write]), caller)


def put(path: str, condition: Precondition | None = None) -> Write:
    write = Write(update={"name": f"{DATABASE}/documents/{path}"})
    write.update.fields["n"].integer_value = 1
    return conditioned(write, condition)


def delete(path: str, condition: Precondition | None = None) -> Write:
    return conditioned(Write(delete=f"{DATABASE}/documents/{path}"), condition)


def conditioned(write: Write, condition: Precondition | None) -> Write:
    if condition is not None:
        write.current_document.CopyFrom(condition)
    return write


MUST_EXIST, MUST_NOT_EXIST = Precondition(exists=True), Precondition(exists=False)
LONG_AGO = Precondition(update_time={"seconds": 1})


@pytest.mark.parametrize("path", [HERE, GONE])
@pytest.mark.parametrize("condition", [None, MUST_EXIST, MUST_NOT_EXIST, LONG_AGO])
def test_a_stranger_gets_the_same_code_whether_or_not_it_is_there(
    engine: Engine, path: str, condition: Precondition | None
) -> None:
    for write in (put(path, condition), delete(path, condition)):
        with pytest.raises(PermissionDenied):
            commit(engine, write, BOB)
    with pytest.raises(PermissionDenied):
        engine.reads.get_document(GetDocumentRequest(name=f"{DATABASE}/documents/{path}"), BOB)


def test_the_owner_is_told_what_was_wrong_and_nothing_is_written(engine: Engine) -> None:
    wrong = {
        NotFound: [put(GONE, MUST_EXIST), delete(GONE, MUST_EXIST)],
        AlreadyExists: [put(HERE, MUST_NOT_EXIST)],
        FailedPrecondition: [put(HERE, LONG_AGO), put(GONE, LONG_AGO), delete(HERE, LONG_AGO)],
    }
    for error, writes in wrong.items():
        for write in writes:
            with pytest.raises(error):
                commit(engine, write, ANN)
    with pytest.raises(NotFound):
        engine.reads.get_document(GetDocumentRequest(name=f"{DATABASE}/documents/{GONE}"), ANN)
    assert (
        engine.reads.get_document(GetDocumentRequest(name=f"{DATABASE}/documents/{HERE}"), ANN)
        .fields["n"]
        .integer_value
    )
