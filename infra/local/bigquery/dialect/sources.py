"""Where rows come from: every table name of a query becomes the physical table, or the subquery that stands for it.

Views, wildcard tables (`events_*` with _TABLE_SUFFIX), partition decorators (`t$20240131`), ingestion-time partitions and
INFORMATION_SCHEMA are subqueries.
"""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlglot import exp

from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.datasets import DatasetName
from infra.local.bigquery.dialect import information_schema
from infra.local.bigquery.errors import BigQueryError, invalid_query, not_found
from infra.local.bigquery.schema import quoted
from infra.local.bigquery.tables import PARTITION_TIME, Table, TableName

_PSEUDO_COLUMNS = {"_PARTITIONTIME", "_PARTITIONDATE"}
_MAX_VIEW_DEPTH = 16
_RESOLVED = "physical"
_DECORATOR = re.compile(r"^(\d{4})(\d{2})?(\d{2})?(\d{2})?$")


@dataclass
class Sources:
    """Resolves names for one statement and remembers which tables it reads."""

    catalog: Catalog
    project: str
    dataset: DatasetName | None
    translate_view: Callable[[str, "Sources"], str]
    read: list[Table] = field(default_factory=list)
    depth: int = 0
    lasting: bool = True
    """Whether the names mean the same as long as those tables are what they are."""

    def name(self, table: exp.Table) -> TableName:
        """The full name. Raises invalidQuery when no dataset is given and there is no default one."""
        parts = [part for part in ".".join(part.name for part in table.parts).replace(":", ".").split(".") if part]
        return self.name_of(parts)

    def name_of(self, parts: list[str]) -> TableName:
        """The full name from `[[project,] dataset,] table`."""
        if len(parts) == 1:
            if self.dataset is None:
                message = f'Table "{parts[0]}" must be qualified with a dataset (e.g. dataset.table).'
                raise BigQueryError(400, "invalid", message)
            return TableName(self.dataset.project, self.dataset.dataset, parts[0])
        project = ".".join(parts[:-2]) or self.project
        return TableName(project, parts[-2], parts[-1])

    def replace_all(self, root: exp.Expr) -> None:
        """Replace every table under `root` that is not a CTE's name."""
        for table in list(root.find_all(exp.Table)):
            if table.meta.get(_RESOLVED) or (not table.db and _is_cte(table)):
                continue
            if table.args.get("sample") or table.args.get("version") or table.args.get("when"):
                raise invalid_query("FOR SYSTEM_TIME AS OF and TABLESAMPLE are not supported by the local server")
            self._replace(table)

    def target(self, table: exp.Table) -> Table:
        """The table that DML or DDL changes; `table` gets its physical name. Raises invalidQuery for a view."""
        found = self._table(self.name(table))
        if found.view_query is not None:
            raise invalid_query(f"Cannot modify a view: {found.name}")
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(found.name.table, quoted=True))
        table.replace(_physical(found, alias))
        return found

    def _replace(self, table: exp.Table) -> None:
        name = self.name(table)
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(_alias(name), quoted=True))
        source = self._source(name, table)
        node: exp.Expr = _physical(source, alias) if isinstance(source, Table) else _raw_subquery(source, alias)
        for key in ("joins", "laterals", "pivots"):
            if table.args.get(key):
                node.set(key, table.args[key])
        table.replace(node)

    def _source(self, name: TableName, table: exp.Table) -> Table | str:
        view = information_schema.query(self.catalog, self.project, [part.name for part in table.parts])
        if view is not None:
            self.lasting = False
            return view
        if name.table.endswith("*"):
            self.lasting = False
            return self._wildcard(name)
        if "$" in name.table:
            return self._partition(name)
        found = self._table(name)
        if found.view_query is not None:
            return self._view(found)
        if found.by_ingestion_time and _asks_for_partition(table):
            columns = "* , CAST(_PARTITIONTIME AS DATE) AS _PARTITIONDATE"
            return f"SELECT {columns} FROM {found.name.sql}"
        if found.by_ingestion_time:
            return f"SELECT * EXCLUDE ({PARTITION_TIME}) FROM {found.name.sql}"
        return found

    def _table(self, name: TableName) -> Table:
        try:
            found = self.catalog.table(name)
        except BigQueryError as error:
            raise BigQueryError(404, "notFound", f"{error.message} was not found in location US") from error
        if found.view_query is None and not found.schema:
            raise BigQueryError(400, "invalid", f"Table {name} does not have a schema.")
        self.read.append(found)
        return found

    def _view(self, view: Table) -> str:
        if self.depth >= _MAX_VIEW_DEPTH:
            raise invalid_query(f"Views are nested deeper than {_MAX_VIEW_DEPTH} levels: {view.name}")
        home = DatasetName(view.name.project, view.name.dataset)
        inner = Sources(self.catalog, view.name.project, home, self.translate_view, self.read, self.depth + 1)
        translated = self.translate_view(view.view_query or "", inner)
        self.lasting = self.lasting and inner.lasting
        return translated

    def _wildcard(self, name: TableName) -> str:
        prefix = name.table[:-1]
        tables = [
            table
            for table in self.catalog.tables(DatasetName(name.project, name.dataset))
            if table.name.table.startswith(prefix) and table.view_query is None
        ]
        if not tables:
            raise not_found("Table", f"{name} does not match any table.")
        self.read.extend(tables)
        parts = [
            f"SELECT *, '{table.name.table.removeprefix(prefix)}' AS _TABLE_SUFFIX FROM {table.name.sql}"
            for table in tables
        ]
        return " UNION ALL BY NAME ".join(parts)

    def _partition(self, name: TableName) -> str:
        base, _, decorator = name.table.partition("$")
        found = self._table(TableName(name.project, name.dataset, base))
        column = found.partition_column
        match = _DECORATOR.match(decorator)
        if column is None or match is None:
            raise invalid_query(f"Invalid partition decorator: {name}")
        year, month, day, hour = (
            part or default for part, default in zip(match.groups(), ("", "01", "01", "00"), strict=True)
        )
        unit = ("year", "month", "day", "hour")[sum(part is not None for part in match.groups()) - 1]
        start = f"TIMESTAMP '{year}-{month}-{day} {hour}:00:00'"
        hidden = f" EXCLUDE ({PARTITION_TIME})" if found.by_ingestion_time else ""
        where = f"{quoted(column)} >= {start} AND {quoted(column)} < {start} + INTERVAL 1 {unit}"
        return f"SELECT *{hidden} FROM {found.name.sql} WHERE {where}"


