"""Query parameters: what the REST API sends, as typed expressions that take the place of `@name` and `?`.

A value travels as text and is cast by DuckDB to its declared type, so nothing passes through a Python float.
"""

import base64
import binascii
import datetime
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

from sqlglot import exp

from infra.local.bigquery.errors import BigQueryError, invalid, invalid_query
from infra.local.bigquery.rows import RowError, row_validator
from infra.local.bigquery.schema import Field, legacy_type

_RFC3339 = re.compile(r"(\d)\s+UTC$", re.IGNORECASE)


POSITIONAL = "__positional_"
"""A `?` is parsed as a named parameter of this name and its 0-based place in the text."""
_SLOT = "\x02{}\x03"
"""Stands for the text number so-and-so of the values, in a literal of its own."""
_SLOTS = re.compile("'\x02(\\d+)\x03'")

Text = str | tuple[str, ...]
"""What stands in the literal of a value, or in those of a whole list."""
_LISTED = ("STRING", "TIMESTAMP", "INTEGER")
"""Lists of these are written as literals that take their type from the list."""


class Parameters:
    """The parameters of a query, by lower-case name.

    `shape` is the same for parameters of the same names and types, with nulls in the same places, and lists of the same lengths;
    but a list of texts, times or whole numbers may be of any length, if it is not empty. What else there is to them is their
    `texts`."""

    def __init__(self, given: Mapping[str, tuple[Field, Mapping[str, Any]]] | None = None) -> None:
        """From a type and a QueryParameterValue for each. Raises `invalid`."""
        self._given = given or {}
        self.shape: Hashable = tuple((name, _shape(*each)) for name, each in self._given.items())
        self.texts = tuple(text for each in self._given.values() for text in _texts(*each))

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
        return self._filled(root, iter(self.texts))

    def fill_slots(self, root: exp.Expr) -> exp.Expr:
        """The same with a slot in the place of each text, for `with_texts` to put one into. Raises invalidQuery."""
        return self._filled(root, map(_SLOT.format, count()))

    def _filled(self, root: exp.Expr, texts: "Iterator[Text]") -> exp.Expr:
        values = {name: _typed(field, value, texts) for name, (field, value) in self._given.items()}
        for node in list(root.find_all(exp.Parameter)):
            value = values.get(node.name.lower())
            if value is None:
                shown = "positional parameters" if node.name.startswith(POSITIONAL) else f"'{node.name}'"
                raise invalid_query(f"Query parameter {shown} not found")
            if node is root:
                return value.copy()
            node.replace(value.copy())
        return root


def with_texts(sql: str, texts: "Sequence[Text]") -> str:
    """SQL that was translated with slots, with these texts in them."""
    return _SLOTS.sub(lambda slot: ", ".join(map(_literal, _each(texts[int(slot[1])]))), sql)


def _each(text: "Text") -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def has_slot(text: str) -> bool:
    """Whether it is, or was made from, what stands for a text that is not known yet."""
    return _SLOT[0] in text


def _parameter(resource: Mapping[str, Any]) -> tuple[Field, Mapping[str, Any]]:
    declared, value = resource.get("parameterType"), resource.get("parameterValue")
    if not isinstance(declared, Mapping):
        raise invalid("Required parameter is missing: parameterType", "queryParameters")
    return _field(str(resource.get("name") or "?"), declared), value if isinstance(value, Mapping) else {}


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


def _shape(field: Field, value: Mapping[str, Any]) -> Hashable:
    if field.repeated:
        if _is_listed(field, value):
            return "LIST", field.item
        return "ARRAY", field.item, tuple(_shape(field.item, item) for item in value.get("arrayValues") or ())
    if field.type == "RECORD":
        values = value.get("structValues") or {}
        return field, tuple(_shape(child, values.get(child.name) or {}) for child in field.fields)
    return field.type, value.get("value") is None


def _is_listed(field: Field, value: Mapping[str, Any]) -> bool:
    """Whether it is a list whose length does not matter to how the query is written."""
    items = value.get("arrayValues") or ()
    return field.type in _LISTED and bool(items) and all(item.get("value") is not None for item in items)


def _texts(field: Field, value: Mapping[str, Any]) -> Iterator[Text]:
    """The texts of the literals, in the order in which `_typed` takes them."""
    if field.repeated and _is_listed(field, value):
        yield tuple(_text(field.item, str(item["value"])) for item in value["arrayValues"])
    elif field.repeated:
        for item in value.get("arrayValues") or ():
            yield from _texts(field.item, item)
    elif field.type == "RECORD":
        values = value.get("structValues") or {}
        for child in field.fields:
            yield from _texts(child, values.get(child.name) or {})
    elif (text := value.get("value")) is not None:
        yield _text(field, str(text))


def _typed(field: Field, value: Mapping[str, Any], texts: Iterator[Text]) -> exp.Expr:
    if field.repeated and _is_listed(field, value):
        return _cast(exp.Array(expressions=[exp.Literal.string(text) for text in _each(next(texts))]), field)
    if field.repeated:
        items = [_typed(field.item, item, texts) for item in value.get("arrayValues") or ()]
        return _cast(exp.Array(expressions=items), field)
    if field.type == "RECORD":
        values = value.get("structValues") or {}
        pairs = [
            exp.PropertyEQ(
                this=exp.to_identifier(child.name), expression=_typed(child, values.get(child.name) or {}, texts)
            )
            for child in field.fields
        ]
        return exp.Struct(expressions=pairs)
    if value.get("value") is None:
        return _cast(exp.null(), field)
    [text] = _each(next(texts))
    literal = exp.Literal.string(text)
    return exp.Unhex(this=literal) if field.type == "BYTES" else _cast(literal, field)


def _text(field: Field, text: str) -> str:
    """As the literal of a value has it. Raises `invalid`."""
    if field.type == "BYTES":
        try:
            return base64.b64decode(text, validate=True).hex()
        except binascii.Error as error:
            raise _bad(field, text) from error
    if field.type in ("INTERVAL", "STRING", "JSON"):
        return text
    try:
        checked = row_validator((Field("value", field.type),))({"value": _normal(field, text)})["value"]
    except RowError as error:
        raise _bad(field, text) from error
    return str(checked)


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
    return exp.Cast(this=node, to=_data_type(field.physical()).copy())


@cache
def _data_type(physical: str) -> exp.DataType:
    return exp.DataType.build(physical, dialect="duckdb")
