"""What a listener watches: documents by name, or the results of a query, and how a state of the database differs from the
one that the client knows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from .authorization import Access, Method
from .errors import InvalidArgument
from .executor import run_query
from .messages import Document, StructuredQuery, Target
from .names import DocumentName, parse_document, parse_parent
from .query import Query, parse_query
from .records import Record
from .session import Change, version_of
from .snapshot import Snapshot


class Watched(Protocol):
    """Something that has, in every state of the database, a set of documents as its result."""

    @property
    def incremental(self) -> bool:
        """Whether one changed document says all about its own place in the result."""
        ...

    def covers(self, name: DocumentName) -> bool:
        """Whether a change of this document can change the result."""
        ...

    def includes(self, document: Document) -> bool:
        """Whether a covered document is in the result; only asked when incremental."""
        ...

    def evaluate(self, snapshot: Snapshot) -> Iterator[Document]:
        """The result in a state of the database."""
        ...

    def accesses(self, snapshot: Snapshot) -> list[Access]:
        """What the listener must be allowed."""
        ...


@dataclass(frozen=True, slots=True)
class WatchedDocuments:
    """Documents by name."""

    names: tuple[DocumentName, ...]
    incremental: bool = True

    def covers(self, name: DocumentName) -> bool:
        """Whether it is one of them."""
        return name in self.names

    def includes(self, document: Document) -> bool:
        """They are, if they exist."""
        return self.covers(parse_document(document.name))

    def evaluate(self, snapshot: Snapshot) -> Iterator[Document]:
        """Those that exist."""
        for name in self.names:
            blob = snapshot.get(name)
            if blob is not None:
                yield Document.FromString(blob)

    def accesses(self, snapshot: Snapshot) -> list[Access]:
        """A get for each."""
        found = {document.name: document for document in self.evaluate(snapshot)}
        return [
            Access(Method.GET, name.database, name.path, found.get(str(name)), found.get(str(name)))
            for name in self.names
        ]


@dataclass(frozen=True, slots=True)
class WatchedQuery:
    """The results of a query."""

    query: Query
    parent: str
    structured: StructuredQuery

    @property
    def incremental(self) -> bool:
        """A limit or an offset makes a document's place depend on others."""
        return self.query.limit is None and not self.query.offset

    def covers(self, name: DocumentName) -> bool:
        """Whether the query looks into its collection."""
        return self.query.scope.covers(name.database, name.collection)

    def includes(self, document: Document) -> bool:
        """Whether it meets filters and cursors."""
        return self.query.selects(Record(document.SerializeToString()))

    def evaluate(self, snapshot: Snapshot) -> Iterator[Document]:
        """The results. The fields that the query selects do not matter: listeners get whole documents."""
        return (record.document for record in run_query(snapshot, self.query))

    def accesses(self, snapshot: Snapshot) -> list[Access]:  # noqa: ARG002
        """One list, whatever the state."""
        return [Access(Method.LIST, self.query.scope.database, self.parent, query=self.structured)]


def parse_target(target: Target, database: str) -> Watched:
    """What a target watches. Raises InvalidArgument."""
    match target.WhichOneof("target_type"):
        case "documents":
            names = tuple(dict.fromkeys(parse_document(text) for text in target.documents.documents))
            if not names or any(name.database != database for name in names):
                raise InvalidArgument("A documents target must name documents of the stream's database.")
            return WatchedDocuments(names)
        case "query":
            target_database, parent = parse_parent(target.query.parent)
            if target_database != database:
                raise InvalidArgument("A query target must be in the stream's database.")
            structured = target.query.structured_query
            return WatchedQuery(parse_query(database, parent, structured), parent, structured)
        case _:
            raise InvalidArgument("A target must have documents or a query.")


@dataclass(slots=True)
class Difference:
    """What a client must be told: documents that are new or changed, and names that have left the result, with whether the
    document itself is gone."""

    changed: list[Document] = field(default_factory=list)
    removed: list[tuple[str, bool]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)


class ActiveTarget:
    """A target of one listener. `known` is what the client has: versions by document name, as of `version`."""

    def __init__(self, number: int, watched: Watched) -> None:
        self.number = number
        self.watched = watched
        self.version = 0
        self.known: dict[str, int] = {}

    def move_to(self, snapshot: Snapshot) -> Difference:
        """Evaluate anew in a state of the database; the difference to what the client has."""
        difference = Difference()
        before = self.known
        self.known = {}
        for document in self.watched.evaluate(snapshot):
            self.known[document.name] = version_of(document)
            if before.get(document.name) != self.known[document.name]:
                difference.changed.append(document)
        for name in before.keys() - self.known.keys():
            difference.removed.append((name, snapshot.get(parse_document(name)) is None))
        self.version = snapshot.version
        return difference

    def follow(self, changes: list[Change], version: int) -> Difference:
        """Take the changes of one commit into account; only for incremental targets."""
        difference = Difference()
        for change in changes:
            name = str(change.name)
            if change.after is not None and self.watched.includes(change.after):
                self.known[name] = version_of(change.after)
                difference.changed.append(change.after)
            elif self.known.pop(name, None) is not None:
                difference.removed.append((name, change.after is None))
        self.version = version
        return difference
