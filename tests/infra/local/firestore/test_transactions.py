"""Transactions: isolation, contention and the client's own retry, read-only ones, expiry, lost answers."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

THREADS = 8


def in_threads(work: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))


def test_contending_increments_all_count(client: firestore.Client) -> None:
    counter = client.document("counters/one")
    counter.set({"n": 0})

    @firestore.transactional
    def increment(transaction: firestore.Transaction) -> None:
        n = counter.get(transaction=transaction).get("n")
        transaction.update(counter, {"n": n + 1})

    def work(_: int) -> None:
        for _ in range(15):
            increment(client.transaction())

    in_threads(work)
    assert counter.get().get("n") == THREADS * 15


def test_transfers_in_opposite_directions_keep_the_sum(client: firestore.Client) -> None:
    a, b = client.document("accounts/a"), client.document("accounts/b")
    a.set({"n": 100})
    b.set({"n": 100})

    @firestore.transactional
    def move(
        transaction: firestore.Transaction, source: firestore.DocumentReference, target: firestore.DocumentReference
    ) -> None:
        taken = source.get(transaction=transaction).get("n")
        given = target.get(transaction=transaction).get("n")
        transaction.update(source, {"n": taken - 1})
        transaction.update(target, {"n": given + 1})

    start = time.monotonic()

    def work(number: int) -> None:
        for _ in range(5):
            move(client.transaction(max_attempts=20), *((a, b) if number % 2 else (b, a)))

    in_threads(work)
    assert a.get().get("n") == b.get().get("n") == 100
    assert time.monotonic() - start < 15  # deadlocks are seen, not waited out


def test_a_queue_hands_each_job_to_one_worker(client: firestore.Client) -> None:
    jobs = client.collection("jobs")
    for number in range(16):
        jobs.document(f"{number:02}").set({"state": "queued"})

    @firestore.transactional
    def take(transaction: firestore.Transaction, worker: int) -> str:
        query = jobs.where(filter=FieldFilter("state", "==", "queued")).limit(1)
        job = next(iter(query.stream(transaction=transaction)))
        transaction.update(job.reference, {"state": "running", "worker": worker})
        return str(job.id)

    taken: list[str] = []

    def work(worker: int) -> None:
        for _ in range(2):
            taken.append(take(client.transaction(max_attempts=20), worker))

    in_threads(work)
    assert sorted(taken) == [f"{number:02}" for number in range(16)]


def test_a_document_changed_after_it_was_read_aborts_the_commit(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"n": 1})
    transaction = client.transaction()
    transaction._begin()
    assert reference.get(transaction=transaction).get("n") == 1
    reference.update({"n": 2})
    transaction.update(reference, {"n": 10})
    with pytest.raises(exceptions.Aborted, match="contention"):
        transaction._commit()
    assert reference.get().get("n") == 2


def test_a_document_created_after_it_was_missed_aborts_the_commit(client: firestore.Client) -> None:
    reference = client.document("things/one")
    transaction = client.transaction()
    transaction._begin()
    assert not reference.get(transaction=transaction).exists
    reference.set({"n": 2})
    transaction.set(client.document("things/two"), {})
    with pytest.raises(exceptions.Aborted):
        transaction._commit()
    assert not client.document("things/two").get().exists


@pytest.mark.parametrize(
    ("change", "aborted"),
    [
        (lambda c: c.document("t/new").set({"kind": "a"}), True),
        (lambda c: c.document("t/one").delete(), True),
        (lambda c: c.document("t/one").update({"kind": "b"}), True),
        (lambda c: c.document("t/one").update({"other": 1}), True),
        (lambda c: c.document("t/new").set({"kind": "b"}), False),
        (lambda c: c.document("u/new").set({"kind": "a"}), False),
    ],
)
def test_a_query_in_a_transaction_is_guarded_against_phantoms(
    client: firestore.Client, change: Callable[[firestore.Client], object], aborted: bool
) -> None:
    client.document("t/one").set({"kind": "a"})
    transaction = client.transaction()
    transaction._begin()
    query = client.collection("t").where(filter=FieldFilter("kind", "==", "a"))
    assert len(list(query.stream(transaction=transaction))) == 1
    change(client)
    transaction.set(client.document("sums/a"), {"n": 1})
    if aborted:
        with pytest.raises(exceptions.Aborted):
            transaction._commit()
    else:
        transaction._commit()
    assert client.document("sums/a").get().exists is not aborted


def test_a_rolled_back_transaction_leaves_nothing_and_lets_others_go_on(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"n": 1})

    @firestore.transactional
    def fail(transaction: firestore.Transaction) -> None:
        reference.get(transaction=transaction)
        transaction.update(reference, {"n": 2})
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError):
        fail(client.transaction())
    start = time.monotonic()

    @firestore.transactional
    def succeed(transaction: firestore.Transaction) -> int:
        n: int = reference.get(transaction=transaction).get("n")
        return n

    assert succeed(client.transaction()) == 1
    assert time.monotonic() - start < 1


def test_an_abandoned_transaction_does_not_hold_others_up_for_long(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"n": 1})
    abandoned, other = client.transaction(), client.transaction()
    abandoned._begin()
    other._begin()
    reference.get(transaction=abandoned)
    start = time.monotonic()
    reference.get(transaction=other)
    assert time.monotonic() - start < 5
    other.update(reference, {"n": 2})
    other._commit()
    abandoned.update(reference, {"n": 3})
    with pytest.raises(exceptions.Aborted):
        abandoned._commit()


def test_a_read_only_transaction_sees_one_point_in_time(client: firestore.Client) -> None:
    first, second = client.document("things/one"), client.document("things/two")
    first.set({"n": 1})
    second.set({"n": 1})
    transaction = client.transaction(read_only=True)
    transaction._begin()
    assert first.get(transaction=transaction).get("n") == 1
    batch = client.batch()
    batch.set(first, {"n": 2})
    batch.set(second, {"n": 2})
    batch.delete(client.document("things/three"))
    batch.commit()
    assert second.get(transaction=transaction).get("n") == 1
    assert [each.get("n") for each in client.collection("things").stream(transaction=transaction)] == [1, 1]
    assert (
        client.collection("things")
        .where(filter=FieldFilter("n", "==", 2))
        .count()
        .get(transaction=transaction)[0][0]
        .value
        == 0
    )
    transaction._commit()


def test_nothing_partial_is_ever_seen(client: firestore.Client) -> None:
    references = [client.document(f"things/{number}") for number in range(10)]
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            batch = client.batch()
            for reference in references:
                batch.set(reference, {"n": number})
            batch.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(60):
            assert len({each.to_dict()["n"] for each in client.get_all(references) if each.exists}) <= 1
            assert len({each.get("n") for each in client.collection("things").stream()}) <= 1
    finally:
        stop.set()
        writer.join()


def test_a_commit_repeated_after_a_lost_answer_happens_once(client: firestore.Client) -> None:
    reference = client.document("things/one")
    transaction = client.transaction()
    transaction._begin()
    transaction.set(reference, {"n": firestore.Increment(1)}, merge=True)
    request = {"database": client._database_string, "writes": transaction._write_pbs, "transaction": transaction.id}
    first = client._firestore_api.commit(request=request, metadata=client._rpc_metadata)
    again = client._firestore_api.commit(request=request, metadata=client._rpc_metadata)
    assert first == again
    assert reference.get().get("n") == 1


def test_an_unknown_transaction_is_an_invalid_argument(client: firestore.Client) -> None:
    transaction = client.transaction()
    transaction._id = b"none"
    with pytest.raises(exceptions.InvalidArgument, match="expired or is no longer valid"):
        client.document("things/one").get(transaction=transaction)
