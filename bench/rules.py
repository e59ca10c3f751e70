"""Security rules: milliseconds for what the web app does all the time, protobuf in and verdict out.

`python -m bench.rules`. The baseline is the same decision written by hand in Python on the same protobuf documents: the least
that any evaluator could take. The goal is 0.3 ms median for a decision."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from google.cloud.firestore_v1 import _helpers

from infra.local.firestore.authorization import Access, Caller, Method, Reader
from infra.local.firestore.messages import Document, StructuredQuery, Timestamp
from infra.local.firestore.names import DocumentName
from infra.local.firestore.rules_authorizer import RulesAuthorizer
from infra.local.rules.ruleset import Ruleset

RULES = Path(__file__).parents[1] / "firestore.rules"
DATABASE = "projects/bench/databases/(default)"
PATH = "users/owner/kompositions/k"
GOAL_MS = 0.3
ROUNDS = 2_000
SEGMENTS = 40
NOW = Timestamp(seconds=1_800_000_000)
EARLIER = Timestamp(seconds=1_700_000_000)


def main() -> None:
    """Measure and print the table."""
    authorizer, caller = RulesAuthorizer(RULES), Caller({"sub": "owner", "user_id": "owner"})
    stranger = Caller({"sub": "stranger"})
    before, after = komposition(1, EARLIER), komposition(2, NOW)
    after.fields["title"].string_value = "Better"
    reads = [Access(Method.GET, DATABASE, PATH, before, before)]
    writes = [
        Access(Method.UPDATE, DATABASE, PATH, before, after),
        Access(Method.CREATE, DATABASE, f"{PATH}/versions/2", None, after),
    ]
    public = [Access(Method.LIST, DATABASE, "", query=public_query())]
    earlier = reader({"users/owner": account(), PATH: before})
    later = reader({"users/owner": account(), PATH: after, f"{PATH}/versions/2": after})
    cases: list[tuple[str, Callable[[], object]]] = [
        ("get one's own komposition, by hand (baseline)", lambda: by_hand(caller, before)),
        ("get one's own komposition", lambda: authorizer.authorize(caller, reads, earlier, earlier)),
        ("list all that is public", lambda: authorizer.authorize(stranger, public, earlier, earlier)),
        (
            "save a komposition: update it, create its version",
            lambda: authorizer.authorize(caller, writes, earlier, later),
        ),
    ]
    print(f"{'':<54}{'median ms':>10}{'p95 ms':>10}")
    baseline = 0.0
    for name, decide in cases:
        times = timed(decide)
        median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
        baseline = baseline or median
        print(f"{name:<54}{median:>10.4f}{p95:>10.4f}   {median / baseline:8.1f} x baseline   goal {GOAL_MS} ms")
    started = time.perf_counter()
    Ruleset(RULES.read_text())
    print(f"{'parse, check and compile firestore.rules':<54}{(time.perf_counter() - started) * 1000:>10.1f}")


def timed(decide: Callable[[], object]) -> list[float]:
    """Milliseconds of each of ROUNDS calls, after a tenth of them to warm up."""
    times = []
    for number in range(ROUNDS + ROUNDS // 10):
        started = time.perf_counter()
        decide()
        if number >= ROUNDS // 10:
            times.append((time.perf_counter() - started) * 1000)
    return times


def by_hand(caller: Caller, document: Document) -> bool:
    """Whether the caller owns the komposition or may see it."""
    sharing = document.fields["sharing"].map_value.fields
    uid = (caller.claims or {}).get("user_id")
    if document.name.split("/")[6] == uid or sharing["visibility"].string_value == "public":
        return True
    people = sharing["sharedWith"].array_value.values
    return sharing["visibility"].string_value == "shared" and any(each.string_value == uid for each in people)


def komposition(version: int, modified: Timestamp) -> Document:
    """A komposition document with SEGMENTS segments."""
    segments = [
        {"id": f"s{n}", "sourceId": "v", "start": {"beats": n * 4}, "end": {"beats": n * 4 + 4}, "volume": 0.5}
        for n in range(SEGMENTS)
    ]
    data = {
        "id": "k",
        "userId": "owner",
        "title": "Clip",
        "description": "",
        "metadata": {"version": version, "platform": "webapp"},
        "komposition": {
            "schemaVersion": "2.0",
            "sources": [{"id": "v", "kind": "video", "assetId": "a"}],
            "tracks": {"video": [{"segments": segments}]},
        },
        "sharing": {"visibility": "private", "sharedWith": []},
    }
    document = made(PATH, data)
    metadata = document.fields["metadata"].map_value.fields
    metadata["created"].timestamp_value.CopyFrom(EARLIER)
    metadata["modified"].timestamp_value.CopyFrom(modified)
    document.update_time.CopyFrom(modified)
    return document


def account() -> Document:
    """The owner's account."""
    return made("users/owner", {"status": "active", "plan": "free"})


def made(path: str, data: dict[str, object]) -> Document:
    """A document."""
    fields = {name: value._pb for name, value in _helpers.encode_dict(data).items()}
    return Document(name=f"{DATABASE}/documents/{path}", fields=fields)


def public_query() -> StructuredQuery:
    """The public kompositions of all users."""
    query = StructuredQuery()
    query.from_.add(collection_id="kompositions", all_descendants=True)
    query.where.field_filter.field.field_path = "sharing.visibility"
    query.where.field_filter.op = StructuredQuery.FieldFilter.EQUAL
    query.where.field_filter.value.string_value = "public"
    query.limit.value = 20
    return query


def reader(documents: dict[str, Document]) -> Reader:
    """Finds these documents."""

    def read(name: DocumentName) -> Document | None:
        return documents.get(name.path)

    return read


if __name__ == "__main__":
    main()
