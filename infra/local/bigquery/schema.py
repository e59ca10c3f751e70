"""Columns: BigQuery's JSON schema and the DuckDB types that hold it.

INT64 is BIGINT, TIMESTAMP is TIMESTAMPTZ (always shown in UTC), DATETIME is TIMESTAMP, NUMERIC is DECIMAL(38, 9), a RECORD
is a STRUCT and a REPEATED field a LIST. BIGNUMERIC, GEOGRAPHY and RANGE have no exact counterpart and are refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from infra.local.bigquery.errors import invalid

_ALIASES = {
    "INT64": "INTEGER",
    "INT": "INTEGER",
    "SMALLINT": "INTEGER",
    "BIGINT": "INTEGER",
    "FLOAT64": "FLOAT",
    "BOOL": "BOOLEAN",
    "STRUCT": "RECORD",
    "DECIMAL": "NUMERIC",
}
_PHYSICAL = {
    "STRING": "VARCHAR",
    "BYTES": "BLOB",
    "INTEGER": "BIGINT",
    "FLOAT": "DOUBLE",
    "BOOLEAN": "BOOLEAN",
    "TIMESTAMP": "TIMESTAMPTZ",
    "DATE": "DATE",
    "TIME": "TIME",
    "DATETIME": "TIMESTAMP",
    "NUMERIC": "DECIMAL(38, 9)",
    "JSON": "JSON",
    "INTERVAL": "INTERVAL",
}
_STANDARD = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}
_MODES = {"NULLABLE", "REQUIRED", "REPEATED"}


def quoted(name: str) -> str:
    """`name` as a DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def legacy_type(name: str) -> str:
    """The REST name (INTEGER, FLOAT, …) of a type given by any of its names. Raises `invalid` for what is not held."""
    upper = name.upper()
    type_name = _ALIASES.get(upper, upper)
    if type_name != "RECORD" and type_name not in _PHYSICAL:
        raise invalid(f"Invalid value for type: {name} is not a type that this server holds", "type")
    return type_name


@dataclass(frozen=True)
class Field:
    """A column, or a field of a RECORD. `type` is the REST name; `extra` keeps description, defaults and the like."""

    name: str
    type: str
    mode: str = "NULLABLE"
    fields: tuple["Field", ...] = ()
    extra: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def parse(cls, resource: Mapping[str, Any]) -> Self:
        """From a TableFieldSchema. Raises `invalid` naming what is wrong."""
        name = resource.get("name")
        if not isinstance(name, str) or not name:
            raise invalid("Field name is missing", "name")
        mode = str(resource.get("mode") or "NULLABLE").upper()
        if mode not in _MODES:
            raise invalid(f"Invalid value for mode: {mode} is not a valid value", "mode")
        type_name = legacy_type(str(resource.get("type") or ""))
        children = tuple(cls.parse(child) for child in resource.get("fields") or ())
        if type_name == "RECORD" and not children:
            raise invalid(f"Field {name} is type RECORD but has no schema", "fields")
        known = {"name", "type", "mode", "fields"}
        extra = tuple((key, value) for key, value in resource.items() if key not in known and value is not None)
        return cls(name, type_name, mode, children, extra)

    @property
    def repeated(self) -> bool:
        """Whether a value is a list."""
        return self.mode == "REPEATED"

    @property
    def item(self) -> "Field":
        """The same field for one item of the list."""
        return replace(self, mode="NULLABLE")

    def resource(self) -> dict[str, Any]:
        """The TableFieldSchema."""
        resource: dict[str, Any] = {"name": self.name, "type": self.type, "mode": self.mode, **dict(self.extra)}
        if self.fields:
            resource["fields"] = [child.resource() for child in self.fields]
        return resource

    def physical(self) -> str:
        """The DuckDB type."""
        if self.type == "RECORD":
            inner = ", ".join(f"{quoted(child.name)} {child.physical()}" for child in self.fields)
            scalar = f"STRUCT({inner})"
        else:
            scalar = _PHYSICAL[self.type]
        return f"{scalar}[]" if self.repeated else scalar

    def column(self) -> str:
        """The column's definition in CREATE TABLE."""
        required = " NOT NULL" if self.mode == "REQUIRED" else ""
        return f"{quoted(self.name)} {self.physical()}{required}"

    def standard(self) -> str:
        """The type as INFORMATION_SCHEMA shows it."""
        if self.type == "RECORD":
            scalar = "STRUCT<" + ", ".join(f"{child.name} {child.standard()}" for child in self.fields) + ">"
        else:
            scalar = _STANDARD.get(self.type, self.type)
        return f"ARRAY<{scalar}>" if self.repeated else scalar


Schema = tuple[Field, ...]


def parse_schema(resource: Mapping[str, Any] | None) -> Schema:
    """From a TableSchema (`{"fields": [...]}`); none is an empty schema. Raises `invalid`, also for a name given twice."""
    fields = tuple(Field.parse(field) for field in (resource or {}).get("fields") or ())
    seen: set[str] = set()
    for field in fields:
        if field.name.lower() in seen:
            raise invalid(f"Duplicate field name: {field.name}", "schema")
        seen.add(field.name.lower())
    return fields


def schema_resource(fields: Iterable[Field]) -> dict[str, Any]:
    """The TableSchema."""
    return {"fields": [field.resource() for field in fields]}


def widened(old: Schema, new: Schema, table: str) -> Schema:
    """`new`, if a table of schema `old` can take it: columns and fields may be added, REQUIRED may be relaxed.

    Raises `invalid` for a column that is missing, another type, or added as REQUIRED."""
    names = {field.name.lower(): field for field in new}
    for field in old:
        after = names.get(field.name.lower())
        if after is None:
            raise _mismatch(table, f"Field {field.name} is missing in new schema")
        if after.type != field.type:
            raise _mismatch(table, f"Field {field.name} has changed type from {field.type} to {after.type}")
        if after.mode != field.mode and (field.mode, after.mode) != ("REQUIRED", "NULLABLE"):
            raise _mismatch(table, f"Field {field.name} has changed mode from {field.mode} to {after.mode}")
        if field.fields:
            widened(field.fields, after.fields, table)
    before = {field.name.lower() for field in old}
    for field in new:
        if field.name.lower() not in before and field.mode == "REQUIRED":
            raise _mismatch(table, f"Cannot add required fields to an existing schema. (field: {field.name})")
    return new


def _mismatch(table: str, message: str) -> Exception:
    return invalid(f"Provided Schema does not match Table {table}. {message}")
