"""Datasets and tables of all projects: DDL and metadata change together, in one transaction of the project's file."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from infra.local.bigquery.datasets import Dataset, DatasetName
from infra.local.bigquery.engine import Cursor, Engine
from infra.local.bigquery.errors import BigQueryError, duplicate, not_found
from infra.local.bigquery.schema import Field, quoted, widened
from infra.local.bigquery.tables import Table, TableName, kept, schema_name


class _Project:
    """What is in memory of a project; the file is the truth, this is read at opening and kept in step."""

    def __init__(self) -> None:
        self.datasets: dict[str, Dataset] = {}
        self.tables: dict[tuple[str, str], Table] = {}


@dataclass(frozen=True)
class Precondition:
    """The etag that a caller has seen (If-Match), if it sent one."""

    etag: str | None = None

    def check(self, current: str) -> None:
        """Raise 412 when what is there is not what the caller has seen."""
        if self.etag not in (None, "*", current):
            raise BigQueryError(412, "conditionNotMet", "Precondition check failed.", "If-Match")


class Catalog:
    """Every method raises BigQueryError with Google's status and reason."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._projects: dict[str, _Project] = {}
        self._counts: dict[str, tuple[int, dict[TableName, int]]] = {}
        self._opening = threading.Lock()

    def datasets(self, project: str) -> list[Dataset]:
        """By id."""
        return sorted(self._project(project).datasets.values(), key=lambda dataset: dataset.name.dataset)

    def dataset(self, name: DatasetName) -> Dataset:
        """Raises notFound."""
        dataset = self._project(name.project).datasets.get(name.dataset)
        if dataset is None:
            raise not_found("Dataset", str(name))
        return dataset

    def tables(self, name: DatasetName) -> list[Table]:
        """By id. Raises notFound for the dataset."""
        self.dataset(name)
        tables = self._project(name.project).tables
        return sorted(
            (t for t in tables.values() if t.name.dataset == name.dataset), key=lambda table: table.name.table
        )

    def all_tables(self) -> list[Table]:
        """Of every project that has a file."""
        return [table for project in self.engine.projects() for table in self._project(project).tables.values()]

    def table(self, name: TableName) -> Table:
        """Raises notFound for the dataset or the table."""
        table = self._project(name.project).tables.get((name.dataset, name.table))
        if table is None:
            self.dataset(DatasetName(name.project, name.dataset))
            raise not_found("Table", str(name))
        return table

    def create_dataset(self, dataset: Dataset) -> Dataset:
        """Raises duplicate."""
        name = dataset.name
        project = self._project(name.project, create=True)
        with self.engine.write(name.project) as cursor:
            if any(other.lower() == name.dataset.lower() for other in project.datasets):
                raise duplicate("Dataset", str(name))
            cursor.execute(f"CREATE SCHEMA {quoted(name.project)}.{schema_name(name.dataset)}")
            self._save_dataset(cursor, dataset)
        project.datasets[name.dataset] = dataset
        return dataset

    def update_dataset(self, name: DatasetName, change: Callable[[Dataset], Dataset], seen: Precondition) -> Dataset:
        """Store what `change` makes of it."""
        project = self._project(name.project)
        current = self.dataset(name)
        with self.engine.write(name.project) as cursor:
            current = self.dataset(name)
            seen.check(current.etag)
            dataset = replace(change(current), modified=_now())
            self._save_dataset(cursor, dataset)
            project.datasets[name.dataset] = dataset
        return dataset

    def delete_dataset(self, name: DatasetName, *, contents: bool) -> None:
        """Raises resourceInUse when tables are left and `contents` was not asked for."""
        project = self._project(name.project)
        self.dataset(name)
        with self.engine.write(name.project) as cursor:
            if not contents and self.tables(name):
                raise BigQueryError(400, "resourceInUse", f"Dataset {name} is still in use")
            db = quoted(name.project)
            cursor.execute(f"DROP SCHEMA {db}.{schema_name(name.dataset)} CASCADE")
            for metadata in ("tables", "insert_ids"):
                cursor.execute(f"DELETE FROM {db}._kompo.{metadata} WHERE dataset = ?", [name.dataset])
            cursor.execute(f"DELETE FROM {db}._kompo.datasets WHERE id = ?", [name.dataset])
        del project.datasets[name.dataset]
        project.tables = {key: table for key, table in project.tables.items() if key[0] != name.dataset}

    def create_table(self, table: Table, fill: str | None = None, *, replacing: bool = False) -> Table:
        """Make the table; `fill` is DuckDB SQL whose rows go in, in the same transaction. `replacing` drops what was there.

        Raises notFound for the dataset, duplicate for the table."""
        name = table.name
        dataset = self.dataset(DatasetName(name.project, name.dataset))
        table = dataset.with_defaults(table)
        project = self._project(name.project)
        with self.engine.write(name.project) as cursor:
            for other in (present.name.table for present in self.tables(dataset.name)):
                if other.lower() == name.table.lower() and not (replacing and other == name.table):
                    raise duplicate("Table", str(name))
            source = _stage(cursor, fill)
            if (name.dataset, name.table) in project.tables:
                _drop(cursor, project.tables[name.dataset, name.table])
            if table.is_stored:
                _create(cursor, table)
                if source:
                    insert_rows(cursor, table, source)
            _save_table(cursor, table)
        project.tables[name.dataset, name.table] = table
        return table

    def update_table(
        self, name: TableName, change: Callable[[Table], Table], seen: Precondition | None = None
    ) -> Table:
        """Store what `change` makes of it; columns may be added and relaxed. Raises invalid otherwise."""
        project = self._project(name.project)
        self.table(name)
        with self.engine.write(name.project) as cursor:
            current = self.table(name)
            (seen or Precondition()).check(current.etag)
            table = replace(change(current), modified=_now())
            table.check()
            if table.view_query is None:
                _reshape(cursor, current, table)
            _save_table(cursor, table)
        project.tables[name.dataset, name.table] = table
        return table

    def drop_columns(self, name: TableName, columns: set[str]) -> None:
        """ALTER TABLE … DROP COLUMN; `columns` are lower-case names."""
        project = self._project(name.project)
        with self.engine.write(name.project) as cursor:
            current = self.table(name)
            for column in columns:
                cursor.execute(f"ALTER TABLE {name.sql} DROP COLUMN {quoted(column)}")
            left = tuple(field for field in current.schema if field.name.lower() not in columns)
            table = replace(current, schema=left, modified=_now())
            _save_table(cursor, table)
        project.tables[name.dataset, name.table] = table

    def delete_table(self, name: TableName) -> None:
        """Raises notFound."""
        table = self.table(name)
        with self.engine.write(name.project) as cursor:
            _drop(cursor, table)
        self._project(name.project).tables.pop((name.dataset, name.table), None)

    def row_count(self, table: Table) -> int:
        """Rows of the table now; 0 for a view."""
        return self.row_counts([table])[0]

    def row_counts(self, tables: Sequence[Table]) -> list[int]:
        """The same of several tables, counted in one statement as far as they may have changed since they last were."""
        known = {table.name.project: self._known_counts(table.name.project) for table in tables if table.is_stored}
        new = [table.name for table in tables if table.is_stored and table.name not in known[table.name.project]]
        if new:
            with self.engine.cursor() as cursor:
                counted = ", ".join(f"(SELECT count(*) FROM {name.sql})" for name in new)
                row = cursor.execute(f"SELECT {counted}").fetchone()
            for name, count in zip(new, row or (), strict=True):
                known[name.project][name] = int(count)
        return [known[table.name.project][table.name] if table.is_stored else 0 for table in tables]

    def _known_counts(self, project: str) -> dict[TableName, int]:
        """Rows by table, of those that were counted since the project last changed."""
        changes = self.engine.changes(project)
        found = self._counts.get(project)
        if found is None or found[0] != changes:
            found = self._counts[project] = (changes, {})
        return found[1]

    def _project(self, name: str, *, create: bool = False) -> _Project:
        project = self._projects.get(name)
        if project is not None:
            return project
        with self._opening:
            if name in self._projects:
                return self._projects[name]
            if not create and not self.engine.has_file(name):
                return _Project()
            self.engine.open(name)
            self._projects[name] = self._load(name)
            return self._projects[name]

    def _load(self, name: str) -> _Project:
        project = _Project()
        db = quoted(name)
        with self.engine.cursor() as cursor:
            for identifier, body in cursor.execute(f"SELECT id, body FROM {db}._kompo.datasets").fetchall():
                dataset = DatasetName(name, identifier)
                project.datasets[identifier] = Dataset.load(dataset, body)
            for dataset_id, table_id, body in cursor.execute(f"SELECT * FROM {db}._kompo.tables").fetchall():
                table = TableName(name, dataset_id, table_id)
                project.tables[dataset_id, table_id] = Table.load(table, body)
        return project

    def _save_dataset(self, cursor: Cursor, dataset: Dataset) -> None:
        sql = f"INSERT OR REPLACE INTO {quoted(dataset.name.project)}._kompo.datasets VALUES (?, ?)"
        cursor.execute(sql, [dataset.name.dataset, dataset.dump()])


