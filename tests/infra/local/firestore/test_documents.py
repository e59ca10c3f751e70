"""Single documents: reading, writing, preconditions, masks, transforms."""

import asyncio
import datetime
import math
from collections.abc import Callable

import pytest
from google.api_core import exceptions
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud import firestore
from google.cloud.firestore_v1.vector import Vector


def test_every_type_of_value_comes_back_as_it_was_written(client: firestore.Client) -> None:
    moment = datetime.datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=datetime.UTC)
    data = {
        "null": None,
        "truth": True,
        "integer": -(2**63),
        "double": 0.1,
        "infinity": math.inf,
        "moment": moment,
        "text": "smörgås\x00🎬",
        "bytes": b"\x00\xff",
        "reference": client.document("users/u1"),
        "point": firestore.GeoPoint(59.3, 18.1),
        "list": [1, "two", {"three": 3.0}],
        "map": {"a b": {"c": []}},
        "vector": Vector([1.0, -2.5]),
    }
    reference = client.document("things/one")
    reference.set(data)
    assert reference.get().to_dict() == data


def test_a_timestamp_is_cut_to_microseconds(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"at": DatetimeWithNanoseconds(2026, 1, 1, nanosecond=123456789, tzinfo=datetime.UTC)})
    assert reference.get().get("at").microsecond == 123456


def test_create_refuses_an_existing_document(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.create({"a": 1})
    with pytest.raises(exceptions.AlreadyExists, match="Document already exists"):
        reference.create({"a": 2})
    assert reference.get().to_dict() == {"a": 1}


def test_update_refuses_a_missing_document(client: firestore.Client) -> None:
    with pytest.raises(exceptions.NotFound, match="No document to update"):
        client.document("things/one").update({"a": 1})


def test_a_missing_document_is_a_snapshot_that_does_not_exist(client: firestore.Client) -> None:
    snapshot = client.document("things/none").get()
    assert not snapshot.exists
    assert snapshot.read_time is not None


def test_set_replaces_and_merge_keeps(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"a": 1, "m": {"x": 1, "y": 2}})
    reference.set({"m": {"x": 9}}, merge=True)
    assert reference.get().to_dict() == {"a": 1, "m": {"x": 9, "y": 2}}
    reference.set({"m": {"z": 3}, "a": 5}, merge=["m"])
    assert reference.get().to_dict() == {"a": 1, "m": {"z": 3}}
    reference.set({"b": 1})
    assert reference.get().to_dict() == {"b": 1}


def test_update_reaches_into_maps_and_quoted_fields(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"m": {"x": 1, "a.b c`d\\": 1}, "gone": 1})
    quoted = firestore.Client.field_path("m", "a.b c`d\\")
    reference.update({"m.y": 2, quoted: 5, "gone": firestore.DELETE_FIELD})
    assert reference.get().to_dict() == {"m": {"x": 1, "y": 2, "a.b c`d\\": 5}}


def test_the_update_time_is_a_precondition(client: firestore.Client) -> None:
    reference = client.document("things/one")
    first = reference.set({"a": 1}).update_time
    reference.set({"a": 2})
    with pytest.raises(exceptions.FailedPrecondition, match="does not match the required base version"):
        reference.update({"a": 3}, option=client.write_option(last_update_time=first))
    reference.update({"a": 3}, option=client.write_option(last_update_time=reference.get().update_time))
    with pytest.raises(exceptions.FailedPrecondition):
        reference.delete(option=client.write_option(last_update_time=first))
    assert reference.get().get("a") == 3


def test_an_update_time_in_the_future_can_never_match(client: firestore.Client) -> None:
    reference = client.document("things/one")
    later = reference.set({"a": 1}).update_time + datetime.timedelta(hours=1)
    with pytest.raises(exceptions.InvalidArgument):
        reference.delete(option=client.write_option(last_update_time=later))
    assert reference.get().exists


def test_deleting_a_missing_document_is_no_error_unless_it_must_exist(client: firestore.Client) -> None:
    reference = client.document("things/none")
    reference.delete()
    with pytest.raises(exceptions.NotFound):
        reference.delete(option=client.write_option(exists=True))


def test_times_are_kept_and_a_write_that_changes_nothing_keeps_them(client: firestore.Client) -> None:
    reference = client.document("things/one")
    created = reference.set({"a": 1}).update_time
    updated = reference.set({"a": 2}).update_time
    assert updated > created
    assert reference.set({"a": 2}).update_time == updated
    snapshot = reference.get()
    assert (snapshot.create_time, snapshot.update_time) == (created, updated)


