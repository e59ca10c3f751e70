"""CREATE, DROP and ALTER of tables, views and schemas: the statement becomes calls of the catalog."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlglot import exp

from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.datasets import Dataset, DatasetName
from infra.local.bigquery.dialect import Sources, translated
from infra.local.bigquery.errors import BigQueryError, invalid_query
from infra.local.bigquery.parameters import Parameters
from infra.local.bigquery.schema import Field, Schema, legacy_type, schema_resource, widened
from infra.local.bigquery.tables import Table, TableName

STATEMENTS = (exp.Create, exp.Drop, exp.Alter)


@dataclass(frozen=True)
class Outcome:
    """The statementType, the ddlOperationPerformed, and the table it was about."""

    statement: str
    operation: str
    table: TableName | None = None


class Definition:
    """Runs one DDL statement. `described` gives the columns of a translated query."""

    def __init__(
        self,
        catalog: Catalog,
        sources: Sources,
        sql: str,
        parameters: Parameters,
        described: Callable[[str], tuple[Schema, str]],
    ) -> None:
        self._catalog = catalog
        self._sources = sources
        self._sql = sql
        self._parameters = parameters
        self._described = described

    def run(self, tree: exp.Expr, *, dry_run: bool) -> Outcome:
        """Raises BigQueryError; a dry run stops at what parsing shows."""
        kind = str(tree.args.get("kind") or "").upper()
        verb = tree.key.upper()
        step = getattr(self, f"_{verb.lower()}_{kind.lower().replace(' ', '_')}", None)
        if step is None:
            raise invalid_query(f"Statement not supported by the local server: {verb} {kind}")
        if dry_run:
            return Outcome(f"{verb}_{kind}", verb)
        outcome: Outcome = step(tree)
        return outcome

    def _create_table(self, tree: exp.Create) -> Outcome:
        schema_node = tree.this
        name = self._sources.name(schema_node.this if isinstance(schema_node, exp.Schema) else schema_node)
        fill = None
        columns: Schema = ()
        if isinstance(schema_node, exp.Schema):
            columns = tuple(_column(node) for node in schema_node.expressions if isinstance(node, exp.ColumnDef))
        statement = "CREATE_TABLE"
        if tree.expression:
            statement = "CREATE_TABLE_AS_SELECT"
            selected, fill = self._described(translated(tree.expression, self._sql, self._sources, self._parameters))
            columns = columns or selected
        body = {**_table_properties(tree), "schema": schema_resource(columns)}
        return Outcome(statement, self._make(tree, Table.parse(name, body), fill), name)

    def _create_view(self, tree: exp.Create) -> Outcome:
        target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        name = self._sources.name(target)
        query = tree.expression.sql(dialect="bigquery")
        columns, _ = self._described(translated(tree.expression, self._sql, self._sources, self._parameters))
        body = {**_table_properties(tree), "schema": schema_resource(columns)}
        body["view"] = {"query": query, "useLegacySql": False}
        return Outcome("CREATE_VIEW", self._make(tree, Table.parse(name, body), None), name)

    def _make(self, tree: exp.Create, table: Table, fill: str | None) -> str:
        replacing = bool(tree.args.get("replace"))
        try:
            self._catalog.create_table(table, fill, replacing=replacing)
        except BigQueryError as error:
            if error.reason == "duplicate" and tree.args.get("exists"):
                return "SKIP"
            raise
        return "REPLACE" if replacing else "CREATE"

    def _create_schema(self, tree: exp.Create) -> Outcome:
        name = self._dataset(tree.this)
        dataset = Dataset.parse(name.project, {"datasetReference": {"datasetId": name.dataset}})
        try:
            self._catalog.create_dataset(dataset)
        except BigQueryError as error:
            if error.reason != "duplicate" or not tree.args.get("exists"):
                raise
            return Outcome("CREATE_SCHEMA", "SKIP")
        return Outcome("CREATE_SCHEMA", "CREATE")

    def _drop_table(self, tree: exp.Drop) -> Outcome:
        return self._drop(tree, "TABLE")

    def _drop_view(self, tree: exp.Drop) -> Outcome:
        return self._drop(tree, "VIEW")

    def _drop(self, tree: exp.Drop, kind: str) -> Outcome:
        name = self._sources.name(_dropped(tree))
        try:
            table = self._catalog.table(name)
            if (table.view_query is not None) != (kind == "VIEW"):
                raise invalid_query(f"{name} is not a {kind}")
            self._catalog.delete_table(name)
        except BigQueryError as error:
            if error.reason != "notFound" or not tree.args.get("exists"):
                raise
            return Outcome(f"DROP_{kind}", "SKIP", name)
        return Outcome(f"DROP_{kind}", "DROP", name)

    def _drop_schema(self, tree: exp.Drop) -> Outcome:
        try:
            self._catalog.delete_dataset(self._dataset(_dropped(tree)), contents=bool(tree.args.get("cascade")))
        except BigQueryError as error:
            if error.reason != "notFound" or not tree.args.get("exists"):
                raise
            return Outcome("DROP_SCHEMA", "SKIP")
        return Outcome("DROP_SCHEMA", "DROP")

    def _alter_table(self, tree: exp.Alter) -> Outcome:
        name = self._sources.name(tree.this)
        for action in tree.args["actions"]:
            if isinstance(action, exp.ColumnDef):
                self._add_column(name, action)
            elif isinstance(action, exp.Drop) and str(action.args.get("kind")).upper() == "COLUMN":
                self._drop_column(name, action)
            else:
                raise invalid_query(
                    f"ALTER TABLE: {action.sql(dialect='bigquery')} is not supported by the local server"
                )
        return Outcome("ALTER_TABLE", "ALTER", name)

    def _add_column(self, name: TableName, action: exp.ColumnDef) -> None:
        field = _column(action)
        table = self._catalog.table(name)
        if any(known.name.lower() == field.name.lower() for known in table.schema):
            if action.args.get("exists"):
                return
            raise invalid_query(f"Column already exists: {field.name}")

        def added(current: Table) -> Table:
            return replace(current, schema=widened(current.schema, (*current.schema, field), str(name)))

        self._catalog.update_table(name, added)

    def _drop_column(self, name: TableName, action: exp.Drop) -> None:
        dropped = action.this or action.args["tables"][0]
        column = dropped.name.lower()
        if all(known.name.lower() != column for known in self._catalog.table(name).schema):
            if action.args.get("exists"):
                return
            raise invalid_query(f"Column not found: {dropped.name}")
        self._catalog.drop_columns(name, {column})

    def _dataset(self, node: exp.Table) -> DatasetName:
        parts = [piece for part in node.parts for piece in part.name.split(".")]
        return DatasetName(parts[-2] if len(parts) > 1 else self._sources.project, parts[-1])


def _dropped(tree: exp.Drop) -> exp.Table:
    tables = tree.args.get("tables") or [tree.this]
    if len(tables) != 1:
        raise invalid_query("Syntax error: Expected one name after DROP")
    table: exp.Table = tables[0]
    return table


def _column(node: exp.ColumnDef) -> Field:
    constraints = [constraint.args.get("kind") for constraint in node.args.get("constraints") or ()]
    required = any(isinstance(kind, exp.NotNullColumnConstraint) for kind in constraints)
    options = [kind for kind in constraints if isinstance(kind, exp.Properties)]
    description = next(
        (value for kind in options for key, value in _options(kind).items() if key == "description"), None
    )
    field = _typed(node.name, node.args["kind"])
    if required and field.mode == "NULLABLE":
        field = replace(field, mode="REQUIRED")
    return replace(field, extra=(("description", description),)) if description else field


def _typed(name: str, kind: exp.DataType) -> Field:
    if kind.this == exp.DataType.Type.ARRAY:
        item = _typed(name, kind.expressions[0])
        return replace(item, mode="REPEATED")
    if kind.this == exp.DataType.Type.STRUCT:
        return Field(name, "RECORD", fields=tuple(_column(child) for child in kind.expressions))
    return Field(name, legacy_type(kind.sql(dialect="bigquery").partition("(")[0]))


def _table_properties(tree: exp.Create) -> dict[str, Any]:
    body: dict[str, Any] = {}
    properties = tree.args.get("properties")
    options = _options(properties) if properties else {}
    for node in properties.expressions if properties else ():
        if isinstance(node, exp.PartitionedByProperty):
            body["timePartitioning"] = _partitioning(node.this)
        elif isinstance(node, exp.ClusterProperty):
            body["clustering"] = {"fields": [column.name for column in node.expressions]}
    if "partition_expiration_days" in options and "timePartitioning" in body:
        body["timePartitioning"]["expirationMs"] = str(int(float(options["partition_expiration_days"]) * 86_400_000))
    for option, name in (("description", "description"), ("friendly_name", "friendlyName")):
        if option in options:
            body[name] = options[option]
    if "require_partition_filter" in options:
        body["requirePartitionFilter"] = str(options["require_partition_filter"]).upper() == "TRUE"
    return body


def _partitioning(node: exp.Expr) -> Mapping[str, Any]:
    column = node if isinstance(node, exp.Identifier) else node.find(exp.Column)
    if isinstance(node, exp.RangeBucket):
        raise invalid_query("PARTITION BY RANGE_BUCKET is not supported by the local server")
    if column is None:
        raise invalid_query("PARTITION BY needs a column")
    unit = node.args.get("unit")
    granularity = unit.name.upper() if isinstance(unit, exp.Expr) else "DAY"
    if column.name.upper() in ("_PARTITIONDATE", "_PARTITIONTIME"):
        return {"type": granularity}
    return {"type": granularity, "field": column.name}


def _options(properties: exp.Properties) -> dict[str, str]:
    found = {}
    for node in properties.expressions:
        if type(node) is exp.Property:
            found[node.this.name.lower()] = node.args["value"].name or node.args["value"].sql()
    return found