def _physical(table: Table, alias: exp.TableAlias) -> exp.Table:
    name = table.name
    node = exp.Table(
        this=exp.to_identifier(name.table, quoted=True),
        db=exp.to_identifier(f"d_{name.dataset}", quoted=True),
        catalog=exp.to_identifier(name.project, quoted=True),
        alias=alias,
    )
    node.meta[_RESOLVED] = True
    return node


def _raw_subquery(sql: str, alias: exp.TableAlias) -> exp.Subquery:
    """DuckDB SQL, put into the tree as it is."""
    return exp.Subquery(this=exp.Var(this=sql), alias=alias)


def _alias(name: TableName) -> str:
    return name.table.partition("$")[0].rstrip("*") or name.table


def _is_cte(table: exp.Table) -> bool:
    node: exp.Expr | None = table
    while node is not None:
        scope: exp.Expr | None = node.args.get("with_") if isinstance(node, exp.Expr) else None
        if scope is not None and any(cte.alias.lower() == table.name.lower() for cte in scope.expressions):
            return True
        node = node.parent
    return False


def _asks_for_partition(table: exp.Table) -> bool:
    query = table.parent_select
    if query is None:
        return False
    return any(column.name.upper() in _PSEUDO_COLUMNS for column in query.find_all(exp.Column))
