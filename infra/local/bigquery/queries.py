"""Query jobs: a script's statements one after another, each translated and run; the last one's result is the job's."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import threading
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import duckdb
from sqlglot import exp

from infra.local.bigquery import ddl, dml
from infra.local.bigquery.buffer import StreamingBuffer
from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.cells import result_schema
from infra.local.bigquery.datasets import DatasetName
from infra.local.bigquery.destinations import Destination
from infra.local.bigquery.dialect import (
    Sources,
    ValueNeeded,
    parse,
    translated,
    translated_expression,
    translated_view,
    translated_with_slots,
)
from infra.local.bigquery.engine import Cursor
from infra.local.bigquery.errors import BigQueryError, invalid, invalid_query
from infra.local.bigquery.failures import bigquery_error
from infra.local.bigquery.parameters import Parameters
from infra.local.bigquery.schema import Schema, quoted
from infra.local.bigquery.tables import Table, TableName, row_width
from infra.local.bigquery.translations import Translation, Translations


@dataclass(frozen=True)
class QueryRequest:
    """What a query job is asked for."""

    sql: str
    project: str
    dataset: DatasetName | None
    parameters: Parameters
    destination: Destination | None
    dry_run: bool

    @classmethod
    def parse(cls, project: str, configuration: Mapping[str, Any], *, dry_run: bool) -> Self:
        """From a JobConfigurationQuery (jobs.query's body has the same names). Raises BigQueryError."""
        sql = configuration.get("query")
        if not isinstance(sql, str) or not sql.strip():
            raise invalid("Required parameter is missing: query", "query")
        if configuration.get("useLegacySql") is True:
            raise invalid_query("Legacy SQL is not supported by the local server: set useLegacySql to false")
        default = configuration.get("defaultDataset")
        dataset = DatasetName(str(default.get("projectId") or project), str(default["datasetId"])) if default else None
        parameters = Parameters.parse(configuration.get("parameterMode"), configuration.get("queryParameters") or ())
        wanted = configuration.get("destinationTable")
        destination = Destination.parse(configuration, project, "WRITE_EMPTY") if wanted else None
        return cls(sql, project, dataset, parameters, destination, dry_run)

    @property
    def key(self) -> Hashable:
        """What requests that are translated alike have in common."""
        return self.sql, self.project, self.dataset, self.parameters.shape


@dataclass(frozen=True)
class TableRead:
    """A table that a query reads, with its rows at that time."""

    table: Table
    rows: int


@dataclass
class QueryResult:
    """What came of it. `schema` is none for DDL and DML; `affected` is none for what is not DML."""

    statement: str
    schema: Schema | None = None
    rows: Sequence[Sequence[Any]] = ()
    affected: int | None = None
    dml: Mapping[str, int] = field(default_factory=dict)
    read: Sequence[TableRead] = ()
    changed: TableName | None = None
    operation: str | None = None

    @property
    def bytes_processed(self) -> int:
        """An estimate: rows at their type's width, for each table read."""
        return sum(read.rows * row_width(read.table.schema) for read in self.read)


class Interruption:
    """Lets another thread stop a running query."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cursor: Cursor | None = None
        self.asked = False

    def attach(self, cursor: Cursor | None) -> None:
        """Raises `stopped` when it was asked for already."""
        with self._lock:
            if self.asked and cursor is not None:
                raise BigQueryError(400, "stopped", "Job execution was cancelled: User requested cancellation")
            self._cursor = cursor

    def interrupt(self) -> None:
        """Stop what runs, and what would run later."""
        with self._lock:
            self.asked = True
            if self._cursor is not None:
                self._cursor.interrupt()


class Queries:
    """Runs query requests."""

    def __init__(self, catalog: Catalog, buffer: StreamingBuffer) -> None:
        self._catalog = catalog
        self._buffer = buffer
        self._translations = Translations(catalog)

    def run(self, request: QueryRequest, interruption: Interruption) -> QueryResult:
        """Raises BigQueryError."""
        try:
            return _Script(self._catalog, self._buffer, self._translations, request, interruption).run()
        except duckdb.Error as error:
            raise bigquery_error(error, request.sql) from error
        finally:
            interruption.attach(None)

    def columns(self, view: TableName, definition: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The columns that a view to be made will have. Raises BigQueryError."""
        configuration = {"query": definition.get("query"), "useLegacySql": definition.get("useLegacySql")}
        request = QueryRequest.parse(view.project, configuration, dry_run=True)
        result = self.run(request, Interruption())
        if result.schema is None:
            raise invalid_query("A view is a query")
        return [field.resource() for field in result.schema]


class _Script:
    """One run of a request: its variables and its result so far."""

    def __init__(
        self,
        catalog: Catalog,
        buffer: StreamingBuffer,
        translations: Translations,
        request: QueryRequest,
        interruption: Interruption,
    ) -> None:
        self._catalog = catalog
        self._buffer = buffer
        self._translations = translations
        self._request = request
        self._interruption = interruption
        self._parameters = request.parameters
        self._variables: dict[str, exp.Expr] = {}

    def run(self) -> QueryResult:
        known = self._translations.find(self._request.key)
        if known is not None:
            return self._select(known.sql(self._parameters), known.read)
        trees = parse(self._request.sql)
        if len(trees) == 1 and isinstance(trees[0], exp.Query):
            return self._query(trees[0])
        result = QueryResult("SCRIPT")
        for tree in trees:
            if isinstance(tree, exp.Declare | exp.Set):
                self._assign(tree)
            else:
                result = self._statement(self._with_variables(tree))
        if len(trees) > 1:
            result.statement = "SCRIPT"
        return result

    def _statement(self, tree: exp.Expr) -> QueryResult:
        sources = self._sources()
        if isinstance(tree, exp.Query):
            sql = translated(tree, self._request.sql, sources, self._parameters)
            return self._select(sql, sources.read)
        if isinstance(tree, dml.STATEMENTS):
            return self._dml(tree, sources)
        if isinstance(tree, ddl.STATEMENTS):
            return self._ddl(tree, sources)
        raise invalid_query(f"Statement not supported by the local server: {tree.key.upper()}")

    def _query(self, tree: exp.Query) -> QueryResult:
        """A query on its own, whose translation is kept."""
        request, sources = self._request, self._sources()
        try:
            slotted = translated_with_slots(tree, request.sql, sources, self._parameters)
        except ValueNeeded:
            return self._statement(parse(request.sql)[0])
        found = Translation(slotted, sources.read)
        if sources.lasting:
            self._translations.keep(request.key, request.sql, found)
        return self._select(found.sql(self._parameters), found.read)

    def _sources(self) -> Sources:
        return Sources(self._catalog, self._request.project, self._request.dataset, translated_view)

    def _select(self, sql: str, tables: Sequence[Table]) -> QueryResult:
        read = self._sized(tables)
        destination = self._request.destination
        if self._request.dry_run:
            return QueryResult("SELECT", self._described(sql)[0], read=read)
        if destination is not None:
            schema, sql = self._described(sql)
            destination.store(self._catalog, schema, sql)
            _, rows = self._answered(f"SELECT * FROM {destination.name.sql}")
        else:
            schema, rows = self._answered(sql)
        return QueryResult("SELECT", schema, rows, read=read)

    def _answered(self, sql: str) -> tuple[Schema, Sequence[Sequence[Any]]]:
        """The columns and rows. DuckDB plans the query once, unless an INTERVAL has to be written as BigQuery's text."""
        with self._catalog.engine.cursor() as cursor:
            self._interruption.attach(cursor)
            schema = result_schema(cursor.execute(sql).description)
            _refuse_twins([column.name for column in schema])
            written = _with_interval_texts(schema, sql)
            rows = (cursor if written == sql else cursor.execute(written)).fetchall()
            self._interruption.attach(None)
        return schema, rows

    def _described(self, sql: str) -> tuple[Schema, str]:
        """The columns, and the query with INTERVAL columns written as BigQuery's text. Nothing is run."""
        with self._catalog.engine.cursor() as cursor:
            schema = result_schema(cursor.execute(f"SELECT * FROM ({sql}) LIMIT 0").description)
            _refuse_twins([description[0] for description in cursor.execute(f"DESCRIBE {sql}").fetchall()])
        return schema, _with_interval_texts(schema, sql)

    def _dml(self, tree: exp.Expr, sources: Sources) -> QueryResult:
        statement = dml.prepare(tree, sources)
        sql = translated(tree, self._request.sql, sources, self._parameters)
        read = self._sized(sources.read)
        result = QueryResult(statement.kind, read=read, changed=statement.table.name)
        with self._catalog.engine.write(statement.table.name.project) as cursor:
            self._interruption.attach(cursor)
            if self._request.dry_run:
                cursor.execute(f"EXPLAIN {sql}")
                return result
            with self._buffer.guarding(statement.kind, statement.table.name, cursor):
                cursor.execute(sql)
                result.affected = int((cursor.fetchone() or (0,))[0])
            self._interruption.attach(None)
        result.dml = {statement.counter: result.affected} if statement.counter else {}
        return result

    def _ddl(self, tree: exp.Expr, sources: Sources) -> QueryResult:
        definition = ddl.Definition(self._catalog, sources, self._request.sql, self._parameters, self._described)
        outcome = definition.run(tree, dry_run=self._request.dry_run)
        return QueryResult(outcome.statement, changed=outcome.table, operation=outcome.operation)

    def _assign(self, tree: exp.Expr) -> None:
        """DECLARE and SET: the value is computed now and stands as a constant from here on."""
        for names, kind, value in _assignments(tree):
            filled = self._with_variables(exp.Paren(this=value.copy())) if value else exp.null()
            sql = translated_expression(filled, self._request.sql, self._parameters)
            for name in names:
                known = self._variables.get(name)
                if kind is None and known is None:
                    raise invalid_query(f"Undeclared variable: {name}")
                target = kind or (known.args["to"].copy() if known else None)
                self._variables[name] = exp.Cast(this=self._constant(sql), to=target)

    def _constant(self, sql: str) -> exp.Expr:
        with self._catalog.engine.cursor() as cursor:
            row = cursor.execute(f"SELECT CAST({sql} AS VARCHAR)").fetchone()
        return exp.null() if row is None or row[0] is None else exp.Literal.string(row[0])

    def _with_variables(self, tree: exp.Expr) -> exp.Expr:
        for column in list(tree.find_all(exp.Column)):
            value = self._variables.get(column.name.lower()) if not column.table else None
            if value is not None:
                column.replace(value.copy())
        return tree

    def _sized(self, tables: Sequence[Table]) -> list[TableRead]:
        distinct = list({table.name: table for table in tables}.values())
        return [
            TableRead(table, rows) for table, rows in zip(distinct, self._catalog.row_counts(distinct), strict=True)
        ]


def _refuse_twins(columns: Sequence[str]) -> None:
    names = [column.lower() for column in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise invalid_query(
            f"Duplicate column names in the result are not supported. Found duplicate(s): {', '.join(twice)}"
        )


def _with_interval_texts(schema: Schema, sql: str) -> str:
    spans = [column for column in schema if column.type == "INTERVAL"]
    texts = ", ".join(f"bq_interval_text({quoted(column.name)}) AS {quoted(column.name)}" for column in spans)
    return f"SELECT * REPLACE ({texts}) FROM ({sql})" if spans else sql


def _assignments(tree: exp.Expr) -> list[tuple[list[str], exp.Expr | None, exp.Expr | None]]:
    """(names, declared type, value) of each item."""
    if isinstance(tree, exp.Declare):
        items = []
        for item in tree.expressions:
            kind, default = item.args.get("kind"), item.args.get("default")
            if kind is None:
                raise invalid_query("DECLARE without a type is not supported by the local server")
            items.append(([name.name.lower() for name in item.this], kind, default))
        return items
    found: list[tuple[list[str], exp.Expr | None, exp.Expr | None]] = []
    for item in tree.expressions:
        pair = item.this
        if not isinstance(pair, exp.EQ) or not isinstance(pair.this, exp.Column):
            raise invalid_query("This form of SET is not supported by the local server")
        found.append(([pair.this.name.lower()], None, pair.expression))
    return found
