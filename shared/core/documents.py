"""Documents of Firestore as models, and reading lists of them page by page."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.core.paging import Page, cut_page, decode_cursor

if TYPE_CHECKING:
    from google.cloud.firestore import CollectionReference, Query

M = TypeVar("M", bound=BaseModel)


class StoredModel(BaseModel):
    """A document, or a part of one: camelCase in Firestore; fields that a newer release has added are passed over."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class StoredPart(StoredModel):
    """A StoredModel whose numbers are finite: it is also kept as JSON in files, and answered."""

    model_config = ConfigDict(allow_inf_nan=False)


class Part(BaseModel):
    """A part of what goes over the wire: camelCase, never changed once made; unknown fields, NaN and infinities are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, allow_inf_nan=False
    )


def newest_first(
    query: "Query | CollectionReference",
    parse: Callable[[dict[str, Any]], M],
    limit: int,
    page_token: str | None,
    *,
    time: str = "created",
) -> Page[M]:
    """A page of the documents that `query` finds, by the timestamp in field `time` and then by `id`, both falling."""
    ordered = query.order_by(time, direction="DESCENDING").order_by("id", direction="DESCENDING")
    if page_token:
        moment, document_id = decode_cursor(page_token, datetime, str)
        ordered = ordered.start_after({time: moment, "id": document_id})
    found = [snapshot.to_dict() or {} for snapshot in ordered.limit(limit + 1).stream()]
    page = cut_page(found, limit, lambda document: [_field(document, time).isoformat(), document["id"]])
    return Page([parse(document) for document in page.items], page.next_page_token)


def _field(document: dict[str, Any], path: str) -> Any:
    value: Any = document
    for name in path.split("."):
        value = value[name]
    return value
