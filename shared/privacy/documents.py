"""Documents of a user in Firestore: found wherever `places.yaml` says that they can be, deleted, or made to name nobody."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from shared.core.clients import firestore_client
from shared.privacy.places import Claim, places
from shared.privacy.subject import Subject

if TYPE_CHECKING:
    from google.cloud.firestore import DocumentReference, DocumentSnapshot

T = TypeVar("T")
_AT_ONCE = 100
_SHARED = ("private", "shared", "public")


def own_documents(subject: Subject) -> "Iterator[DocumentSnapshot[Any]]":
    """The documents that are the user's, those beneath before the one above; the account itself comes last."""
    client = firestore_client()
    for name, place in places().collections_claimed(Claim.OWN).items():
        if place.field is not None:
            yield from _found(client.collection(name).where(filter=_equals(place.field, subject.user_id)))
        elif place.by == "hash":
            yield from _existing(client.collection(name).document(value) for value in subject.hashes)
    yield from _tree(client.collection("users").document(subject.user_id))


def naming_documents(subject: Subject) -> "Iterator[DocumentSnapshot[Any]]":
    """The documents of others, and of the whole, in which the user's id or address stands."""
    client = firestore_client()
    for name, place in places().collections_claimed(Claim.NAMED).items():
        for found in _found(client.collection(name)):
            yield from _naming(subject, [found])
            for beneath in place.beneath:
                yield from _naming(subject, _found(found.reference.collection(beneath)))
    for found in _kompositions_of_others(subject):
        yield from _naming(subject, [found])
        for beneath in ("versions", "conflicts"):
            yield from _naming(subject, _found(found.reference.collection(beneath)))


def delete_documents(subject: Subject) -> None:
    """Delete the user's documents, whatever is beneath each before it: killed at any time, the rest is found again."""
    for some in _batches(own_documents(subject)):
        batch = firestore_client().batch()
        for found in some:
            batch.delete(found.reference)
        batch.commit()


def forget_names(subject: Subject) -> None:
    """Have the documents of others name the user no more."""
    from google.cloud import firestore

    @firestore.transactional
    def forget(transaction: Any, reference: "DocumentReference") -> None:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is not None:
            changed: dict[str, Any] = {key: subject.unnamed(value) for key, value in stored.items()}
            transaction.set(reference, changed)

    for found in naming_documents(subject):
        forget(firestore_client().transaction(), found.reference)


def _tree(reference: "DocumentReference") -> "Iterator[DocumentSnapshot[Any]]":
    """A document and all beneath it, also beneath documents that are not there, the deepest first."""
    for collection in reference.collections():
        for document in list(collection.list_documents(page_size=_AT_ONCE)):
            yield from _tree(document)
    yield from _existing([reference])


def _existing(references: "Iterable[DocumentReference]") -> "Iterator[DocumentSnapshot[Any]]":
    return (found for found in firestore_client().get_all(list(references)) if found.exists)


def _found(query: Any) -> "Iterator[DocumentSnapshot[Any]]":
    found: Iterator[DocumentSnapshot[Any]] = iter(list(query.stream()))
    return found


def _naming(subject: Subject, documents: "Iterable[DocumentSnapshot[Any]]") -> "Iterator[DocumentSnapshot[Any]]":
    return (
        each for each in documents if each.reference.path not in subject.but and subject.is_named(each.to_dict() or {})
    )


def _kompositions_of_others(subject: Subject) -> "Iterator[DocumentSnapshot[Any]]":
    """What others have shared with the user, or made from what was the user's."""
    from google.cloud.firestore import FieldFilter

    everywhere: Any = firestore_client().collection_group("kompositions")
    shared = everywhere.where(filter=FieldFilter("sharing.sharedWith", "array_contains", subject.user_id))
    queries = [shared.where(filter=_equals("sharing.visibility", visibility)) for visibility in _SHARED]
    own = f"users/{subject.user_id}/"
    for query in [*queries, everywhere.where(filter=_equals("forkedFrom.userId", subject.user_id))]:
        yield from (each for each in _found(query) if not each.reference.path.startswith(own))


def _equals(field: str, value: str) -> Any:
    from google.cloud.firestore import FieldFilter

    return FieldFilter(field, "==", value)


def _batches(values: Iterable[T]) -> Iterator[list[T]]:
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        yield some
