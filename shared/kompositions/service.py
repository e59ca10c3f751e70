"""KompositionService: users' kompositions in Firestore, every version kept."""

from collections.abc import Callable

from google.cloud import firestore

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.core.paging import Page
from shared.kompositions.document import KompositionDocument, Metadata, komposition_reference, parse_document
from shared.kompositions.model import Komposition

CurrentCheck = Callable[[str | None], None]
"""Gets the ETag of what is there now (None: nothing), inside the transaction; raises if the write must not happen."""


class KompositionService:
    """Saves, reads, lists and deletes the kompositions of users."""

    def save_komposition(
        self,
        user_id: str,
        komposition: Komposition,
        *,
        komposition_id: str | None = None,
        title: str,
        description: str = "",
        platform: str = "webapp",
        check: CurrentCheck | None = None,
    ) -> KompositionDocument:
        """Create the komposition or save its next version; the versions before stay as they are.

        Two saves at once become two versions, unless `check` refuses the second."""
        reference = komposition_reference(user_id, komposition_id or new_id())

        @firestore.transactional
        def save(transaction: firestore.Transaction) -> KompositionDocument:
            stored = reference.get(transaction=transaction).to_dict()
            current = parse_document(stored) if stored else None
            if check is not None:
                check(current.etag if current else None)
            moment = now()
            saved = KompositionDocument(
                id=reference.id,
                user_id=user_id,
                title=title,
                description=description,
                metadata=Metadata(
                    created=current.metadata.created if current else moment,
                    modified=moment,
                    version=current.metadata.version + 1 if current else 1,
                    platform=platform,
                ),
                komposition=komposition.model_dump(mode="json", by_alias=True, exclude_none=True),
                **({"sharing": current.sharing} if current else {}),
            )
            transaction.set(reference, saved.document())
            version = reference.collection("versions").document(str(saved.metadata.version))
            transaction.create(version, saved.document())
            return saved

        written: KompositionDocument = save(firestore_client().transaction())
        return written

    def get_komposition(self, user_id: str, komposition_id: str, version: int | None = None) -> KompositionDocument:
        """A komposition of the user, at its newest or the given version. Raises NotFound."""
        reference = komposition_reference(user_id, komposition_id)
        if version is not None:
            reference = reference.collection("versions").document(str(version))
        stored = reference.get().to_dict()
        if stored is None:
            which = f"There is no komposition {komposition_id}"
            raise NotFound(f"{which} in version {version}." if version else f"{which}.")
        return parse_document(stored)

    def get_user_kompositions(
        self, user_id: str, limit: int = 50, page_token: str | None = None
    ) -> Page[KompositionDocument]:
        """The user's kompositions, last changed first."""
        kompositions = firestore_client().collection("users", user_id, "kompositions")
        return newest_first(kompositions, parse_document, limit, page_token, time="metadata.modified")

    def delete_komposition(self, user_id: str, komposition_id: str, check: CurrentCheck | None = None) -> None:
        """Delete a komposition with its versions. Raises NotFound, and what `check` raises."""
        reference = komposition_reference(user_id, komposition_id)
        versions = list(reference.collection("versions").list_documents())

        @firestore.transactional
        def delete(transaction: firestore.Transaction) -> None:
            stored = reference.get(transaction=transaction).to_dict()
            if stored is None:
                raise NotFound(f"There is no komposition {komposition_id}.")
            if check is not None:
                check(parse_document(stored).etag)
            for version in versions:
                transaction.delete(version)
            transaction.delete(reference)

        delete(firestore_client().transaction())
