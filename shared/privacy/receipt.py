"""Receipts: what was removed where, in `erasure_ledger/{id}`: written when nothing was left, kept for good, naming nobody.

The subject of a receipt is the user's hashes. Whoever has the user's id can tell that it is theirs as long as the salts exist;
after that it tells that something was done, and no longer for whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.events.erasure import TABLES, ErasureAction
from shared.privacy.request import PrivacyRequest

COLLECTION = "erasure_ledger"
ERASED = "The rows were deleted."
ANONYMISED = (
    "The rows were made nobody's: without hash, ids, messages, parameters and sizes, and with times by the hour."
)
ACCOUNT = "The account was closed, and everything that was its owner's was deleted; documents of others name the owner no more."
UNLINKABLE = "Rows under destroyed salts belong to nobody any more: no one can tell whose they were, and they stay."


class ErasedRows(StoredModel):
    """What was done in a table, and how many rows were left when it was looked at again."""

    removed: int
    left: int


class ErasureReceipt(StoredModel):
    """A receipt; `places` is empty for one that is about events alone. `salts` are the versions under which the user was looked
    for; `unlinkable_salts` those that rows of the same time have and that no longer exist. `rebuilt` is what was computed anew,
    with how many results."""

    id: str
    action: ErasureAction
    subject: dict[str, str]
    everybody: bool
    by_operator: bool
    start: datetime | None
    end: datetime | None
    received_before: datetime
    first: datetime | None
    last: datetime | None
    tables: dict[str, ErasedRows]
    places: dict[str, ErasedRows] = Field(default_factory=dict)
    salts: list[str]
    unlinkable_salts: list[str]
    rebuilt: dict[str, int]
    requested: datetime
    verified: datetime
    statements: list[str]

    @classmethod
    def of(cls, request: PrivacyRequest, unlinkable: Sequence[str], verified: datetime) -> "ErasureReceipt":
        """The receipt of a request of which nothing was left at `verified`."""
        done = ERASED if request.action is ErasureAction.ERASE else ANONYMISED
        return cls(
            id=request.id,
            action=request.action,
            subject=request.subject,
            everybody=request.everybody,
            by_operator=request.operator,
            start=request.start,
            end=request.end,
            received_before=request.received_before,
            first=request.first,
            last=request.last,
            tables={name: ErasedRows(removed=request.table(name).found, left=0) for name in TABLES},
            places={name: ErasedRows(removed=place.found, left=0) for name, place in request.places.items()},
            salts=sorted(request.subject),
            unlinkable_salts=list(unlinkable),
            rebuilt=request.rebuilt,
            requested=request.created,
            verified=verified,
            statements=[done, *([ACCOUNT] if request.places else []), *([UNLINKABLE] if unlinkable else [])],
        )


def find_receipt(request_id: str) -> ErasureReceipt | None:
    """The receipt of a request, if it is done."""
    stored: dict[str, Any] | None = receipt_reference(request_id).get().to_dict()
    return ErasureReceipt.model_validate(stored) if stored is not None else None


def receipt_reference(request_id: str) -> Any:
    """Where the receipt of a request is kept."""
    return firestore_client().collection(COLLECTION).document(request_id)
