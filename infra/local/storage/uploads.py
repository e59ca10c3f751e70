"""Uploads over HTTP: simple, multipart, resumable."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import web

from infra.local.storage.api import number, parse, parse_object
from infra.local.storage.contents import Content
from infra.local.storage.errors import invalid
from infra.local.storage.multipart import read_related
from infra.local.storage.objects import Objects
from infra.local.storage.preconditions import Preconditions, from_query
from infra.local.storage.records import Settings, StoredObject
from infra.local.storage.service import Service
from infra.local.storage.session import Expected, Session, new_session_id
from infra.local.storage.sessions import MIN_CHUNK, Range, Sessions

_CONTENT_RANGE = re.compile(r"bytes (?:(?P<start>\d+)-(?P<end>\d+|\*)|\*)/(?P<total>\d+|\*)")


class Uploads:
    """The `/upload` paths of the JSON API, and the parts of uploading that the XML API shares."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.sessions = Sessions(service)

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Begin an upload, or do all of a small one. What `uploadType` says decides."""
        bucket = request.match_info["bucket"]
        match request.query.get("uploadType"):
            case "media":
                return await self._simple(request, bucket)
            case "multipart":
                return await self._multipart(request, bucket)
            case "resumable":
                return await self._start(request, bucket)
        raise invalid("uploadType must be media, multipart or resumable.")

    async def put(self, request: web.Request) -> web.StreamResponse:
        """Bytes for a session, or the question how far it is."""
        session, finished = await self.sessions.find(request.query.get("upload_id", ""))
        result = finished or await self._receive(request, session)
        if isinstance(result, StoredObject):
            return web.json_response(result.resource(base_url(request)))
        headers = {"Range": f"bytes=0-{result - 1}"} if result else {}
        return web.Response(status=308, reason="Resume Incomplete", headers=headers)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """Give an upload up; 499, as the real service answers."""
        session, _ = await self.sessions.find(request.query.get("upload_id", ""))
        await self.sessions.cancel(session)
        return web.Response(status=499, reason="Client Closed Request")

    async def store(
        self, request: web.Request, bucket: str, name: str, settings: Settings, conditions: Preconditions
    ) -> StoredObject:
        """Make the request's body an object."""
        await self._service.run(lambda objects: objects.check_put(bucket, name, conditions))
        content = await self._service.contents.store(request.content.iter_any())
        return await self._record(bucket, name, content, settings, conditions, expected_hashes(request.headers))

    async def begin(self, request: web.Request, session: Session) -> str:
        """Start a session; returns its URL."""
        await self.sessions.start(session)
        path = f"/upload/storage/v1/b/{quote(session.bucket)}/o"
        return f"{base_url(request)}{path}?uploadType=resumable&upload_id={session.id}"

    async def _simple(self, request: web.Request, bucket: str) -> web.StreamResponse:
        headers, name = request.headers, request.query.get("name", "")
        settings = Settings(content_type=headers.get("Content-Type"), content_encoding=headers.get("Content-Encoding"))
        stored = await self.store(request, bucket, name, settings, from_query(request.query))
        return web.json_response(stored.resource(base_url(request)))

    async def _multipart(self, request: web.Request, bucket: str) -> web.StreamResponse:
        body = await read_related(request.headers.get("Content-Type", ""), request.content.iter_any())
        metadata = parse_object(body.metadata)
        name = request.query.get("name") or str(metadata.get("name") or "")
        settings = parse(Settings, metadata)
        settings.content_type = settings.content_type or body.media_type
        conditions = from_query(request.query)
        await self._service.run(lambda objects: objects.check_put(bucket, name, conditions))
        content = await self._service.contents.store(body.media)
        expected = _expected(request.headers, metadata)
        stored = await self._record(bucket, name, content, settings, conditions, expected)
        return web.json_response(stored.resource(base_url(request)))

    async def _record(
        self,
        bucket: str,
        name: str,
        content: Content,
        settings: Settings,
        conditions: Preconditions,
        expected: Expected,
    ) -> StoredObject:
        def put(objects: Objects) -> StoredObject:
            expected.check(content)
            return objects.put(bucket, name, content, settings, conditions)

        try:
            return await self._service.run(put)
        except Exception:
            # Only then is it sure that nothing was recorded: a cancelled wait says nothing of the transaction.
            self._service.contents.remove([content.id])
            raise

    async def _start(self, request: web.Request, bucket: str) -> web.StreamResponse:
        metadata = parse_object(await request.read())
        settings = parse(Settings, metadata)
        settings.content_type = settings.content_type or request.headers.get("X-Upload-Content-Type")
        session = Session(
            id=new_session_id(),
            bucket=bucket,
            name=request.query.get("name") or str(metadata.get("name") or ""),
            settings=settings,
            conditions=from_query(request.query),
            expected=_expected(request.headers, metadata),
            origin=request.headers.get("Origin"),
            total=number(request.headers, "X-Upload-Content-Length"),
        )
        location = await self.begin(request, session)
        return web.Response(headers={"Location": location, "X-GUploader-UploadID": session.id})

    async def _receive(self, request: web.Request, session: Session) -> StoredObject | int:
        said = expected_hashes(request.headers)
        session.expected = Expected(md5=said.md5 or session.expected.md5, crc32c=said.crc32c or session.expected.crc32c)
        return await self.sessions.receive(session, _range(request), request.content.iter_any())


def base_url(request: web.Request) -> str:
    """The origin under which the caller reaches this server."""
    return f"http://{request.host}"


def expected_hashes(headers: Mapping[str, str]) -> Expected:
    """The hashes that `X-Goog-Hash` and `Content-MD5` promise."""
    pairs = [part.strip().partition("=") for part in headers.get("X-Goog-Hash", "").split(",")]
    promised = {kind: value for kind, _, value in pairs if value}
    return Expected(md5=promised.get("md5") or headers.get("Content-MD5"), crc32c=promised.get("crc32c"))


def _expected(headers: Mapping[str, str], metadata: dict[str, Any]) -> Expected:
    said = expected_hashes(headers)
    return parse(
        Expected, {"md5": metadata.get("md5Hash") or said.md5, "crc32c": metadata.get("crc32c") or said.crc32c}
    )


def _range(request: web.Request) -> Range:
    header = request.headers.get("Content-Range")
    if header is None:
        return Range(start=0, total=request.content_length)
    match = _CONTENT_RANGE.fullmatch(header.strip())
    if match is None:
        raise invalid(f"Failed to parse Content-Range header: {header}")
    total = None if match["total"] == "*" else int(match["total"])
    if match["start"] is None:
        return Range(start=None, total=total)
    start = int(match["start"])
    length = (request.content_length or 0) if match["end"] == "*" else int(match["end"]) - start + 1
    if length <= 0 or (total is not None and start + length > total):
        raise invalid(f"The Content-Range makes no sense: {header}")
    if length < MIN_CHUNK and (total is None or start + length < total):
        raise invalid(
            f"The number of bytes uploaded is required to be equal or greater than {MIN_CHUNK}, except for the final"
            f" request. The received request contained only {length} bytes."
        )
    return Range(start=start, length=length, total=total)
