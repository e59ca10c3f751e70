"""tables.* and tabledata.*."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

from typing import Any

from aiohttp import web

from infra.local.bigquery import anonymous
from infra.local.bigquery.answers import Page, page_token
from infra.local.bigquery.catalog import Precondition, patched
from infra.local.bigquery.cells import rows_encoder
from infra.local.bigquery.datasets import DatasetName
from infra.local.bigquery.errors import BigQueryError, invalid
from infra.local.bigquery.handling import body, in_thread, json_response, listed, no_content, service
from infra.local.bigquery.jobs import ANONYMOUS_DATASET
from infra.local.bigquery.schema import Schema, quoted
from infra.local.bigquery.service import Service
from infra.local.bigquery.tables import Table, TableName

ROUTES = web.RouteTableDef()
_TABLES = "/bigquery/v2/projects/{project}/datasets/{dataset}/tables"
_TABLE = _TABLES + "/{table}"
_MAX_INSERT_BYTES = 10 * 1024 * 1024


@ROUTES.get(_TABLES)
async def list_tables(request: web.Request) -> web.Response:
    """By id."""
    dataset = DatasetName(request.match_info["project"], request.match_info["dataset"])
    keep = {"id", "tableReference", "type", "labels", "friendlyName", "timePartitioning", "clustering", "creationTime"}
    keep |= {"expirationTime", "view"}
    resources = []
    for table in await in_thread(service(request).catalog.tables, dataset):
        kept = {key: value for key, value in table.resource(0).items() if key in keep}
        resources.append({"kind": "bigquery#table", **kept})
    return listed("bigquery#tableList", "tables", resources, request.query)


@ROUTES.post(_TABLES)
async def insert_table(request: web.Request) -> web.Response:
    """Create a table or a view."""
    resource = await body(request)
    info = request.match_info
    name = TableName(info["project"], info["dataset"], str((resource.get("tableReference") or {}).get("tableId") or ""))
    return json_response(await in_thread(_created, service(request), name, resource))


def _created(parts: Service, name: TableName, resource: dict[str, Any]) -> dict[str, Any]:
    if resource.get("view"):
        resource = {**resource, "schema": {"fields": parts.queries.columns(name, resource["view"])}}
    return parts.catalog.create_table(Table.parse(name, resource)).resource(0)


@ROUTES.get(_TABLE)
async def get_table(request: web.Request) -> web.Response:
    """One, with its number of rows."""
    return json_response(await in_thread(_resource, service(request), _name(request)))


def _resource(parts: Service, name: TableName) -> dict[str, Any]:
    if name.dataset == ANONYMOUS_DATASET:
        return anonymous.resource(parts.jobs, name)
    table = parts.catalog.table(name)
    return table.resource(parts.catalog.row_count(table))


@ROUTES.patch(_TABLE)
@ROUTES.put(_TABLE)
async def update_table(request: web.Request) -> web.Response:
    """PATCH changes what is given, PUT replaces the rest too; columns can be added and relaxed."""
    resource, whole = await body(request), request.method == "PUT"
    seen = Precondition(request.headers.get("If-Match"))

    def update(parts: Service, name: TableName) -> dict[str, Any]:
        parts.catalog.update_table(name, lambda table: patched(table, resource, whole=whole), seen)
        parts.expiry.sweep()
        return _resource(parts, name)

    return json_response(await in_thread(update, service(request), _name(request)))


@ROUTES.delete(_TABLE)
async def delete_table(request: web.Request) -> web.Response:
    """With its rows."""
    await in_thread(service(request).catalog.delete_table, _name(request))
    return no_content()


@ROUTES.post(_TABLE + "/insertAll")
async def insert_all(request: web.Request) -> web.Response:
    """Stream rows in."""
    if (request.content_length or 0) > _MAX_INSERT_BYTES or len(await request.read()) > _MAX_INSERT_BYTES:
        raise BigQueryError(413, "invalid", f"Request payload size exceeds the limit: {_MAX_INSERT_BYTES} bytes.")
    return json_response(await in_thread(service(request).streamer.insert, _name(request), await body(request)))


@ROUTES.get(_TABLE + "/data")
async def list_rows(request: web.Request) -> web.Response:
    """A page of rows, of the columns `selectedFields` if given."""
    page = Page.parse(request.query)
    selected = request.query.get("selectedFields", "")
    return json_response(await in_thread(_rows, service(request), _name(request), page, selected))


def _rows(parts: Service, name: TableName, page: Page, selected: str) -> dict[str, Any]:
    if name.dataset == ANONYMOUS_DATASET:
        return anonymous.rows(parts.jobs, name, page)
    table = parts.catalog.table(name)
    if table.view_query is not None:
        raise invalid(f"Cannot list a table of type VIEW: {name}")
    schema = _selected(table, selected)
    if not schema:
        return {"kind": "bigquery#tableDataList", "etag": table.etag, "totalRows": "0"}
    columns = ", ".join(quoted(field.name) for field in schema)
    total = parts.catalog.row_count(table)
    with parts.engine.cursor() as cursor:
        window = f"LIMIT {page.size} OFFSET {page.start}"
        rows = cursor.execute(f"SELECT {columns} FROM {name.sql} {window}").fetchall()
    encode = rows_encoder(schema, int64_timestamps=page.int64_timestamps)
    answer: dict[str, Any] = {"kind": "bigquery#tableDataList", "etag": table.etag, "totalRows": str(total)}
    if rows:
        answer["rows"] = [encode(row) for row in rows]
    if page.start + len(rows) < total and page.size:
        answer["pageToken"] = page_token(page.start + len(rows))
    return answer


def _selected(table: Table, selected: str) -> Schema:
    if not selected:
        return table.schema
    wanted = {name.strip().partition(".")[0].lower() for name in selected.split(",")}
    schema = tuple(field for field in table.schema if field.name.lower() in wanted)
    if len(schema) != len(wanted):
        raise invalid(f"Invalid value for selectedFields: {selected}", "selectedFields")
    return schema


def _name(request: web.Request) -> TableName:
    info = request.match_info
    return TableName(info["project"], info["dataset"], info["table"].partition("$")[0])
