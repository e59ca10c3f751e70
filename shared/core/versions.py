"""Versions: documents that every save makes anew. What they were is kept beside them, in the collection `versions`."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from shared.core.audit import note_change
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import NotFound
from shared.core.paging import Page, cut_page, decode_cursor

if TYPE_CHECKING:
    from google.cloud.firestore import DocumentReference, Transaction

CurrentCheck = Callable[[str | None], None]
"""Gets the ETag of what is there now (None: nothing), inside the transaction; raises PreconditionFailed if the write must not
happen."""


class Tagged(Protocol):
    """What is kept in a document."""

    @property
    def etag(self) -> str:
        """Changes with every save."""


class Numbered(Protocol):
    """One version of a document."""

    @property
    def version(self) -> int:
        """Counted from 1."""


T = TypeVar("T", bound=Tagged)
V = TypeVar("V", bound=Numbered)
W = TypeVar("W")


def write_next(
    reference: "DocumentReference",
    parse: Callable[[dict[str, Any]], T | None],
    check: CurrentCheck | None,
    following: Callable[[T | None], tuple[W, dict[str, Any]]],
    *,
    versions: bool = True,
    by: str | None = None,
) -> W:
    """Put in the document's place what `following` makes of what is there now (None: nothing): what it returns, and the document,
    which with `versions` is also kept under the number in its field `version`. If it is said `by` whom, an entry in the audit log
    tells. Raises what `check` and `following` raise."""
    from google.cloud import firestore

    @firestore.transactional
    def write(transaction: "Transaction") -> W:
        stored = reference.get(transaction=transaction).to_dict()
        current = parse(stored) if stored else None
        if check is not None:
            check(current.etag if current is not None else None)
        written, document = following(current)
        transaction.set(reference, document)
        if versions:
            transaction.create(version_of(reference, document["version"]), document)
        if by is not None:
            note_change(transaction, reference, by, now(), stored, document)
        return written

    result: W = write(firestore_client().transaction())
    return result


def version_of(reference: "DocumentReference", version: int) -> "DocumentReference":
    """Where a version of the document is kept."""
    found: DocumentReference = reference.collection("versions").document(str(version))
    return found


def newest_versions(
    reference: "DocumentReference",
    parse: Callable[[dict[str, Any]], V],
    limit: int,
    page_token: str | None,
    *,
    fields: Sequence[str] | None = None,
) -> Page[V]:
    """A page of the document's versions, the newest first; only their `fields`, if given. Raises InvalidInput for a page token of
    another list."""
    query: Any = reference.collection("versions").order_by("version", direction="DESCENDING")
    if fields is not None:
        query = query.select(fields)
    if page_token:
        query = query.start_after({"version": decode_cursor(page_token, int)[0]})
    found = [parse(snapshot.to_dict()) for snapshot in query.limit(limit + 1).stream()]
    return cut_page(found, limit, lambda each: [each.version])


def delete_with(reference: "DocumentReference", *collections: str) -> None:
    """Delete the document with its versions and what else is kept beside it. It goes last, for by it the others are found: killed
    half way, it can be deleted again."""
    for name in ("versions", *collections):
        for below in list(reference.collection(name).list_documents()):
            below.delete()
    reference.delete()


def not_there(what: str, version: int | None = None) -> NotFound:
    """The error for a document, such as "prompt p1", that is not there or is somebody else's, or is not in that version."""
    which = f"There is no {what}"
    return NotFound(f"{which} in version {version}." if version is not None else f"{which}.")
