"""Load, copy and extract jobs."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from infra.local.bigquery import objects
from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.destinations import Destination
from infra.local.bigquery.errors import invalid
from infra.local.bigquery.failures import bigquery_error
from infra.local.bigquery.jobs import Job, Work
from infra.local.bigquery.loads import read_files
from infra.local.bigquery.schema import Schema, parse_schema
from infra.local.bigquery.tables import TableName

_EXTRACTS = {
    "CSV": "FORMAT csv, HEADER {header}, DELIMITER '{delimiter}'",
    "NEWLINE_DELIMITED_JSON": "FORMAT json",
    "PARQUET": "FORMAT parquet",
}


class Transfers:
    """Makes the work of transfer jobs."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def work(self, kind: str, project: str, configuration: Mapping[str, Any], data: str | None) -> Work:
        """The work of a job of `kind`; `data` is the file that came with it. Raises `invalid` at once for what is incomplete."""
        steps = {"load": self._load, "copy": self._copy, "extract": self._extract}
        if kind == "load" and data is None and not configuration.get("sourceUris"):
            raise invalid("Required parameter is missing: sourceUris", "sourceUris")

        def work(job: Job) -> Mapping[str, Any]:
            if job.configuration.get("dryRun"):
                return {}
            with tempfile.TemporaryDirectory(prefix="kompo-transfer-") as scratch:
                try:
                    return steps[kind](project, configuration, data, Path(scratch))
                except duckdb.Error as error:
                    raise bigquery_error(error, "") from error

        return work

    def _load(self, project: str, configuration: Mapping[str, Any], data: str | None, scratch: Path) -> dict[str, Any]:
        destination = Destination.parse(configuration, project, "WRITE_APPEND")
        try:
            paths = [Path(data)] if data else []
            for number, uri in enumerate(configuration.get("sourceUris") or ()):
                folder = scratch / str(number)
                folder.mkdir()
                paths += objects.download(str(uri), folder)
            size = sum(path.stat().st_size for path in paths)
            known = self._known_schema(destination, configuration)
            loaded = read_files(self._catalog.engine, paths, configuration, known, scratch)
            schema = known if known and configuration.get("sourceFormat") != "PARQUET" else loaded.schema
            rows = destination.store(self._catalog, schema, loaded.sql)
        finally:
            if data:
                Path(data).unlink(missing_ok=True)
        load = {
            "inputFiles": str(len(paths)),
            "inputFileBytes": str(size),
            "outputRows": str(rows),
            "outputBytes": str(size),
        }
        return {"load": {**load, "badRecords": str(len(loaded.bad))}}

    def _known_schema(self, destination: Destination, configuration: Mapping[str, Any]) -> Schema | None:
        declared = parse_schema(configuration.get("schema"))
        if declared:
            return declared
        table = destination.existing(self._catalog)
        return table.schema if table is not None else None

    def _copy(
        self, project: str, configuration: Mapping[str, Any], _data: str | None, _scratch: Path
    ) -> dict[str, Any]:
        sources = configuration.get("sourceTables") or [configuration.get("sourceTable") or {}]
        tables = [self._catalog.table(TableName.parse(source, project)) for source in sources]
        destination = Destination.parse(configuration, project, "WRITE_EMPTY")
        destination = replace(destination, properties={**tables[0].body, **destination.properties})
        sql = " UNION ALL BY NAME ".join(f"SELECT * FROM {table.name.sql}" for table in tables)
        rows = destination.store(self._catalog, tables[0].schema, sql)
        return {"copy": {"copiedRows": str(rows)}}

    def _extract(
        self, project: str, configuration: Mapping[str, Any], _data: str | None, scratch: Path
    ) -> dict[str, Any]:
        table = self._catalog.table(TableName.parse(configuration.get("sourceTable") or {}, project))
        uris = configuration.get("destinationUris") or [configuration.get("destinationUri")]
        if not uris[0]:
            raise invalid("Required parameter is missing: destinationUris", "destinationUris")
        form = str(configuration.get("destinationFormat") or "CSV")
        if form not in _EXTRACTS:
            raise invalid(f"The destination format {form} is not supported by the local server", "destinationFormat")
        header = "true" if configuration.get("printHeader", True) else "false"
        delimiter = str(configuration.get("fieldDelimiter") or ",").replace("'", "''")
        options = _EXTRACTS[form].format(header=header, delimiter=delimiter)
        compression = str(configuration.get("compression") or "NONE").lower()
        if compression != "none":
            options += f", COMPRESSION {compression}" if compression in ("gzip", "snappy", "zstd") else ""
        columns = ", ".join(f'"{field.name}"' for field in table.schema)
        path = scratch / "extract"
        with self._catalog.engine.cursor() as cursor:
            cursor.execute(f"COPY (SELECT {columns} FROM {table.name.sql}) TO '{path}' ({options})")
        objects.upload(path, str(uris[0]).replace("*", "000000000000"))
        return {"extract": {"destinationUriFileCounts": ["1"], "inputBytes": str(0)}}
