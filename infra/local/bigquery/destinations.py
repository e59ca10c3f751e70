"""Where a result goes: a query's or a load's destination table, by its create and write dispositions."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from infra.local.bigquery.catalog import Catalog, insert_rows
from infra.local.bigquery.errors import BigQueryError, duplicate, invalid, not_found
from infra.local.bigquery.schema import Field, Schema, schema_resource, widened
from infra.local.bigquery.tables import Table, TableName, kept


@dataclass(frozen=True)
class Destination:
    """A table to write, and what to do when it is there or not."""

    name: TableName
    create: bool
    write: str
    properties: Mapping[str, Any]
    may_add: bool

    @classmethod
    def parse(cls, configuration: Mapping[str, Any], project: str, default_write: str) -> Self:
        """From a query, load or copy configuration. Raises `invalid`."""
        name = TableName.parse(configuration.get("destinationTable") or {}, project)
        write = str(configuration.get("writeDisposition") or default_write)
        if write not in ("WRITE_TRUNCATE", "WRITE_APPEND", "WRITE_EMPTY", "WRITE_TRUNCATE_DATA"):
            raise invalid(f"Invalid value for writeDisposition: {write}", "writeDisposition")
        create = configuration.get("createDisposition") != "CREATE_NEVER"
        may_add = "ALLOW_FIELD_ADDITION" in (configuration.get("schemaUpdateOptions") or ())
        return cls(name, create, write, kept(configuration), may_add)

    def existing(self, catalog: Catalog) -> Table | None:
        """The table, if it is there."""
        try:
            return catalog.table(self.name)
        except BigQueryError as error:
            if not error.message.startswith("Not found: Table"):
                raise
            return None

    def store(self, catalog: Catalog, schema: Schema, rows: str) -> int:
        """Write the rows of the DuckDB query `rows`, which has columns `schema`. Gives how many.

        Raises notFound or duplicate by the dispositions, and invalid when the columns do not fit."""
        table = self.existing(catalog)
        if table is None and not self.create:
            raise not_found("Table", str(self.name))
        if table is not None and self.write == "WRITE_EMPTY" and catalog.row_count(table):
            raise duplicate("Table", str(self.name))
        if table is None or not table.schema or self.write == "WRITE_TRUNCATE":
            properties = self.properties if table is None else {**table.body, **self.properties}
            created = Table.parse(self.name, {**properties, "schema": schema_resource(schema)})
            return catalog.row_count(catalog.create_table(created, rows, replacing=table is not None))
        if self.may_add:
            table = catalog.update_table(self.name, lambda current: replace(current, schema=_sum(current, schema)))
        return self._append(catalog, table, schema, rows)

    def _append(self, catalog: Catalog, table: Table, schema: Schema, rows: str) -> int:
        known = {field.name.lower() for field in table.schema}
        for field in schema:
            if field.name.lower() not in known:
                raise invalid(
                    f"Provided Schema does not match Table {table.name}. Cannot add fields (field: {field.name})"
                )
        with catalog.engine.write(self.name.project) as cursor:
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {rows}")
            if self.write == "WRITE_TRUNCATE_DATA":
                cursor.execute(f"DELETE FROM {self.name.sql}")
            names = {field.name.lower() for field in schema}
            present = replace(table, schema=tuple(field for field in table.schema if field.name.lower() in names))
            return insert_rows(cursor, present, "staged")


def _sum(table: Table, schema: Schema) -> Schema:
    known = {field.name.lower() for field in table.schema}
    added = tuple(_nullable(field) for field in schema if field.name.lower() not in known)
    return widened(table.schema, (*table.schema, *added), str(table.name))


def _nullable(field: Field) -> Field:
    return replace(field, mode="NULLABLE") if field.mode == "REQUIRED" else field
