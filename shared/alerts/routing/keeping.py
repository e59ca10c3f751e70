"""Keeping: settings of operators as documents of Firestore, with ETags: two who change one do not lose each other's work."""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError

from shared.alerts.routing.model import SettingsModel
from shared.core.audit import note_change
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import NotFound
from shared.core.paging import Page, cut_page, decode_cursor
from shared.core.versions import CurrentCheck

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

S = TypeVar("S", bound=SettingsModel)
R = TypeVar("R")
_STAMP = "modified"
_NEVER = datetime.fromtimestamp(0, UTC)
"""When a setting was written that somebody put there by hand, without a stamp."""


@dataclass(frozen=True)
class Kept(Generic[S]):
    """A setting as it is kept, and when it was written so."""

    setting: S
    modified: datetime

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"m{self.modified.timestamp():.6f}"


class Settings(Generic[S]):
    """A collection of settings of one kind, each a document of its own. `times` are its timestamps that are asked for by queries;
    they are kept as such, everything else as JSON has it."""

    def __init__(self, collection: str, model: type[S], noun: str, times: Collection[str] = ()) -> None:
        self.collection, self._model, self._noun, self._times = collection, model, noun, tuple(times)

    def reference(self, setting_id: str) -> Any:
        """Where a setting is."""
        return firestore_client().collection(self.collection).document(setting_id)

    def get(self, setting_id: str) -> Kept[S]:
        """A setting. Raises NotFound."""
        document = self.reference(setting_id).get().to_dict()
        if document is None:
            raise NotFound(f"There is no {self._noun} {setting_id}.")
        return self._parsed(document)

    def existing(self, setting_ids: Collection[str]) -> set[str]:
        """Those of the ids under which there is a setting."""
        found = firestore_client().get_all([self.reference(each) for each in setting_ids], field_paths=["id"])
        return {snapshot.id for snapshot in found if snapshot.exists}

    def load(self, query: Any = None) -> dict[str, S]:
        """All settings, or those a query finds, by id. One that makes no sense is left out and logged."""
        source = query if query is not None else firestore_client().collection(self.collection)
        return dict(self._valid(source.stream()))

    def listed(self, limit: int, page_token: str | None = None, query: Any = None) -> Page[S]:
        """A page of them by id."""
        found = (query or firestore_client().collection(self.collection)).order_by("id")
        if page_token is not None:
            found = found.start_after({"id": decode_cursor(page_token, str)[0]})
        snapshots = list(found.limit(limit + 1).stream())
        page = cut_page(snapshots, limit, lambda snapshot: [snapshot.id])
        return Page([setting for _, setting in self._valid(page.items)], page.next_page_token)

    def put(
        self, setting_id: str, setting: S, check: CurrentCheck | None = None, *, by: str | None = None
    ) -> tuple[Kept[S], bool]:
        """Write a setting. As it is kept, and whether it is new. Raises what `check` raises."""

        def replace(_before: S | None) -> S:
            return setting

        return self.change(setting_id, replace, check, by=by)

    def change(
        self,
        setting_id: str,
        change: Callable[[S | None], S],
        check: CurrentCheck | None = None,
        *,
        by: str | None = None,
    ) -> tuple[Kept[S], bool]:
        """Put what `change` makes of a setting (None: there is none) in its place, in a transaction. If it is said `by` whom, an
        entry in the audit log tells."""

        def write(transaction: "firestore.Transaction") -> tuple[Kept[S], bool]:
            before = self._checked(transaction, setting_id, check)
            kept = Kept(change(before.setting if before is not None else None), now())
            transaction.set(self.reference(setting_id), self._document(kept))
            if by is not None:
                self._audit(transaction, setting_id, by, before, kept)
            return kept, before is None

        return self._in_a_transaction(write)

    def delete(self, setting_id: str, check: CurrentCheck | None = None, *, by: str | None = None) -> None:
        """Delete a setting. Raises NotFound, and what `check` raises."""
        self.get(setting_id)

        def delete(transaction: "firestore.Transaction") -> None:
            before = self._checked(transaction, setting_id, check)
            transaction.delete(self.reference(setting_id))
            if by is not None:
                self._audit(transaction, setting_id, by, before, None)

        self._in_a_transaction(delete)

    def _in_a_transaction(self, work: "Callable[[firestore.Transaction], R]") -> R:
        from google.cloud import firestore

        done: R = firestore.transactional(work)(firestore_client().transaction())
        return done

    def _checked(
        self, transaction: "firestore.Transaction", setting_id: str, check: CurrentCheck | None
    ) -> Kept[S] | None:
        """What is there. Raises what `check` raises."""
        document = self.reference(setting_id).get(transaction=transaction).to_dict()
        before = self._parsed(document) if document is not None else None
        if check is not None:
            check(before.etag if before is not None else None)
        return before

    def _audit(
        self,
        transaction: "firestore.Transaction",
        setting_id: str,
        by: str,
        before: Kept[S] | None,
        after: Kept[S] | None,
    ) -> None:
        was, now_is = (
            each.setting.model_dump(mode="json", by_alias=True) if each else None for each in (before, after)
        )
        at = after.modified if after is not None else now()
        note_change(transaction, self.reference(setting_id), by, at, was, now_is)

    def parse(self, document: dict[str, Any]) -> S:
        """A setting as Firestore has it. Raises pydantic.ValidationError."""
        return self._parsed(document).setting

    def _valid(self, snapshots: Any) -> Iterator[tuple[str, S]]:
        for snapshot in snapshots:
            try:
                yield snapshot.id, self._parsed(snapshot.to_dict() or {}).setting
            except ValidationError as invalid:
                wrong = [".".join(map(str, error["loc"])) for error in invalid.errors()]
                fields = {"collection": self.collection, "id": snapshot.id, "wrong": wrong}
                log.error("a setting is not valid", extra={"fields": fields})

    def _document(self, kept: Kept[S]) -> dict[str, Any]:
        setting = kept.setting
        plain = setting.model_dump(by_alias=True, include=set(self._times))
        return {**setting.model_dump(mode="json", by_alias=True), **plain, _STAMP: kept.modified}

    def _parsed(self, document: dict[str, Any]) -> Kept[S]:
        fields = dict(document)
        modified = fields.pop(_STAMP, _NEVER)
        return Kept(self._model.model_validate(fields), modified)
