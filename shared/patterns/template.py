"""Templates: workflows ready to run, in `templates/{id}`, readable by every signed-in user."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.core.clients import firestore_client
from shared.core.paging import Page, cut_page, decode_cursor
from shared.patterns.pattern import SequencePattern

COLLECTION = "templates"
MINED = "mined"
_NAMES = Path(__file__).with_name("names.yaml")
_BATCH = 400
"""Writes in one commit; Firestore takes 500."""


class Template(BaseModel):
    """A workflow that users keep running, under a name, with the figures that it was found by."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    id: str
    name: str
    description: str
    operations: tuple[str, ...]
    origin: str = MINED
    frequency: int
    user_count: int
    success_rate: float
    avg_duration: float
    modified: datetime

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it."""
        return {**self.model_dump(by_alias=True), "operations": list(self.operations)}

    @classmethod
    def of(cls, pattern: SequencePattern, at: datetime) -> "Template":
        """The template of a pattern. The same operations give the same id for ever."""
        known = _known_names().get(pattern.pattern, {})
        figures = pattern.model_dump(include={"operations", "frequency", "user_count", "success_rate", "avg_duration"})
        return cls(
            id=f"mined-{hashlib.sha256(pattern.pattern.encode()).hexdigest()[:20]}",
            name=known.get("name") or name_of(pattern.operations),
            description=known.get("description") or f"{pattern.user_count} people run this, one after the other.",
            modified=at,
            **figures,
        )


def name_of(operations: Sequence[str]) -> str:
    """`trim, resize, to_mp3` as people say it: "Trim, resize and to mp3"."""
    words = [operation.replace("_", " ") for operation in operations]
    return f"{', '.join(words[:-1])} and {words[-1]}".capitalize()


def store_templates(templates: Sequence[Template]) -> int:
    """Make these the mined templates: write them, and delete the ones found before and not now. How many were deleted."""
    from google.cloud.firestore import FieldFilter

    client = firestore_client()
    collection = client.collection(COLLECTION)
    mined: Any = collection.where(filter=FieldFilter("origin", "==", MINED)).select([])
    gone = {document.id for document in mined.stream()} - {template.id for template in templates}
    writes = [*((template.id, template.document()) for template in templates), *((old, None) for old in gone)]
    for start in range(0, len(writes), _BATCH):
        batch = client.batch()
        for template_id, document in writes[start : start + _BATCH]:
            reference = collection.document(template_id)
            batch.set(reference, document) if document else batch.delete(reference)
        batch.commit()
    return len(gone)


def list_templates(limit: int, page_token: str | None = None) -> Page[Template]:
    """The templates of the system, the most used first."""
    query: Any = firestore_client().collection(COLLECTION)
    query = query.order_by("frequency", direction="DESCENDING").order_by("id")
    if page_token is not None:
        frequency, template_id = decode_cursor(page_token, 2)
        query = query.start_after({"frequency": frequency, "id": template_id})
    found = [Template.model_validate(document.to_dict()) for document in query.limit(limit + 1).stream()]
    return cut_page(found, limit, lambda template: [template.frequency, template.id])


@cache
def _known_names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = yaml.safe_load(_NAMES.read_text())
    return names