def test_transforms_compute_on_the_stored_value(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"n": 5, "f": 1.5, "high": 3, "low": 3, "tags": ["a", 1], "text": "x"})
    reference.update(
        {
            "n": firestore.Increment(2),
            "f": firestore.Increment(1),
            "missing": firestore.Increment(7),
            "text": firestore.Increment(1),
            "high": firestore.Maximum(3.5),
            "low": firestore.Minimum(3.0),
            "tags": firestore.ArrayUnion(["b", 1.0, "b"]),
            "at": firestore.SERVER_TIMESTAMP,
        }
    )
    snapshot = reference.get()
    data = snapshot.to_dict()
    assert data.pop("at") == snapshot.update_time
    assert data == {"n": 7, "f": 2.5, "missing": 7, "text": 1, "high": 3.5, "low": 3, "tags": ["a", 1, "b"]}
    assert isinstance(data["low"], int)
    reference.update({"tags": firestore.ArrayRemove([1, "b"]), "none": firestore.ArrayRemove([1])})
    assert reference.get().get("tags") == ["a"]
    assert reference.get().get("none") == []


def test_an_increment_stops_at_the_ends_of_int64(client: firestore.Client) -> None:
    reference = client.document("things/one")
    reference.set({"n": 2**63 - 2})
    reference.update({"n": firestore.Increment(10)})
    assert reference.get().get("n") == 2**63 - 1


def test_transform_results_come_back_in_order(client: firestore.Client) -> None:
    reference = client.document("things/one")
    result = reference.set(
        {"n": firestore.Increment(4), "t": firestore.SERVER_TIMESTAMP, "l": firestore.ArrayUnion([1])}
    )
    kinds = sorted(each._pb.WhichOneof("value_type") for each in result.transform_results)
    assert kinds == ["integer_value", "null_value", "timestamp_value"]


def test_a_batch_is_all_or_nothing(client: firestore.Client) -> None:
    batch = client.batch()
    batch.set(client.document("things/one"), {"a": 1})
    batch.update(client.document("things/none"), {"a": 1})
    with pytest.raises(exceptions.NotFound):
        batch.commit()
    assert not client.document("things/one").get().exists


def test_a_batch_sees_its_own_writes(client: firestore.Client) -> None:
    reference = client.document("things/one")
    batch = client.batch()
    batch.create(reference, {"n": 1})
    batch.update(reference, {"n": firestore.Increment(1)})
    batch.update(reference, {"n": firestore.Increment(1)})
    results = batch.commit()
    assert reference.get().get("n") == 3
    assert len({each.update_time for each in results}) == 1


def test_the_bulk_writer_reports_each_failure_by_itself(client: firestore.Client) -> None:
    client.document("things/one").set({"a": 1})
    failures: list[str] = []
    writer = client.bulk_writer()
    writer.on_write_error(lambda error, _: failures.append(error.operation.reference.id))
    writer.create(client.document("things/one"), {"a": 2})
    for number in range(30):
        writer.set(client.document(f"bulk/{number}"), {"n": number})
    writer.close()
    assert failures == ["one"]
    assert client.collection("bulk").count().get()[0][0].value == 30


def test_get_all_answers_found_and_missing_with_a_mask(client: firestore.Client) -> None:
    client.document("things/one").set({"a": 1, "m": {"x": 1, "y": 2}})
    references = [client.document("things/one"), client.document("things/none")]
    found, missing = sorted(client.get_all(references, ["m.x"]), key=lambda each: not each.exists)
    assert found.to_dict() == {"m": {"x": 1}}
    assert not missing.exists


def test_a_read_time_shows_the_past(client: firestore.Client) -> None:
    reference = client.document("things/one")
    before = reference.set({"a": 1}).update_time
    reference.set({"a": 2})
    client.document("things/two").set({"a": 1})
    assert reference.get(read_time=before).to_dict() == {"a": 1}
    assert [
        each.id
        for each in client.collection("things")
        .where(filter=firestore.FieldFilter("a", "==", 1))
        .stream(read_time=before)
    ] == ["one"]
    with pytest.raises(exceptions.FailedPrecondition, match="too old"):
        reference.get(read_time=before - datetime.timedelta(hours=2))
    with pytest.raises(exceptions.InvalidArgument):
        reference.get(read_time=before + datetime.timedelta(hours=2))


def test_databases_are_apart(client: firestore.Client) -> None:
    other = firestore.Client(project=client.project, database="other")
    other.document("things/one").set({"where": "other"})
    assert not client.document("things/one").get().exists
    assert other.document("things/one").get().get("where") == "other"


def test_the_async_client_works_too(async_client: Callable[[], firestore.AsyncClient]) -> None:
    async def walk() -> list[str]:
        client = async_client()
        await asyncio.gather(*(client.document(f"things/{number}").set({"n": number}) for number in range(10)))
        await client.document("things/3").update({"n": firestore.Increment(100)})
        query = client.collection("things").order_by("n", direction="DESCENDING").limit(2)
        return [each.id async for each in query.stream()]

    assert asyncio.run(walk()) == ["3", "9"]
