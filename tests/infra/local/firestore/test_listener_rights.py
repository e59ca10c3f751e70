"""What an end user may watch, as time goes by: documents are unshared, roles are taken away, tokens expire."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.firestore import listen
from infra.local.firestore.authorization import ADMIN, Caller
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import Code, Unauthenticated
from infra.local.firestore.listen import Listener
from infra.local.firestore.messages import (
    CommitRequest,
    ListenRequest,
    ListenResponse,
    TargetChange,
    Write,
    WriteRequest,
)
from infra.local.firestore.rules_authorizer import RulesAuthorizer
from tests.infra.local.rules.language import rules_with

DATABASE = "projects/p/databases/(default)"
RULES = rules_with("""
    match /notes/{id} { allow get: if request.auth.uid in resource.data.readers; }
    match /reports/{id} {
      allow list: if get(/databases/$(database)/documents/users/$(request.auth.uid)).data.role == 'analyst';
      allow write: if true;
    }""")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine in which RULES are in force."""
    file = tmp_path / "notes.rules"
    file.write_text(RULES)
    running = Engine(tmp_path, RulesAuthorizer(file))
    yield running
    running.close()


def user(**claims: Any) -> Caller:
    return Caller({"sub": "ann", **claims})


def put(engine: Engine, path: str, readers: str = "", **texts: str) -> None:
    """Set a document; `readers` is a list of one-letter names."""
    write = Write(update={"name": f"{DATABASE}/documents/{path}"})
    for name, text in texts.items():
        write.update.fields[name].string_value = text
    for reader in readers.split():
        write.update.fields["readers"].array_value.values.add(string_value=reader)
    engine.commits.commit(CommitRequest(database=DATABASE, writes=[write]), ADMIN)


def watch(engine: Engine, path: str, caller: Caller) -> Listener:
    """A listener to a document, or to a collection."""
    listener = engine.listen(caller)
    request = ListenRequest(database=DATABASE)
    request.add_target.target_id = 1
    if "/" in path:
        request.add_target.documents.documents.append(f"{DATABASE}/documents/{path}")
    else:
        request.add_target.query.parent = f"{DATABASE}/documents"
        request.add_target.query.structured_query.from_.add(collection_id=path)
    listener.send(request)
    return listener


def until_settled(responses: Iterator[ListenResponse]) -> list[str]:
    """The texts of the documents that are told of, up to where all targets are consistent or one is taken away."""
    texts = []
    for response in responses:
        change = response.target_change
        if response.HasField("document_change"):
            texts.append(response.document_change.document.fields["text"].string_value)
        elif change.target_change_type == TargetChange.REMOVE:
            return [*texts, Code(change.cause.code).name]
        elif response.HasField("target_change") and not change.target_ids:
            return texts
    return texts


def test_whoever_a_document_is_no_longer_shared_with_does_not_see_what_becomes_of_it(engine: Engine) -> None:
    put(engine, "notes/one", readers="ann bob", text="for both")
    listener = watch(engine, "notes/one", user())
    responses = listener.responses()
    assert until_settled(responses) == ["for both"]
    put(engine, "notes/one", readers="ann", text="for her")
    assert until_settled(responses) == ["for her"]
    put(engine, "notes/one", readers="bob", text="secret")
    put(engine, "notes/one", readers="ann bob", text="for both again")
    assert until_settled(responses) == ["PERMISSION_DENIED"]
    listener.close()
    assert list(responses) == []


def test_other_listeners_of_the_document_go_on(engine: Engine) -> None:
    put(engine, "notes/one", readers="ann bob", text="for both")
    bob = watch(engine, "notes/one", Caller({"sub": "bob"})).responses()
    admin = watch(engine, "notes/one", ADMIN).responses()
    for responses in (bob, admin):
        until_settled(responses)
    put(engine, "notes/one", readers="bob", text="for him")
    assert [until_settled(responses) for responses in (bob, admin)] == [["for him"], ["for him"]]


def test_a_query_ends_with_the_role_that_allowed_it(engine: Engine) -> None:
    put(engine, "users/ann", role="analyst")
    responses = watch(engine, "reports", user()).responses()
    assert until_settled(responses) == []
    put(engine, "reports/one", text="first")
    assert until_settled(responses) == ["first"]
    put(engine, "users/ann", role="viewer")
    put(engine, "reports/two", text="second")
    assert until_settled(responses) == ["PERMISSION_DENIED"]


def test_rights_are_looked_at_even_when_nothing_happens(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "HEARTBEAT", 0.05)
    put(engine, "users/ann", role="analyst")
    responses = watch(engine, "reports", user()).responses()
    until_settled(responses)
    put(engine, "users/ann", role="viewer")
    while not (told := until_settled(responses)):
        pass  # a heartbeat from before the change
    assert told == ["PERMISSION_DENIED"]


def test_a_stream_ends_when_its_token_expires(engine: Engine) -> None:
    put(engine, "notes/one", readers="ann", text="hers")
    responses = watch(engine, "notes/one", user(exp=time.time() + 0.3)).responses()
    assert until_settled(responses) == ["hers"]
    with pytest.raises(Unauthenticated, match="expired"):
        list(responses)


def test_nothing_is_written_through_a_stream_whose_token_has_expired(engine: Engine) -> None:
    def requests() -> Iterator[WriteRequest]:
        yield WriteRequest(database=DATABASE)
        time.sleep(0.3)
        yield WriteRequest(
            stream_token=(1).to_bytes(8, "big"), writes=[Write(delete=f"{DATABASE}/documents/reports/one")]
        )

    responses = engine.write(requests(), user(exp=time.time() + 0.2))
    assert next(responses).stream_id
    with pytest.raises(Unauthenticated, match="expired"):
        next(responses)
