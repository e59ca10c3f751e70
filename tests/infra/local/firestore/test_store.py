"""What happens inside when time runs out, the disk is full, or history has been dropped."""

import time
from pathlib import Path

import pytest

from infra.local.firestore import store, transactions
from infra.local.firestore.authorization import ADMIN
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import Aborted, InvalidArgument, NotFound, ResourceExhausted
from infra.local.firestore.indexing import Indexing
from infra.local.firestore.messages import (
    BeginTransactionRequest,
    CommitRequest,
    Document,
    GetDocumentRequest,
    Value,
    Write,
)
from infra.local.firestore.names import DocumentName
from infra.local.firestore.session import Session
from infra.local.firestore.store import Store

DATABASE = "projects/p/databases/(default)"


def document(name: str, text: str = "") -> Document:
    made = Document(name=f"{DATABASE}/documents/things/{name}")
    made.fields["text"].CopyFrom(Value(string_value=text))
    return made


def commit(engine: Engine, *documents: Document, transaction: bytes = b"") -> None:
    writes = [Write(update=each) for each in documents]
    engine.commits.commit(CommitRequest(database=DATABASE, writes=writes, transaction=transaction), ADMIN)


def get(engine: Engine, name: str) -> Document:
    return engine.reads.get_document(GetDocumentRequest(name=f"{DATABASE}/documents/things/{name}"), ADMIN)


def begin(engine: Engine) -> bytes:
    identifier: bytes = engine.commits.begin_transaction(BeginTransactionRequest(database=DATABASE), ADMIN).transaction
    return identifier


def test_an_idle_transaction_expires(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    transaction = begin(engine)
    monkeypatch.setattr(transactions, "IDLE", 0.0)
    time.sleep(0.001)
    with pytest.raises(InvalidArgument, match="expired or is no longer valid"):
        commit(engine, document("a"), transaction=transaction)


def test_a_transaction_from_before_a_restart_is_aborted_so_that_it_is_retried(tmp_path: Path) -> None:
    first = Engine(tmp_path)
    transaction = begin(first)
    first.close()
    second = Engine(tmp_path)
    with pytest.raises(Aborted):
        commit(second, document("a"), transaction=transaction)
    second.close()


def test_a_full_disk_is_said_so_and_loses_nothing(tmp_path: Path) -> None:
    opened = Store(tmp_path / "firestore.db", Indexing())

    def limit(pages: int) -> None:
        opened.commit(lambda session: session._connection.execute(f"PRAGMA max_page_count = {pages}").fetchone())

    limit(40)
    written = 0

    def put(session: Session) -> None:
        session.put(DocumentName(DATABASE, "things", str(written)), document(str(written), "x" * 20_000))

    with pytest.raises(ResourceExhausted, match="disk is full"):
        while written < 100:
            opened.commit(put)
            written += 1
    assert 0 < written < 100
    limit(1_000_000)
    opened.commit(put)
    with opened.snapshot() as snapshot:
        assert next(snapshot.rows("SELECT count(*) FROM documents"))[0] == written + 1
    opened.close()


def test_history_is_dropped_when_it_is_old_and_the_newest_version_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "RETENTION", 0)
    monkeypatch.setattr(store, "_PRUNE_EVERY", 1)
    engine = Engine(tmp_path)
    for number in range(20):
        commit(engine, document("a", str(number)))
    with engine._store.snapshot() as snapshot:
        assert next(snapshot.rows("SELECT count(*) FROM changes"))[0] <= 2
        newest = snapshot.newest
    engine.close()
    again = Engine(tmp_path)
    commit(again, document("b"))
    with again._store.snapshot() as snapshot:
        assert snapshot.newest > newest
    assert get(again, "a").fields["text"].string_value == "19"
    with pytest.raises(NotFound):
        get(again, "none")
    again.close()
