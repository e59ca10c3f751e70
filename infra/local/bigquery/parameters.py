"""Query parameters: what the REST API sends, as typed expressions that take the place of `@name` and `?`.

A value travels as text and is cast by DuckDB to its declared type, so nothing passes through a Python float.
"""

import base64
import binascii
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from infra.local.bigquery.errors import BigQueryError, invalid, invalid_query
from infra.local.bigquery.rows import RowError, row_validator
from infra.local.bigquery.schema import Field, legacy_type

_RFC3339 = re.compile(r"(\d)\s+UTC$", re.IGNORECASE)


POSITIONAL = "__positional_"
"""A `?` is parsed as a named parameter of this name and its 0-based place in the text."""


@dataclass(frozen=True)
class Parameters:
    """The parameters of a query, by lower-case name."""

    values: Mapping[str, exp.Expr]

    @classmethod
    def parse(cls, mode: str | None, resources: Sequence[Mapping[str, Any]]) -> "Parameters":
        """From parameterMode and queryParameters. Raises `invalid`."""
        positional = (mode or "").upper() == "POSITIONAL" or (not mode and not any(r.get("name") for r in resources))
        names = [
            f"{POSITIONAL}{i}" if positional else str(r.get("name") or "").lower() for i, r in enumerate(resources)
        ]
        return cls({name: _parameter(resource) for name, resource in zip(names, resources, strict=True)})

    def fill(self, root: exp.Expr) -> exp.Expr:
        """`root` with every parameter replaced. Raises invalidQuery for one that was not given."""
        for node in list(root.find_all(exp.Parameter)):
            value = self.values.get(node.name.lower())
            if value is None:
                shown = "positional parameters" if node.name.startswith(POSITIONAL) else f"'{node.name}'"
                raise invalid_query(f"Query parameter {shown} not found")
            if node is root:
                return value.copy()
            node.replace(value.copy())
        return root


def _parameter(resource: Mapping[str, Any]) -> exp.Expr:
    declared, value = resource.get("parameterType"), resource.get("parameterValue")
    if not isinstance(declared, Mapping):
        raise invalid("Required parameter is missing: parameterType", "queryParameters")
    field = _field(str(resource.get("name") or "?"), declared)
    return _typed(field, value if isinstance(value, Mapping) else {})


def _field(name: str, declared: Mapping[str, Any]) -> Field:
    kind = str(declared.get("type") or "").upper()
    if kind == "ARRAY":
        item = _field(name, declared.get("arrayType") or {})
        return Field(name, item.type, "REPEATED", item.fields)
    if kind == "STRUCT":
        children = declared.get("structTypes") or ()
        return Field(
            name, "RECORD", fields=tuple(_field(str(c.get("name") or ""), c.get("type") or {}) for c in children)
        )
    return Field(name, legacy_type(kind))


def _typed(field: Field, value: Mapping[str, Any]) -> exp.Expr:
    if field.repeated:
        items = [_typed(field.item, item) for item in value.get("arrayValues") or ()]
        return _cast(exp.Array(expressions=items), field)
    if field.type == "RECORD":
        values = value.get("structValues") or {}
        pairs = [
            exp.PropertyEQ(this=exp.to_identifier(child.name), expression=_typed(child, values.get(child.name) or {}))
            for child in field.fields
        ]
        return exp.Struct(expressions=pairs)
    text = value.get("value")
    if text is None:
        return _cast(exp.null(), field)
    return _scalar(field, str(text))


def _scalar(field: Field, text: str) -> exp.Expr:
    if field.type == "BYTES":
        try:
            decoded = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise _bad(field, text) from error
        return exp.Unhex(this=exp.Literal.string(decoded.hex()))
    if field.type == "INTERVAL":
        return _cast(exp.Literal.string(text), field)
    if field.type == "STRING":
        return _cast(exp.Literal.string(text), field)
    if field.type == "JSON":
        return _cast(exp.Literal.string(text), field)
    try:
        checked = row_validator((Field("value", field.type),))({"value": _normal(field, text)})["value"]
    except RowError as error:
        raise _bad(field, text) from error
    return _cast(exp.Literal.string(str(checked)), field)


def _normal(field: Field, text: str) -> str:
    if field.type == "TIMESTAMP":
        return _RFC3339.sub(r"\1+00:00", text)
    if field.type == "DATE" and "T" in text:
        return datetime.datetime.fromisoformat(text).date().isoformat()
    return text


def _bad(field: Field, text: str) -> BigQueryError:
    return invalid(
        f"Invalid value for query parameter {field.name}: {text} is not a valid {field.type}", "queryParameters"
    )


def _cast(node: exp.Expr, field: Field) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build(field.physical(), dialect="duckdb"))
