"""The templates of this deployment, kept in Firestore."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue, ValidationError

from shared.core.audit import note_change
from shared.core.clients import firestore_client
from shared.core.errors import NotFound
from shared.notifications.templating.kinds import sample_of
from shared.notifications.templating.rendering import render_parts
from shared.notifications.templating.template import MessageTemplate, Parts

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

COLLECTION = "notification_templates"


def find_template(kind: str) -> MessageTemplate | None:
    """The template that somebody has written for a kind. One that makes no sense is logged, and is none."""
    return _parse(kind, _reference(kind).get().to_dict())


def get_template(kind: str) -> MessageTemplate:
    """The same. Raises NotFound."""
    found = find_template(kind)
    if found is None:
        raise NotFound(f"Nobody has written a template for {kind}: such messages read as they come.")
    return found


def list_templates() -> list[MessageTemplate]:
    """All templates, by kind."""
    stored = firestore_client().collection(COLLECTION).stream()
    parsed = [_parse(snapshot.id, snapshot.to_dict()) for snapshot in stored]
    return sorted((each for each in parsed if each is not None), key=lambda template: template.kind)


def save_template(kind: str, parts: Parts, sample: Mapping[str, JsonValue], by: str, at: datetime) -> MessageTemplate:
    """Save a template, once it was tried with `sample` (or, if that is empty, with our own). Raises BadTemplate."""
    render_parts(parts, sample_of(kind, sample))
    sources = parts.model_dump(include=set(Parts.model_fields))
    template = MessageTemplate(kind=kind, sample=dict(sample), modified=at, modified_by=by, **sources)
    _write(kind, template.document(), by, at)
    return template


def delete_template(kind: str, by: str, at: datetime) -> None:
    """Let messages of a kind read as they come again. Raises NotFound."""
    get_template(kind)
    _write(kind, None, by, at)


def _write(kind: str, document: dict[str, Any] | None, by: str, at: datetime) -> None:
    """Put a document in the place of a kind's template, None: nothing; with an entry in the audit log."""
    from google.cloud import firestore

    reference = _reference(kind)

    @firestore.transactional
    def write(transaction: "firestore.Transaction") -> None:
        before = reference.get(transaction=transaction).to_dict()
        if document is None:
            transaction.delete(reference)
        else:
            transaction.set(reference, document)
        note_change(transaction, reference, by, at, before, document)

    write(firestore_client().transaction())


def _reference(kind: str) -> Any:
    return firestore_client().collection(COLLECTION).document(kind)


def _parse(kind: str, document: dict[str, Any] | None) -> MessageTemplate | None:
    if document is None:
        return None
    try:
        return MessageTemplate.model_validate(document)
    except ValidationError:
        log.exception("a notification template is not valid", extra={"fields": {"template": kind}})
        return None
