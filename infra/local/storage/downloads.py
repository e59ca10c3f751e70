"""Downloads: the bytes of objects, whole or a range, with the headers that Cloud Storage sends."""

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import BinaryIO

from aiohttp import web

from infra.local.storage.contents import BLOCK
from infra.local.storage.errors import StorageError, is_json_api
from infra.local.storage.objects import Objects
from infra.local.storage.preconditions import Preconditions
from infra.local.storage.records import StoredObject
from infra.local.storage.service import Service


@dataclass(frozen=True)
class Wanted:
    """What is to be sent. `overrides` replaces headers, as the `response-…` parameters of signed URLs do."""

    bucket: str
    name: str
    generation: int | None
    conditions: Preconditions
    overrides: Mapping[str, str]


async def send(service: Service, request: web.Request, wanted: Wanted) -> web.StreamResponse:
    """Answer with the object's bytes. Raises StorageError 404, 412, 416."""
    stored, file = await service.run(lambda objects: _open(service, objects, wanted))
    with file:
        if wanted.conditions.is_unchanged(stored):
            return web.Response(status=304, headers={"ETag": f'"{stored.etag}"'})
        wanted.conditions.check(stored)
        headers = _headers(stored) | dict(wanted.overrides)
        if is_json_api(request.path):
            # The clients take the header as the object's etag, which is written without quotes there.
            headers["ETag"] = stored.etag
        if _must_decompress(request, stored):
            return await _send_decompressed(request, file, headers)
        start, end = _range(request.headers.get("Range"), stored.size)
        headers["Content-Length"] = str(end - start)
        is_part = end - start < stored.size or "Range" in request.headers
        if is_part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
        response = web.StreamResponse(status=206 if is_part and stored.size else 200, headers=headers)
        await response.prepare(request)
        if request.method != "HEAD":
            await _copy(file, start, end, response)
        await response.write_eof()
        return response


def _open(service: Service, objects: Objects, wanted: Wanted) -> tuple[StoredObject, BinaryIO]:
    # Opened inside the transaction, for a moment later another upload may have replaced the object and removed its bytes.
    stored = objects.get(wanted.bucket, wanted.name, wanted.generation)
    return stored, service.contents.path(stored.content).open("rb")


async def _copy(file: BinaryIO, start: int, end: int, response: web.StreamResponse) -> None:
    file.seek(start)
    while start < end:
        block = await asyncio.to_thread(file.read, min(BLOCK, end - start))
        start += len(block)
        await response.write(block)


async def _send_decompressed(request: web.Request, file: BinaryIO, headers: dict[str, str]) -> web.StreamResponse:
    """Decompressive transcoding: objects stored as gzip are sent plain to callers that do not take gzip."""
    headers.pop("Content-Encoding")
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    decompressor = zlib.decompressobj(wbits=31)
    while block := await asyncio.to_thread(file.read, BLOCK):
        await response.write(decompressor.decompress(block))
    await response.write(decompressor.flush())
    await response.write_eof()
    return response


def _must_decompress(request: web.Request, stored: StoredObject) -> bool:
    return (
        stored.settings.content_encoding == "gzip"
        and "gzip" not in request.headers.get("Accept-Encoding", "")
        and "no-transform" not in (stored.settings.cache_control or "")
        and request.method == "GET"
    )


def _headers(stored: StoredObject) -> dict[str, str]:
    settings = stored.settings
    hashes = [f"crc32c={stored.crc32c}"] + ([f"md5={stored.md5}"] if stored.md5 else [])
    headers = {
        "Content-Type": stored.content_type,
        "Content-Encoding": settings.content_encoding,
        "Content-Disposition": settings.content_disposition,
        "Content-Language": settings.content_language,
        "Cache-Control": settings.cache_control or "private, max-age=0",
        "Accept-Ranges": "bytes",
        "ETag": f'"{stored.etag}"',
        "Last-Modified": format_datetime(stored.updated, usegmt=True),
        "X-Goog-Generation": str(stored.generation),
        "X-Goog-Metageneration": str(stored.metageneration),
        "X-Goog-Hash": ",".join(hashes),
        "X-Goog-Storage-Class": settings.storage_class or "STANDARD",
        "X-Goog-Stored-Content-Length": str(stored.size),
        "X-Goog-Stored-Content-Encoding": settings.content_encoding or "identity",
    }
    headers |= {f"X-Goog-Meta-{key}": value for key, value in (settings.metadata or {}).items()}
    # A line break in metadata would end the header, and begin another of the uploader's choice.
    return {key: " ".join(value.splitlines()) for key, value in headers.items() if value is not None}


def _range(header: str | None, size: int) -> tuple[int, int]:
    """Half-open range of bytes to send; all of them when the header asks for something that is not one range."""
    if header is None or not header.startswith("bytes=") or "," in header:
        return 0, size
    first, _, last = header.removeprefix("bytes=").strip().partition("-")
    if not (first or last) or not (first + last).isdigit():
        return 0, size
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= size or start >= end:
        message = "The requested range cannot be satisfied."
        raise StorageError(416, "requestedRangeNotSatisfiable", message)
    return start, end