def patched(table: Table, resource: Mapping[str, Any], *, whole: bool) -> Table:
    """`table` after tables.patch (or, with `whole`, tables.update) with `resource`. Raises invalid."""
    changed = kept(resource)
    body = changed if whole else {**table.body, **changed}
    if not whole:
        body = {key: value for key, value in body.items() if not (key in resource and resource[key] is None)}
    schema = table.schema
    if resource.get("schema"):
        candidate = Table.parse(table.name, {**body, "schema": resource["schema"]})
        schema = widened(table.schema, candidate.schema, str(table.name))
    return replace(table, body=body, schema=schema)


def insert_rows(cursor: Cursor, table: Table, source: str) -> int:
    """Append the rows of the relation or subquery `source`, columns matched by name. Gives how many."""
    names = ", ".join(quoted(field.name) for field in table.schema)
    extra, value = (", _PARTITIONTIME", ", date_trunc('day', now())") if table.by_ingestion_time else ("", "")
    cursor.execute(f"INSERT INTO {table.name.sql} ({names}{extra}) SELECT {names}{value} FROM {source}")
    return int((cursor.fetchone() or (0,))[0])


def _stage(cursor: Cursor, fill: str | None) -> str | None:
    """Run the query before the table it may read from is dropped."""
    if fill is None:
        return None
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {fill}")
    return "staged"


