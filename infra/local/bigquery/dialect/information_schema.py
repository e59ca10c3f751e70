"""INFORMATION_SCHEMA: SCHEMATA, TABLES, COLUMNS and COLUMN_FIELD_PATHS, as subqueries made from the catalog."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.datasets import DatasetName
from infra.local.bigquery.errors import invalid_query
from infra.local.bigquery.schema import Field
from infra.local.bigquery.tables import Table

Row = dict[str, Any]


def query(catalog: Catalog, project: str, parts: Sequence[str]) -> str | None:
    """DuckDB SQL for the view that `parts` (`[[project,] dataset,] INFORMATION_SCHEMA, VIEW`) names, or None if it names none."""
    path = [piece for part in parts for piece in part.split(".")]
    upper = [piece.upper() for piece in path]
    if "INFORMATION_SCHEMA" not in upper:
        return None
    at = upper.index("INFORMATION_SCHEMA")
    before, view = path[:at], ".".join(upper[at + 1 :])
    if view == "SCHEMATA":
        names = [dataset.name for dataset in catalog.datasets(before[0] if before else project)]
        return _relation(_SCHEMATA, [{"catalog_name": name.project, "schema_name": name.dataset} for name in names])
    if view not in _VIEWS or not before:
        raise invalid_query(f"INFORMATION_SCHEMA.{view} is not supported by the local server")
    dataset = DatasetName(before[0] if len(before) > 1 else project, before[-1])
    columns, rows = _VIEWS[view]
    return _relation(columns, [row for table in catalog.tables(dataset) for row in rows(table)])


def _relation(columns: dict[str, str], rows: list[Row]) -> str:
    structure = json.dumps([columns])
    text = json.dumps(rows).replace("'", "''")
    return f"SELECT r.* FROM (SELECT unnest(from_json('{text}', '{structure}')) AS r)"


def _tables(table: Table) -> Iterator[Row]:
    yield {
        **_name(table),
        "table_type": "VIEW" if table.view_query is not None else "BASE TABLE",
        "is_insertable_into": "NO" if table.view_query is not None else "YES",
        "is_typed": "NO",
        "creation_time": datetime.datetime.fromtimestamp(table.created / 1000, datetime.UTC).isoformat(),
    }


def _columns(table: Table) -> Iterator[Row]:
    clustering = [name.lower() for name in (table.body.get("clustering") or {}).get("fields") or ()]
    for position, field in enumerate(table.schema, 1):
        name = field.name.lower()
        yield {
            **_name(table),
            "column_name": field.name,
            "ordinal_position": position,
            "is_nullable": "NO" if field.mode == "REQUIRED" else "YES",
            "data_type": field.standard(),
            "is_partitioning_column": "YES" if name == (table.partition_field or "").lower() else "NO",
            "clustering_ordinal_position": clustering.index(name) + 1 if name in clustering else None,
        }


def _paths(table: Table) -> Iterator[Row]:
    def below(field: Field, prefix: str, column: str) -> Iterator[Row]:
        path = f"{prefix}{field.name}"
        yield {
            **_name(table),
            "column_name": column,
            "field_path": path,
            "data_type": field.standard(),
            "description": dict(field.extra).get("description"),
        }
        for child in field.fields:
            yield from below(child, f"{path}.", column)

    for field in table.schema:
        yield from below(field, "", field.name)


def _name(table: Table) -> Row:
    name = table.name
    return {"table_catalog": name.project, "table_schema": name.dataset, "table_name": name.table}


_SCHEMATA = {"catalog_name": "VARCHAR", "schema_name": "VARCHAR"}
_NAME = {"table_catalog": "VARCHAR", "table_schema": "VARCHAR", "table_name": "VARCHAR"}
_VIEWS: dict[str, tuple[dict[str, str], Callable[[Table], Iterator[Row]]]] = {
    "TABLES": (
        {
            **_NAME,
            "table_type": "VARCHAR",
            "is_insertable_into": "VARCHAR",
            "is_typed": "VARCHAR",
            "creation_time": "TIMESTAMPTZ",
        },
        _tables,
    ),
    "COLUMNS": (
        {
            **_NAME,
            "column_name": "VARCHAR",
            "ordinal_position": "BIGINT",
            "is_nullable": "VARCHAR",
            "data_type": "VARCHAR",
            "is_partitioning_column": "VARCHAR",
            "clustering_ordinal_position": "BIGINT",
        },
        _columns,
    ),
    "COLUMN_FIELD_PATHS": (
        {**_NAME, "column_name": "VARCHAR", "field_path": "VARCHAR", "data_type": "VARCHAR", "description": "VARCHAR"},
        _paths,
    ),
}
