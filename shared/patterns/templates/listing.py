"""Listing: templates by what they are for and where they are run, page by page."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.core.clients import firestore_client
from shared.core.paging import Cursor, Page, cut_page, decode_cursor
from shared.events import Platform
from shared.patterns.templates.template import COLLECTION, Template, TemplateState, parse_template


class TemplateSort(StrEnum):
    """What comes first: the pattern that most sessions hold, the template that is run most, or the one published last."""

    FREQUENCY = "frequency"
    USES = "uses"
    NEWEST = "newest"


_FIELDS = {TemplateSort.FREQUENCY: "frequency", TemplateSort.USES: "uses", TemplateSort.NEWEST: "publishedAt"}


def list_templates(
    limit: int,
    page_token: str | None = None,
    *,
    state: TemplateState = TemplateState.PUBLISHED,
    workflow_type: str | None = None,
    platform: Platform | None = None,
    sort: TemplateSort = TemplateSort.FREQUENCY,
) -> Page[Template]:
    """The templates in a state, with the most of what they are sorted by first. Templates that were never published are not
    among the newest. Raises InvalidInput for a page token of another list."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION)
    query = query.where(filter=FieldFilter("state", "==", state.value))
    if workflow_type is not None:
        query = query.where(filter=FieldFilter("workflowType", "==", workflow_type))
    if platform is not None:
        query = query.where(filter=FieldFilter("platforms", "array_contains", platform.value))
    field = _FIELDS[sort]
    query = query.order_by(field, direction="DESCENDING").order_by("id", direction="DESCENDING")
    if page_token is not None:
        after, identifier = decode_cursor(page_token, datetime if sort is TemplateSort.NEWEST else float, str)
        query = query.start_after({field: after, "id": identifier})
    found = [parse_template(document.to_dict()) for document in query.limit(limit + 1).stream()]
    return cut_page(found, limit, lambda template: _cursor(template, sort))


def _cursor(template: Template, sort: TemplateSort) -> Cursor:
    match sort:
        case TemplateSort.FREQUENCY:
            return [template.frequency, template.id]
        case TemplateSort.USES:
            return [template.uses, template.id]
        case TemplateSort.NEWEST:
            return [template.published_at.isoformat() if template.published_at else "", template.id]
