"""Rulebook: the rules as they are kept, `alert_rules/{id}`, with every version that there was and who made it."""

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from pydantic import Field, ValidationError

from shared.alerts.checking import check_rule
from shared.alerts.instances import SYSTEM
from shared.alerts.rules import AlertRule, default_rules
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import StoredModel
from shared.core.errors import Conflict, NotFound
from shared.core.paging import Page, cut_page, decode_cursor
from shared.core.versions import CurrentCheck

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

COLLECTION = "alert_rules"
MOST_RULES = 1000
"""All of them are evaluated within a minute."""
_RECORD = ("version", "created", "created_by", "modified", "modified_by", "deleted")


class Edition(StoredModel):
    """A rule in one version: what it said, from when on, and who wrote it. `deleted`: the version is that it was withdrawn."""

    rule: AlertRule
    version: int = Field(default=1, ge=1)
    created: datetime | None = None
    created_by: str = SYSTEM
    modified: datetime | None = None
    modified_by: str = SYSTEM
    deleted: bool = False

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"v{self.version}"

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: the rule, and beside its fields what is recorded of it."""
        rule = self.rule.model_dump(mode="json", by_alias=True)
        return {**rule, **self.model_dump(by_alias=True, include=set(_RECORD))}


def save_rule(rule: AlertRule, by: str, check: CurrentCheck | None = None) -> tuple[Edition, bool]:
    """Keep a rule that makes sense as its next version; as it was, it stays the same version. The edition, and whether it is new.

    Raises InvalidRule with all that is wrong with it, Unavailable when BigQuery cannot say so, Conflict when there are as many
    rules as there may be, and what `check` raises."""
    check_rule(rule)
    others = sum(edition.rule.id != rule.id for edition in _editions())
    if others >= MOST_RULES:
        raise Conflict(f"There are {MOST_RULES} alert rules, and no more are evaluated in time. Withdraw one first.")
    moment = now()

    def next_edition(current: Edition | None) -> Edition:
        if check is not None:
            check(current.etag if current is not None and not current.deleted else None)
        if current is None:
            return Edition(rule=rule, created=moment, created_by=by, modified=moment, modified_by=by)
        if current.rule == rule and not current.deleted:
            return current
        changes = {
            "rule": rule,
            "version": current.version + 1,
            "modified": moment,
            "modified_by": by,
            "deleted": False,
        }
        return current.model_copy(update=changes)

    before, after = _write(rule.id, next_edition)
    return after, before is None or before.deleted


def delete_rule(rule_id: str, by: str, check: CurrentCheck | None = None) -> None:
    """Withdraw a rule; its alerts end with the next evaluation, its versions stay. Raises NotFound, and what `check` raises."""
    moment = now()

    def withdrawn(current: Edition | None) -> Edition:
        if current is None or current.deleted:
            raise _not_found(rule_id)
        if check is not None:
            check(current.etag)
        changes = {"version": current.version + 1, "modified": moment, "modified_by": by, "deleted": True}
        return current.model_copy(update=changes)

    _write(rule_id, withdrawn)


def get_rule(rule_id: str) -> Edition:
    """A rule. Raises NotFound."""
    found = _edition(rule_id, _reference(rule_id).get().to_dict() or _first_document(rule_id))
    if found is None or found.deleted:
        raise _not_found(rule_id)
    return found


def list_rules(limit: int, page_token: str | None = None) -> Page[Edition]:
    """The rules, by their ids. Raises InvalidInput for a page token of another list."""
    after = decode_cursor(page_token, str)[0] if page_token else ""
    found = sorted((edition for edition in _editions() if edition.rule.id > after), key=lambda edition: edition.rule.id)
    return cut_page(found[: limit + 1], limit, lambda edition: [edition.rule.id])


def rule_versions(rule_id: str, limit: int, page_token: str | None = None) -> Page[Edition]:
    """What a rule was, the newest version first, also of one that was withdrawn. Raises NotFound."""
    versions = _reference(rule_id).collection("versions")
    query: Any = versions.order_by("version", direction="DESCENDING")
    if page_token:
        query = query.start_after({"version": decode_cursor(page_token, int)[0]})
    found = [_edition(rule_id, snapshot.to_dict()) for snapshot in query.limit(limit + 1).stream()]
    editions = [edition for edition in found if edition is not None]
    if not editions and not page_token:
        editions = [get_rule(rule_id)]
    return cut_page(editions, limit, lambda edition: [edition.version])


def load_rules() -> list[AlertRule]:
    """All rules by id. Default rules that are missing are kept first, so that a fresh deployment is watched from the start.

    A document that is no rule is left out and logged: the others must go on watching."""
    return sorted((edition.rule for edition in _editions()), key=lambda rule: rule.id)


def _editions() -> list[Edition]:
    """All that are not withdrawn."""
    from google.api_core.exceptions import AlreadyExists

    kept = {snapshot.id: snapshot.to_dict() for snapshot in firestore_client().collection(COLLECTION).stream()}
    for rule in default_rules():
        if rule.id not in kept:
            kept[rule.id] = _first_document(rule.id)
            with contextlib.suppress(AlreadyExists):  # Another instance was quicker.
                _reference(rule.id).create(kept[rule.id])
    parsed = (_edition(rule_id, document) for rule_id, document in kept.items())
    return [edition for edition in parsed if edition is not None and not edition.deleted]


def _first_document(rule_id: str) -> dict[str, Any] | None:
    """What a default rule is kept as; None for another."""
    found = next((rule for rule in default_rules() if rule.id == rule_id), None)
    return Edition(rule=found, created=now(), modified=now()).document() if found is not None else None


def _edition(rule_id: str, document: dict[str, Any] | None) -> Edition | None:
    if document is None:
        return None
    names = {Edition.model_fields[name].alias or name: name for name in _RECORD}
    record = {name: document[alias] for alias, name in names.items() if alias in document}
    rule = {name: value for name, value in document.items() if name not in names}
    try:
        return Edition(rule=AlertRule.model_validate({**rule, "id": rule_id}), **record)
    except ValidationError as invalid:
        wrong = [".".join(map(str, error["loc"])) for error in invalid.errors()]
        log.error("an alert rule is not valid", extra={"fields": {"rule": rule_id, "wrong": wrong}})
        return None


def _write(rule_id: str, decide: Callable[[Edition | None], Edition]) -> tuple[Edition | None, Edition]:
    """The edition before and the one that `decide` has put in its place, with its version kept beside it."""
    from google.cloud import firestore

    reference = _reference(rule_id)

    @firestore.transactional
    def write(transaction: "firestore.Transaction") -> tuple[Edition | None, Edition]:
        stored = reference.get(transaction=transaction).to_dict()
        before = _edition(rule_id, stored or _first_document(rule_id))
        after = decide(before)
        for edition in {
            each.version: each for each in (before, after) if each is not None and after is not before
        }.values():
            transaction.set(reference.collection("versions").document(str(edition.version)), edition.document())
        if after is not before:
            transaction.set(reference, after.document())
        return before, after

    return cast("tuple[Edition | None, Edition]", write(firestore_client().transaction()))


def _reference(rule_id: str) -> Any:
    return firestore_client().collection(COLLECTION).document(rule_id)


def _not_found(rule_id: str) -> NotFound:
    return NotFound(f"There is no alert rule {rule_id}.")
