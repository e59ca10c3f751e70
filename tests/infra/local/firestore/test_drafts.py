"""What is found out about writes before their turn changes nothing about the turn itself."""

import pytest

from infra.local.firestore.authorization import ADMIN
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import InvalidArgument, NotFound
from infra.local.firestore.messages import CommitRequest, RunQueryRequest, Value, Write

DATABASE = "projects/p/databases/(default)"


def put(document: str, **fields: int) -> Write:
    write = Write()
    write.update.name = f"{DATABASE}/documents/things/{document}"
    for name, value in fields.items():
        write.update.fields[name].integer_value = value
    return write


def commit(engine: Engine, *writes: Write) -> None:
    engine.commits.commit(CommitRequest(database=DATABASE, writes=writes), ADMIN)


def found(engine: Engine, field: str, value: int) -> list[str]:
    """The ids of the documents that a query by one field finds."""
    request = RunQueryRequest(parent=f"{DATABASE}/documents")
    request.structured_query.from_.add(collection_id="things")
    where = request.structured_query.where.field_filter
    where.field.field_path, where.op = field, 5
    where.value.CopyFrom(Value(integer_value=value))
    answers = engine.queries.run_query(request, ADMIN)
    return [answer.document.name.rpartition("/")[2] for answer in answers if answer.document.name]


def test_the_first_write_that_fails_says_why_even_if_a_later_one_is_not_valid(engine: Engine) -> None:
    missing, invalid = put("missing", n=1), put("one", n=1)
    missing.current_document.exists = True
    invalid.update.fields["__reserved__"].integer_value = 1
    with pytest.raises(NotFound):
        commit(engine, missing, invalid)
    with pytest.raises(InvalidArgument, match="reserved"):
        commit(engine, invalid, missing)


def test_the_last_of_several_writes_to_a_document_is_found(engine: Engine) -> None:
    commit(engine, put("one", n=1), put("one", n=2))
    assert (found(engine, "n", 1), found(engine, "n", 2)) == ([], ["one"])
    masked = put("one", n=3)
    masked.update_mask.field_paths.append("n")
    commit(engine, put("one", n=4, m=4), masked)
    assert (found(engine, "n", 4), found(engine, "n", 3), found(engine, "m", 4)) == ([], ["one"], ["one"])


def test_what_is_written_and_deleted_in_one_commit_is_not_found(engine: Engine) -> None:
    commit(engine, put("one", n=1), Write(delete=f"{DATABASE}/documents/things/one"))
    assert found(engine, "n", 1) == []
    commit(engine, put("one", n=1))
    assert found(engine, "n", 1) == ["one"]