def _create(cursor: Cursor, table: Table) -> None:
    columns = ", ".join(field.column() for field in table.physical_schema)
    cursor.execute(f"CREATE TABLE {table.name.sql} ({columns})")


def _drop(cursor: Cursor, table: Table) -> None:
    name = table.name
    if table.is_stored:
        cursor.execute(f"DROP TABLE {name.sql}")
    db = quoted(name.project)
    cursor.execute(f"DELETE FROM {db}._kompo.tables WHERE dataset = ? AND id = ?", [name.dataset, name.table])
    cursor.execute(f"DELETE FROM {db}._kompo.insert_ids WHERE dataset = ? AND tbl = ?", [name.dataset, name.table])


def _save_table(cursor: Cursor, table: Table) -> None:
    name = table.name
    sql = f"INSERT OR REPLACE INTO {quoted(name.project)}._kompo.tables VALUES (?, ?, ?)"
    cursor.execute(sql, [name.dataset, name.table, table.dump()])


def _reshape(cursor: Cursor, old: Table, new: Table) -> None:
    """Make the physical table follow its schema; it begins with the first column."""
    if not old.is_stored and new.is_stored:
        _create(cursor, new)
        return
    before: dict[str, Field] = {field.name.lower(): field for field in old.physical_schema}
    for field in new.physical_schema:
        was = before.get(field.name.lower())
        if was is None:
            cursor.execute(f"ALTER TABLE {new.name.sql} ADD COLUMN {quoted(field.name)} {field.physical()}")
            continue
        if was.physical() != field.physical():
            cursor.execute(f"ALTER TABLE {new.name.sql} ALTER COLUMN {quoted(field.name)} TYPE {field.physical()}")
        if was.mode == "REQUIRED" and field.mode == "NULLABLE":
            cursor.execute(f"ALTER TABLE {new.name.sql} ALTER COLUMN {quoted(field.name)} DROP NOT NULL")


def _now() -> int:
    return int(time.time() * 1000)
