"""The dataset and tables that the manifest declares, made at start; columns declared since are added."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

from infra.local.bigquery.catalog import Catalog, patched
from infra.local.bigquery.datasets import Dataset, DatasetName
from infra.local.bigquery.errors import BigQueryError
from infra.local.bigquery.schema import widened
from infra.local.bigquery.tables import Table, TableName
from infra.manifest import Suite
from infra.manifest import Table as Declaration

_DAY_MS = 86_400_000


def provision(catalog: Catalog, suite: Suite, project: str) -> None:
    """Make what is missing in `project`. Raises BigQueryError when a declared column contradicts one that is there."""
    dataset = DatasetName(project, suite.dataset)
    try:
        catalog.dataset(dataset)
    except BigQueryError:
        catalog.create_dataset(Dataset.parse(project, {"datasetReference": {"datasetId": suite.dataset}}))
    present = {table.name.table: table for table in catalog.tables(dataset)}
    for declaration in suite.tables:
        wanted = Table.parse(TableName(project, suite.dataset, declaration.name), _resource(declaration))
        table = present.get(declaration.name)
        if table is None:
            catalog.create_table(wanted)
        elif table.schema != wanted.schema or dict(table.body) != dict(wanted.body):
            catalog.update_table(table.name, partial(_declared, wanted))


def _declared(wanted: Table, current: Table) -> Table:
    """`current` with the declared properties and columns; columns that are not declared stay."""
    names = {field.name.lower() for field in wanted.schema}
    kept = tuple(field for field in current.schema if field.name.lower() not in names)
    known = {field.name.lower() for field in current.schema}
    added = tuple(
        replace(field, mode="NULLABLE") if field.mode == "REQUIRED" and field.name.lower() not in known else field
        for field in wanted.schema
    )
    schema = widened(current.schema, (*added, *kept), str(current.name))
    return replace(patched(current, wanted.body, whole=False), schema=schema)


def _resource(declaration: Declaration) -> dict[str, Any]:
    resource: dict[str, Any] = {"schema": {"fields": json.loads(declaration.schema_path.read_text())}}
    partition = declaration.partition
    if partition:
        resource["timePartitioning"] = {"type": partition.type, "field": partition.field}
        if partition.expiration_days:
            resource["timePartitioning"]["expirationMs"] = str(partition.expiration_days * _DAY_MS)
    if declaration.cluster:
        resource["clustering"] = {"fields": declaration.cluster}
    return resource
