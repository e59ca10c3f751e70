"""Store: the templates are looked at again, one transaction each, so that a run that is killed leaves every template whole and
the next one finishes the work. Looked at twice with the same events, they are the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.clients import firestore_client
from shared.core.paging import Page
from shared.core.versions import delete_with, newest_versions, not_there, version_of
from shared.patterns.templates.drafting import Draft
from shared.patterns.templates.lifecycle import begun, renewed
from shared.patterns.templates.template import (
    COLLECTION,
    MINED,
    SYSTEM,
    Decision,
    Template,
    Version,
    parse_template,
    parse_version,
    template_reference,
)
from shared.patterns.templates.usage import Usage


@dataclass(frozen=True)
class Renewed:
    """What another look has made of the templates: those that there are, and how many it has forgotten."""

    templates: list[Template]
    forgotten: int


def known_templates() -> list[Template]:
    """All mined templates, whatever their state."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION).where(filter=FieldFilter("origin", "==", MINED))
    return [parse_template(document.to_dict()) for document in query.stream()]


def renew(drafts: Sequence[Draft], usage: Mapping[str, Usage], at: datetime) -> Renewed:
    """Look at every template that there is or that a draft proposes. Operators' decisions stand (see `lifecycle`)."""
    by_id = {draft.id: draft for draft in drafts}
    known = {template.id: template for template in known_templates()}
    taken = {template.name for template in known.values()}
    kept = []
    new = sorted((draft for draft in drafts if draft.proposed and draft.id not in known), key=lambda draft: draft.id)
    for identifier in (*sorted(known), *(draft.id for draft in new)):
        template = _renew_one(identifier, by_id.get(identifier), usage.get(identifier), taken, at)
        if template is not None:
            taken.add(template.name)
            kept.append(template)
    return Renewed(kept, forgotten=len(known) + len(new) - len(kept))


def get_template(identifier: str) -> Template:
    """A template, whatever its state. Raises NotFound."""
    stored = template_reference(identifier).get().to_dict()
    if stored is None or "state" not in stored:
        raise not_there(f"template {identifier}")
    return parse_template(stored)


def get_version(identifier: str, version: int) -> Version:
    """What a template was in one version. Raises NotFound."""
    stored = version_of(template_reference(identifier), version).get().to_dict()
    if stored is None:
        raise not_there(f"template {identifier}", version)
    return parse_version(stored)


def list_versions(identifier: str, limit: int, page_token: str | None = None) -> Page[Version]:
    """What a template was, the newest version first. Raises InvalidInput for a page token of another list."""
    return newest_versions(template_reference(identifier), parse_version, limit, page_token)


def write(transaction: Any, before: Template | None, after: Template, by: str, comment: str = "") -> None:
    """Write a template with its version and the decision about it, where they are new. The last reads must have happened."""
    transaction.set(after.reference, after.document())
    if before is None or after.version != before.version:
        version = version_of(after.reference, after.version)
        transaction.set(version, after.content.as_version(after.version, after.modified))
    if before is None or after.decisions != before.decisions:
        decision = Decision(
            at=after.decided_at,
            before=before.state if before else None,
            after=after.state,
            by=by,
            comment=comment or after.reason,
        )
        transaction.set(after.reference.collection("decisions").document(str(after.decisions)), decision.document())


def _renew_one(
    identifier: str, draft: Draft | None, usage: Usage | None, taken: set[str], at: datetime
) -> Template | None:
    from google.cloud import firestore

    reference = template_reference(identifier)

    @firestore.transactional
    def transact(transaction: firestore.Transaction) -> Template | None:
        stored = reference.get(transaction=transaction).to_dict()
        before = parse_template(stored) if stored is not None else None
        if before is None:
            after = begun(draft, usage, taken, at) if draft is not None and draft.proposed else None
        else:
            after = renewed(before, draft, usage, at)
        if after is None and before is not None:
            transaction.delete(reference)
        elif after is not None and after != before:
            write(transaction, before, after, SYSTEM)
        return after

    after: Template | None = transact(firestore_client().transaction())
    if after is None:
        forget(identifier)
    return after


def forget(identifier: str) -> None:
    """Delete a template with all below it. What a kill leaves below one that is gone is overwritten if that comes back."""
    delete_with(template_reference(identifier), "decisions", "tallies")
