"""What may be written: valid documents, and what makes each of them invalid. By hand, one thing wrong at a time."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.rules.documents import (
    BODIES,
    SETTINGS,
    account,
    begun_komposition,
    komposition,
    next_version,
    recorded,
    stamped,
)
from tests.rules.matrix import ACTORS, documents_of
from tests.rules.world import EARLIER, NOW, Data, World, Writes

MISSING = object()
"""Takes a field away."""

OK, BAD = True, False

ACCOUNT = [
    (OK, "displayName", "x" * 100),
    (OK, "displayName", MISSING),
    (OK, "analyticsOptOut", True),
    (BAD, "displayName", "x" * 101),
    (BAD, "displayName", 5),
    (BAD, "displayName", ["a list has a size too"]),
    (BAD, "analyticsOptOut", "no"),
    (BAD, "status", "gold"),
    (BAD, "plan", "premium"),
    (BAD, "uid", "stranger"),
    (BAD, "created", NOW),
    (BAD, "role", "admin"),
]

KOMPOSITION = [
    (OK, "title", "x" * 200),
    (OK, "description", "x" * 5000),
    (OK, "metadata.platform", "mcp"),
    (OK, "metadata.author", "owner"),
    (OK, "metadata.message", "x" * 500),
    (OK, "komposition", {"schemaVersion": "2.0"}),
    (OK, "komposition.bpm", 20),
    (OK, "komposition.bpm", 400),
    (OK, "komposition.bpm", 127.5),
    (OK, "komposition.bpm", MISSING),
    (OK, "komposition.title", "Mine"),
    (OK, "komposition.tracks.audio", [{}] * 16),
    (OK, "komposition.sources", [{}] * 2000),
    (OK, "komposition.extra", {"anything": [1]}),
    (BAD, "id", "other"),
    (BAD, "userId", "stranger"),
    (BAD, "title", ""),
    (BAD, "title", "x" * 201),
    (BAD, "title", ["a list has a size too"]),
    (BAD, "title", MISSING),
    (BAD, "description", "x" * 5001),
    (BAD, "description", MISSING),
    (BAD, "extra", 1),
    (BAD, "content", {"object": "users/stranger/kompositions/k/secret.json.gz"}),
    (BAD, "deletedAt", NOW),
    (BAD, "forkedFrom", {"userId": "stranger", "kompositionId": "k", "version": 1}),
    (BAD, "metadata.extra", 1),
    (BAD, "metadata.modified", EARLIER),
    (BAD, "metadata.platform", "fax"),
    (BAD, "metadata.version", 7),
    (BAD, "metadata.author", "stranger"),
    (BAD, "metadata.message", "x" * 501),
    (BAD, "metadata.message", 5),
    (BAD, "komposition.schemaVersion", "1.0"),
    (BAD, "komposition.schemaVersion", MISSING),
    (BAD, "komposition.bpm", 19.9),
    (BAD, "komposition.bpm", 401),
    (BAD, "komposition.bpm", "120"),
    (BAD, "komposition.beatsPerMeasure", 0),
    (BAD, "komposition.beatsPerMeasure", 33),
    (BAD, "komposition.beatsPerMeasure", 4.5),
    (BAD, "komposition.tempo", [{}] * 1001),
    (BAD, "komposition.title", "x" * 501),
    (BAD, "komposition.description", "x" * 5001),
    (BAD, "komposition.sources", "text has a size too"),
    (BAD, "komposition.sources", [{}] * 2001),
    (BAD, "komposition.tracks", []),
    (BAD, "komposition.tracks.virus", []),
    (BAD, "komposition.tracks.video", [{}] * 17),
    (BAD, "komposition.tracks.audio", [{}] * 17),
    (BAD, "komposition.tracks.overlay", [{}] * 17),
    (BAD, "komposition.tracks.caption", [{}] * 17),
    (BAD, "komposition.tracks.extra", []),
    (BAD, "komposition.effects", [{}] * 1001),
    (BAD, "komposition.layouts", [{}] * 1001),
    (BAD, "komposition.mix", "loud"),
    (BAD, "komposition.render", []),
    (BAD, "komposition.outputs", []),
    (BAD, "komposition.outputs", [{}] * 9),
    (BAD, "komposition.extra", []),
    (BAD, "komposition.virus", 1),
    (BAD, "komposition", "text"),
]

LABELS = [
    (OK, "tags", MISSING),
    (OK, "tags", []),
    (OK, "tags", ["x" * 50] * 50),
    (OK, "projectId", "p-1_"),
    (BAD, "tags", ["x"] * 51),
    (BAD, "tags", ["x" * 51]),
    (BAD, "tags", ["a/b"]),
    (BAD, "tags", [""]),
    (BAD, "tags", [5]),
    (BAD, "tags", "summer"),
    (BAD, "projectId", ""),
    (BAD, "projectId", "a/b"),
    (BAD, "projectId", 5),
    (BAD, "projectId", None),
]

SHARING = [
    (OK, "sharing.visibility", "public"),
    (OK, "sharing.visibility", "shared"),
    (OK, "sharing.sharedWith", ["a", "b:c@d-e.f"]),
    (OK, "sharing.sharedWith", [f"u{n}" for n in range(100)]),
    (BAD, "sharing.visibility", "everyone"),
    (BAD, "sharing.visibility", MISSING),
    (BAD, "sharing.sharedWith", [f"u{n}" for n in range(101)]),
    (BAD, "sharing.sharedWith", "stranger"),
    (BAD, "sharing.sharedWith", ["a,b/c"]),
    (BAD, "sharing.sharedWith", [""]),
    (BAD, "sharing.sharedWith", [5]),
    (BAD, "sharing.extra", 1),
    (BAD, "sharing", MISSING),
]

MADE = [
    (OK, "name", "x" * 200),
    (OK, "description", MISSING),
    (BAD, "id", "other"),
    (BAD, "userId", "stranger"),
    (BAD, "name", ""),
    (BAD, "name", "x" * 201),
    (BAD, "name", MISSING),
    (BAD, "description", "x" * 5001),
    (BAD, "modified", EARLIER),
    (BAD, "created", 1),
    (BAD, "extra", 1),
]
"""What users make, whatever it is."""

MADE_ESPECIALLY = {
    "projects": [
        (OK, "assetIds", MISSING),
        (OK, "kompositionIds", ["k", "k-2_"]),
        (OK, "kompositionIds", []),
        (BAD, "kompositionIds", ["k"] * 501),
        (BAD, "kompositionIds", ["a/b"]),
        (BAD, "kompositionIds", [5]),
        (BAD, "assetIds", ["a"] * 501),
        (BAD, "assetIds", ["-a"]),
    ],
    "workflows": [
        (OK, "triggers", MISSING),
        (BAD, "enabled", "yes"),
        (BAD, "nodes", []),
        (BAD, "nodes", [{}] * 201),
        (BAD, "triggers", [{}] * 21),
    ],
}

PREFERENCES = [
    (OK, "theme", "light"),
    (OK, "notifications", MISSING),
    (BAD, "theme", "pink"),
    (BAD, "locale", "x"),
    (BAD, "timeZone", "x" * 65),
    (BAD, "notifications", True),
    (BAD, "modified", EARLIER),
    (BAD, "extra", 1),
]


@dataclass(frozen=True)
class Attempt:
    """A batch that a user commits, and whether the rules let it through."""

    name: str
    allowed: bool
    writes: Writes
    auth: Data | None
    documents: dict[str, Data]

    def __str__(self) -> str:
        return self.name

    def holds(self, world: World) -> bool:
        """Whether the rules of the world say what they should."""
        return World(self.documents, world.rules).may_write(self.auth, self.writes) is self.allowed


def attempts() -> Iterator[Attempt]:
    """Every one of them."""
    mine, documents = "users/owner", documents_of()
    owner = ACTORS["owner"]

    def tries(kind: str, changes: list[Any], base: Writes, auth: Data | None = owner) -> Iterator[Attempt]:
        for allowed, field, value in changes:
            name = f"{kind}: {field} = {'nothing' if value is MISSING else repr(value)[:30]}"
            yield Attempt(
                name, allowed, {path: _with(data, field, value) for path, data in base.items()}, auth, documents
            )

    yield from tries("update account", ACCOUNT, {mine: documents[mine]})
    yield from tries("create komposition", KOMPOSITION + SHARING + LABELS, begun_komposition("new"))
    yield from tries("create komposition", [(BAD, "metadata.created", EARLIER)], begun_komposition("new"))
    private = documents[f"{mine}/kompositions/private"]
    yield from tries("save komposition", KOMPOSITION + LABELS, next_version(private))
    forked = {**private, "forkedFrom": {"userId": "stranger", "kompositionId": "k", "version": 1}}
    of_fork = {**documents, f"{mine}/kompositions/private": forked}
    for allowed, after in ((OK, forked), (BAD, private)):
        yield Attempt("a fork stays one", allowed, next_version(after), owner, of_fork)
    yield from tries("save komposition", [(BAD, "metadata.created", NOW)], next_version(private))
    yield from tries("save komposition", [(BAD, "sharing.visibility", "public")], next_version(private))
    yield from tries("share komposition", SHARING + LABELS, {f"{mine}/kompositions/private": private})
    yield from tries("share komposition", [(BAD, "title", "x")], {f"{mine}/kompositions/private": private})
    for collection in BODIES:
        fresh = {**stamped(collection, "new"), "created": NOW, "modified": NOW}
        changes = MADE + MADE_ESPECIALLY[collection]
        yield from tries(f"create {collection}", changes, {f"{mine}/{collection}/new": fresh})
        changed = {**stamped(collection, "one"), "modified": NOW}
        yield from tries(f"update {collection}", changes, {f"{mine}/{collection}/one": changed})
    for where in (documents, _without(documents, f"{mine}/preferences/settings")):
        for attempt in tries("settings", PREFERENCES, {f"{mine}/preferences/settings": SETTINGS}):
            yield Attempt(attempt.name, attempt.allowed, attempt.writes, owner, where)
    yield from _batches(documents)


def _batches(documents: dict[str, Data]) -> Iterator[Attempt]:
    """What depends on the rest of the batch, on the account, or on the path."""
    owner, path = ACTORS["owner"], "users/owner/kompositions"
    private = documents[f"{path}/private"]
    saved = next_version(private, title="Better")
    metadata = private["metadata"]
    both: Writes = {f"{path}/private": None, f"{path}/private/versions/1": None}
    trashed = begun_komposition("trashed")
    version = {**komposition("bare"), "title": "Forged"}
    nobody = _without(documents, "users/owner")
    yield Attempt("a komposition goes only by way of the trash", BAD, both, owner, documents)
    yield Attempt("what is in the trash is not begun anew", BAD, trashed, owner, documents)
    yield Attempt("a version does not go alone", BAD, {f"{path}/private/versions/1": None}, owner, documents)
    yield Attempt(
        "a komposition is not begun without its version",
        BAD,
        _only(begun_komposition("n"), f"{path}/n"),
        owner,
        documents,
    )
    yield Attempt(
        "a komposition is not saved without its version", BAD, _only(saved, f"{path}/private"), owner, documents
    )
    for number in (2, 1.0, 0):
        stamps = {"created": NOW, "modified": NOW, "version": number, "platform": "api"}
        first = begun_komposition("n", metadata=stamps)
        yield Attempt(f"a komposition does not begin with version {number}", BAD, first, owner, documents)
    for number in (1, 3, 2.0):
        saves = recorded("private", {**private, "metadata": {**metadata, "modified": NOW, "version": number}})
        yield Attempt(f"version 1 is not followed by {number}", BAD, saves, owner, documents)
    for actor, auth in ACTORS.items():
        shared = {f"{path}/shared": komposition("shared", "public")}
        where = documents_of(suspended=actor == "suspended")
        yield Attempt(f"{actor} publishes the owner's komposition", actor == "owner", shared, auth, where)
    yield from _recorded_before(documents)
    yield Attempt("a version is what its komposition is", BAD, {f"{path}/bare/versions/1": version}, owner, documents)
    yield Attempt(
        "a version is named after its number", BAD, {f"{path}/bare/versions/2": komposition("bare")}, owner, documents
    )
    yield Attempt("without an account nothing is written", BAD, begun_komposition("new"), owner, nobody)


def _recorded_before(documents: dict[str, Data]) -> Iterator[Attempt]:
    """The version is there at the moment of the save: then too, only the active owner saves."""
    path = "users/owner/kompositions"
    for batch in (begun_komposition("new"), next_version(documents[f"{path}/private"])):
        komposition_path, version_path = batch
        for status in ("active", "suspended"):
            there = {**documents, version_path: batch[version_path] or {}, "users/owner": account("owner", status)}
            for actor in ("owner", "stranger"):
                allowed = actor == "owner" and status == "active"
                name = f"{status} {actor} saves {komposition_path}, whose version is there"
                yield Attempt(name, allowed, _only(batch, komposition_path), ACTORS[actor], there)


def _only(writes: Writes, path: str) -> Writes:
    return {path: writes[path]}


def _without(documents: dict[str, Data], path: str) -> dict[str, Data]:
    return {each: data for each, data in documents.items() if each != path}


def _with(data: Data | None, field: str, value: object) -> Data:
    changed = deepcopy(data or {})
    *steps, last = field.split(".")
    inner = changed
    for step in steps:
        inner = inner[step]
    if value is MISSING:
        inner.pop(last, None)
    else:
        inner[last] = value
    return changed
