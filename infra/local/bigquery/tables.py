"""A table or view: its name, its columns, and the properties its REST resource shows."""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from infra.local.bigquery.errors import invalid
from infra.local.bigquery.schema import Field, Schema, parse_schema, quoted, schema_resource

PARTITION_TIME = "_PARTITIONTIME"
"""The column that an ingestion-time partitioned table has besides its own."""
LOCATION = "US"

_KEPT = {
    "description",
    "friendlyName",
    "labels",
    "expirationTime",
    "timePartitioning",
    "rangePartitioning",
    "clustering",
    "requirePartitionFilter",
    "view",
    "defaultCollation",
    "maxStaleness",
    "tableConstraints",
    "resourceTags",
}
_NAME = re.compile(r"^[\w \-]{1,1024}$")


@dataclass(frozen=True)
class TableName:
    """Where a table is."""

    project: str
    dataset: str
    table: str

    def __str__(self) -> str:
        return f"{self.project}:{self.dataset}.{self.table}"

    @property
    def sql(self) -> str:
        """The physical table, qualified and quoted."""
        return f"{quoted(self.project)}.{schema_name(self.dataset)}.{quoted(self.table)}"

    @classmethod
    def parse(cls, reference: Mapping[str, Any], project: str) -> Self:
        """From a TableReference; `project` fills in a missing projectId. Raises `invalid` when it is incomplete."""
        dataset, table = reference.get("datasetId"), reference.get("tableId")
        if not dataset or not table:
            raise invalid("Required parameter is missing: tableReference", "tableReference")
        return cls(str(reference.get("projectId") or project), str(dataset), str(table))

    def reference(self) -> dict[str, str]:
        """The TableReference."""
        return {"projectId": self.project, "datasetId": self.dataset, "tableId": self.table}


def schema_name(dataset: str) -> str:
    """The DuckDB schema of a dataset, quoted; the prefix keeps clear of DuckDB's own names."""
    return quoted(f"d_{dataset}")


@dataclass(frozen=True)
class Table:
    """What is known of a table. `body` holds the kept REST properties; `created` and `modified` are epoch milliseconds."""

    name: TableName
    schema: Schema
    body: Mapping[str, Any]
    created: int
    modified: int

    @classmethod
    def parse(cls, name: TableName, resource: Mapping[str, Any]) -> Self:
        """From a Table resource to create. Raises `invalid`."""
        if not _NAME.match(name.table):
            raise invalid(f'Invalid table ID "{name.table}". Table IDs must be alphanumeric (plus underscores)')
        now = int(time.time() * 1000)
        table = cls(name, parse_schema(resource.get("schema")), kept(resource), now, now)
        table.check()
        return table

    @classmethod
    def load(cls, name: TableName, stored: str) -> Self:
        """From what `dump` gave."""
        record = json.loads(stored)
        return cls(name, parse_schema(record["schema"]), record["body"], record["created"], record["modified"])

    def dump(self) -> str:
        """For the metadata table."""
        record = {
            "schema": schema_resource(self.schema),
            "body": dict(self.body),
            "created": self.created,
            "modified": self.modified,
        }
        return json.dumps(record)

    def check(self) -> None:
        """Raise `invalid` when partitioning or clustering name a column that cannot carry them."""
        columns = {field.name.lower(): field for field in self.schema}
        partition = self.partition_field
        if partition:
            field = columns.get(partition.lower())
            if field is None:
                raise invalid(f"The field specified for partitioning cannot be found in the schema: {partition}")
            if field.type not in ("TIMESTAMP", "DATE", "DATETIME") or field.repeated:
                raise invalid(f"The field specified for time partitioning has type {field.type}: {partition}")
        cluster = (self.body.get("clustering") or {}).get("fields") or []
        if len(cluster) > 4:
            raise invalid("Clustering supports at most 4 fields")
        for name in cluster:
            if name.lower() not in columns:
                raise invalid(f"The field specified for clustering cannot be found in the schema: {name}")

    @property
    def view_query(self) -> str | None:
        """The SQL of a view; none for a table."""
        view = self.body.get("view")
        return str(view["query"]) if view else None

    @property
    def time_partitioning(self) -> Mapping[str, Any] | None:
        """The TimePartitioning, if any."""
        return self.body.get("timePartitioning") or None

    @property
    def partition_field(self) -> str | None:
        """The column that partitions; none without partitioning and for ingestion time."""
        field = (self.time_partitioning or {}).get("field")
        return str(field) if field else None

    @property
    def by_ingestion_time(self) -> bool:
        """Whether the rows are partitioned by when they came in."""
        return self.time_partitioning is not None and self.partition_field is None

    @property
    def partition_column(self) -> str | None:
        """The physical column that partitions; none without partitioning."""
        return PARTITION_TIME if self.by_ingestion_time else self.partition_field

    @property
    def physical_schema(self) -> Schema:
        """The columns in DuckDB."""
        return (*self.schema, Field(PARTITION_TIME, "TIMESTAMP")) if self.by_ingestion_time else self.schema

    @property
    def is_stored(self) -> bool:
        """Whether there is a table in DuckDB: not for a view, nor before the first column is known."""
        return self.view_query is None and bool(self.physical_schema)

    @property
    def etag(self) -> str:
        """Changes with every change of the metadata."""
        return hashlib.sha1(self.dump().encode(), usedforsecurity=False).hexdigest()[:22]

    def resource(self, rows: int) -> dict[str, Any]:
        """The Table resource."""
        name = self.name
        resource = {
            "kind": "bigquery#table",
            "etag": self.etag,
            "id": str(name),
            "selfLink": f"/bigquery/v2/projects/{name.project}/datasets/{name.dataset}/tables/{name.table}",
            "tableReference": name.reference(),
            **({"schema": schema_resource(self.schema)} if self.schema else {}),
            "type": "VIEW" if self.view_query is not None else "TABLE",
            "location": LOCATION,
            "creationTime": str(self.created),
            "lastModifiedTime": str(self.modified),
            **self.body,
        }
        if self.view_query is None:
            resource |= {"numRows": str(rows), "numBytes": str(rows * row_width(self.schema)), "numLongTermBytes": "0"}
        return resource


def kept(resource: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a Table resource that are kept as they came, without those set to null."""
    return {key: value for key, value in resource.items() if key in _KEPT and value is not None}


def row_width(schema: Schema) -> int:
    """Bytes that a row is billed as: fixed widths of BigQuery's types, a STRING or BYTES counted as 32."""
    widths = {"BOOLEAN": 1, "STRING": 32, "BYTES": 32, "JSON": 64, "NUMERIC": 16, "INTERVAL": 16}
    return sum(row_width(field.fields) if field.fields else widths.get(field.type, 8) for field in schema)
