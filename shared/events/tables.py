"""Tables: the BigQuery schemas of `events` and `events_rejected`, made of the models that their rows are checked by.

`python -m shared.events.tables infra/bigquery` writes them there; a test fails while a file is not what the models say.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from shared.events.rows import EVENTS, REJECTED, EventRow, RejectionRow
from shared.events.schema import Event

Column = dict[str, Any]
"""A column as BigQuery's schema files have it: name, type, mode, description, and fields if it is a record."""

_KEY = frozenset({"event_id", "occurred_at", "received_at"})
"""Required in `events`. BigQuery lets a column become nullable and never required, so the others stay as they began."""
_ALWAYS = frozenset({"received_at"})
"""Known of a rejected row too: everything else in it can be what was wrong."""
_TYPES = (
    (bool, "BOOLEAN"),
    (int, "INTEGER"),
    (float, "FLOAT"),
    (str, "STRING"),
    (AwareDatetime, "TIMESTAMP"),
    (BaseModel, "RECORD"),
)
"""The first that a type is a subclass of counts."""


def table_schema(table: str) -> list[Column]:
    """The columns of `events` or `events_rejected`. Raises KeyError for another table."""
    return {EVENTS: _events, REJECTED: _rejected}[table]()


def table_file(table: str) -> str:
    """The schema file of a table: a column a line, the fields of a record below it."""
    return "[\n" + ",\n".join(_line(column, "  ") for column in table_schema(table)) + "\n]\n"


def _events() -> list[Column]:
    return list(_columns(EventRow, required=_KEY))


def _rejected() -> list[Column]:
    return [*_columns(EventRow, required=_ALWAYS), *_columns(RejectionRow)]


def _columns(model: type[BaseModel], required: frozenset[str] = frozenset()) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        python = _type_of(field.annotation)
        column: Column = {
            "name": name,
            "type": next(kind for base, kind in _TYPES if issubclass(python, base)),
            "mode": "REQUIRED" if name in required else "NULLABLE",
            "description": _description(name, field),
        }
        if issubclass(python, BaseModel):
            column["fields"] = list(_columns(python))
        yield column


def _type_of(annotation: Any) -> type:
    """The Python type inside an annotation: of `Annotated[X, …] | None` it is X, of a literal that of its value."""
    if isinstance(annotation, type):
        return annotation
    inner = [each for each in get_args(annotation) if each is not NoneType]
    if get_origin(annotation) is Literal:
        return type(inner[0])
    if get_origin(annotation) is not Annotated and len(inner) != 1:
        raise TypeError(f"{annotation} is no type of a column")
    return _type_of(inner[0])


def _description(name: str, field: FieldInfo) -> str:
    """What the field says of itself, or what the event's field of that name does."""
    said = field.description or Event.model_fields[name].description
    if not said:
        raise TypeError(f"the column {name} needs a description")
    return said


def _line(column: Column, indent: str) -> str:
    fields = column.get("fields")
    if not fields:
        return indent + json.dumps(column, ensure_ascii=False)
    head = json.dumps({key: value for key, value in column.items() if key != "fields"}, ensure_ascii=False)
    body = ",\n".join(_line(field, indent + "  ") for field in fields)
    return f'{indent}{head[:-1]}, "fields": [\n{body}\n{indent}]}}'


def main(arguments: list[str]) -> int:
    """Write the schema files into the folder named. Returns 2 if none is."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m shared.events.tables FOLDER\n")
        return 2
    for table in (EVENTS, REJECTED):
        (Path(arguments[0]) / f"{table}.json").write_text(table_file(table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
