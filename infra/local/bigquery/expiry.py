"""What ends by itself: expired tables and partitions, and insert ids past their time."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import time

from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.engine import Engine
from infra.local.bigquery.errors import BigQueryError
from infra.local.bigquery.schema import quoted
from infra.local.bigquery.streaming import Streamer
from infra.local.bigquery.tables import Table

INTERVAL_SECONDS = 15.0


class Expiry:
    """Deletes what has expired, each time it is asked to."""

    def __init__(self, engine: Engine, catalog: Catalog, streamer: Streamer) -> None:
        self._engine = engine
        self._catalog = catalog
        self._streamer = streamer

    def sweep(self) -> None:
        """Once over all tables; what another deletes meanwhile is passed over."""
        now = time.time() * 1000
        for table in self._catalog.all_tables():
            try:
                if int(table.body.get("expirationTime") or now + 1) <= now:
                    self._catalog.delete_table(table.name)
                else:
                    self._partitions(table)
            except BigQueryError as error:
                if error.reason != "notFound":
                    raise
        self._streamer.forget()

    def _partitions(self, table: Table) -> None:
        """A partition expires that long after it began (for days: after its first moment), NULL never."""
        lifetime = (table.time_partitioning or {}).get("expirationMs")
        column = table.partition_column
        if not lifetime or column is None:
            return
        unit = str((table.time_partitioning or {}).get("type") or "DAY").lower()
        start = f"date_trunc('{unit}', now() - INTERVAL {int(lifetime)} MILLISECOND)"
        condition = f"{quoted(column)} < {start}"
        with self._engine.cursor() as cursor:
            if cursor.execute(f"SELECT 1 FROM {table.name.sql} WHERE {condition} LIMIT 1").fetchone() is None:
                return
        with self._engine.write(table.name.project) as cursor:
            cursor.execute(f"DELETE FROM {table.name.sql} WHERE {condition}")
