"""Listeners: what on_snapshot is told, and what a resumed stream is told."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from google.cloud import firestore
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.base_query import FieldFilter

from infra.local.firestore.authorization import ADMIN
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import Unavailable

Event = tuple[list[str], list[tuple[str, str]]]
SECONDS = 10.0


@contextmanager
def watching(watched: Any) -> Iterator["queue.Queue[Event]"]:
    """The snapshots of a document or query: ids in order, and the changes since the last."""
    events: queue.Queue[Event] = queue.Queue()

    def tell(documents: list[Any], changes: list[Any], _: object) -> None:
        kinds = [(change.type.name, change.document.id) for change in changes]
        events.put(([each.id for each in documents if each.exists], kinds))

    watch = watched.on_snapshot(tell)
    try:
        yield events
    finally:
        watch.unsubscribe()


def test_a_document_is_added_modified_and_removed(client: firestore.Client) -> None:
    reference = client.document("things/one")
    with watching(reference) as events:
        assert events.get(timeout=SECONDS) == ([], [])
        reference.set({"n": 1})
        assert events.get(timeout=SECONDS) == (["one"], [("ADDED", "one")])
        client.document("things/other").set({"n": 1})
        reference.update({"n": 2})
        assert events.get(timeout=SECONDS) == (["one"], [("MODIFIED", "one")])
        reference.delete()
        assert events.get(timeout=SECONDS) == ([], [("REMOVED", "one")])


def test_a_query_follows_what_enters_and_leaves_it(client: firestore.Client) -> None:
    things = client.collection("things")
    things.document("a").set({"n": 1, "in": True})
    things.document("b").set({"n": 2, "in": False})
    with watching(things.where(filter=FieldFilter("in", "==", True)).order_by("n")) as events:
        assert events.get(timeout=SECONDS) == (["a"], [("ADDED", "a")])
        things.document("b").update({"in": True})
        assert events.get(timeout=SECONDS) == (["a", "b"], [("ADDED", "b")])
        things.document("a").update({"n": 3})
        assert events.get(timeout=SECONDS) == (["b", "a"], [("MODIFIED", "a")])
        things.document("b").update({"in": False})
        assert events.get(timeout=SECONDS) == (["a"], [("REMOVED", "b")])
        things.document("a").delete()
        assert events.get(timeout=SECONDS) == ([], [("REMOVED", "a")])


def test_a_limited_query_moves_up_what_was_beyond_the_limit(client: firestore.Client) -> None:
    things = client.collection("things")
    for number in range(4):
        things.document(str(number)).set({"n": number})
    with watching(things.order_by("n").limit(2)) as events:
        assert events.get(timeout=SECONDS)[0] == ["0", "1"]
        things.document("0").delete()
        assert events.get(timeout=SECONDS) == (["1", "2"], [("REMOVED", "0"), ("ADDED", "2")])


def test_one_commit_is_one_snapshot(client: firestore.Client) -> None:
    with watching(client.collection("things")) as events:
        assert events.get(timeout=SECONDS) == ([], [])
        batch = client.batch()
        for number in range(20):
            batch.set(client.document(f"things/{number:02}"), {"n": number})
        batch.commit()
        assert len(events.get(timeout=SECONDS)[1]) == 20


def test_a_listener_ends_up_with_what_is_stored_under_load(client: firestore.Client) -> None:
    things = client.collection("things")
    with watching(things.where(filter=FieldFilter("n", ">=", 5))) as events:
        for number in range(150):
            things.document(str(number % 12)).set({"n": number * 7 % 10})
        expected = sorted(each.id for each in things.where(filter=FieldFilter("n", ">=", 5)).stream())
        seen: list[str] = []
        while sorted(seen) != expected or not events.empty():
            seen = events.get(timeout=SECONDS)[0]


class Stream:
    """A Listen stream as the wire has it."""

    def __init__(self, client: firestore.Client, *requests: types.ListenRequest) -> None:
        self._requests: queue.Queue[types.ListenRequest | None] = queue.Queue()
        for request in requests:
            self._requests.put(request)
        self.call = client._firestore_api.listen(iter(self._requests.get, None), metadata=client._rpc_metadata)

    def until_consistent(self) -> list[types.ListenResponse]:
        """The responses up to the one that says all targets are consistent."""
        responses = []
        for response in self.call:
            responses.append(response)
            change = response.target_change
            if "target_change" in response and change.target_change_type == 0 and not change.target_ids:
                return responses
        return responses

    def close(self) -> None:
        self._requests.put(None)
        self.call.cancel()


def add_things(client: firestore.Client, **target: Any) -> types.ListenRequest:
    query = {
        "parent": f"{client._database_string}/documents",
        "structured_query": client.collection("things")._query()._to_protobuf(),
    }
    return types.ListenRequest(database=client._database_string, add_target={"target_id": 7, "query": query, **target})


def changed(responses: list[types.ListenResponse]) -> dict[str, str]:
    kinds = {"document_change": "changed", "document_delete": "deleted", "document_remove": "removed"}
    found = {}
    for response in responses:
        kind = response._pb.WhichOneof("response_type")
        if kind in kinds:
            message = getattr(response, kind)
            name = message.document.name if kind == "document_change" else message.document
            found[name.rpartition("/")[2]] = kinds[kind]
    return found


def test_a_resumed_stream_is_told_only_what_changed_meanwhile(client: firestore.Client) -> None:
    for name in "abc":
        client.document(f"things/{name}").set({"n": 1})
    stream = Stream(client, add_things(client))
    first = stream.until_consistent()
    assert changed(first) == dict.fromkeys("abc", "changed")
    stream.close()
    client.document("things/a").update({"n": 2})
    client.document("things/b").delete()
    client.document("things/d").set({"n": 1})

    stream = Stream(client, add_things(client, resume_token=first[-1].target_change.resume_token))
    second = stream.until_consistent()
    stream.close()
    assert changed(second) == {"a": "changed", "b": "deleted", "d": "changed"}
    assert [each.filter.count for each in second if "filter" in each] == [3]

    stream = Stream(client, add_things(client, resume_token=second[-1].target_change.resume_token))
    assert changed(stream.until_consistent()) == {}
    stream.close()


@pytest.mark.parametrize("token", [b"nonsense!", (1).to_bytes(8, "big"), b"\xff" * 8])
def test_a_token_that_cannot_be_resumed_from_resets_the_target(client: firestore.Client, token: bytes) -> None:
    client.document("things/a").set({"n": 1})
    stream = Stream(client, add_things(client, resume_token=token))
    responses = stream.until_consistent()
    stream.close()
    kinds = [each.target_change.target_change_type.name for each in responses if "target_change" in each]
    assert kinds == ["ADD", "RESET", "CURRENT", "NO_CHANGE"]
    assert changed(responses) == {"a": "changed"}


def test_a_target_can_be_removed_and_a_wrong_one_is_refused_alone(client: firestore.Client) -> None:
    wrong = add_things(client)
    wrong.add_target.query.parent = "nowhere"
    removal = types.ListenRequest(database=client._database_string, remove_target=7)
    stream = Stream(client, wrong, add_things(client), removal)
    refused = next(iter(stream.call)).target_change
    assert (refused.target_change_type.name, refused.cause.code) == ("REMOVE", 3)
    assert stream.until_consistent()[-1].target_change.read_time is not None
    removed = next(iter(stream.call)).target_change
    assert (removed.target_change_type.name, list(removed.target_ids), removed.cause.code) == ("REMOVE", [7], 0)
    stream.close()


def test_a_server_that_stops_sends_listeners_away_with_an_error_they_come_back_from(engine: Engine) -> None:
    listener = engine.listen(ADMIN)
    database = "projects/p/databases/(default)"
    documents = {"documents": [f"{database}/documents/things/one"]}
    listener.send(types.ListenRequest.pb(types.ListenRequest(database=database, add_target={"documents": documents})))
    responses = listener.responses()
    assert next(responses).target_change.target_ids == [1]
    engine.send_listeners_away()
    with pytest.raises(Unavailable):
        list(responses)


def test_the_write_stream_commits_in_order(client: firestore.Client) -> None:
    database = client._database_string
    requests: queue.Queue[types.WriteRequest | None] = queue.Queue()
    requests.put(types.WriteRequest(database=database))
    responses = client._firestore_api.write(iter(requests.get, None), metadata=client._rpc_metadata)
    greeting = next(iter(responses))
    assert greeting.stream_id
    token = greeting.stream_token
    for number in range(3):
        name = f"{database}/documents/things/one"
        write = types.Write(update={"name": name, "fields": {"n": {"integer_value": number}}})
        requests.put(types.WriteRequest(stream_token=token, writes=[write]))
        answer = next(iter(responses))
        assert answer.stream_token != token
        assert answer.write_results[0].update_time == answer.commit_time
        token = answer.stream_token
    requests.put(None)
    assert client.document("things/one").get().get("n") == 2
