"""The XML API's paths, `/{bucket}/{object}`, which signed URLs name."""

from aiohttp import web

from infra.local.storage.access import check_xml_access
from infra.local.storage.api import number
from infra.local.storage.downloads import Wanted, send
from infra.local.storage.errors import StorageError
from infra.local.storage.objects import Objects
from infra.local.storage.preconditions import from_headers
from infra.local.storage.records import Settings
from infra.local.storage.service import Service
from infra.local.storage.session import Session, new_session_id
from infra.local.storage.uploads import Uploads, expected_hashes

_META = "x-goog-meta-"
_OVERRIDES = {
    "response-content-disposition": "Content-Disposition",
    "response-content-type": "Content-Type",
}


class XmlApi:
    """Answers for the paths. Callers show a signature, an upload session or a token; there is no other way in."""

    def __init__(self, service: Service, uploads: Uploads) -> None:
        self._service = service
        self._uploads = uploads

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        if "upload_id" in request.query:
            return await self._continue(request)
        check_xml_access(request)
        match request.method:
            case "GET" | "HEAD":
                return await self._get(request)
            case "PUT":
                return await self._put(request)
            case "POST":
                return await self._start(request)
            case "DELETE":
                return await self._delete(request)
        raise StorageError(405, "methodNotAllowed", f"{request.method} is not allowed here.", "MethodNotAllowed")

    async def _continue(self, request: web.Request) -> web.StreamResponse:
        if request.method == "PUT":
            return await self._uploads.put(request)
        if request.method == "DELETE":
            return await self._uploads.cancel(request)
        raise StorageError(405, "methodNotAllowed", f"{request.method} is not allowed here.", "MethodNotAllowed")

    async def _get(self, request: web.Request) -> web.StreamResponse:
        overrides = {
            header: " ".join(request.query[name].splitlines())
            for name, header in _OVERRIDES.items()
            if name in request.query
        }
        bucket, name = _names(request)
        generation = number(request.query, "generation")
        wanted = Wanted(bucket, name, generation, from_headers(request.headers).with_etags(request.headers), overrides)
        return await send(self._service, request, wanted)

    async def _put(self, request: web.Request) -> web.StreamResponse:
        conditions = from_headers(request.headers)
        stored = await self._uploads.store(request, *_names(request), _settings(request), conditions)
        headers = {
            "ETag": f'"{stored.etag}"',
            "X-Goog-Generation": str(stored.generation),
            "X-Goog-Metageneration": str(stored.metageneration),
            "X-Goog-Hash": f"crc32c={stored.crc32c},md5={stored.md5}",
        }
        return web.Response(headers=headers)

    async def _start(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("x-goog-resumable", "").lower() != "start":
            raise StorageError(400, "invalid", "Only resumable uploads are started by POST: x-goog-resumable: start.")
        bucket, name = _names(request)
        session = Session(
            id=new_session_id(),
            bucket=bucket,
            name=name,
            settings=_settings(request),
            conditions=from_headers(request.headers),
            expected=expected_hashes(request.headers),
            origin=request.headers.get("Origin"),
            total=number(request.headers, "X-Upload-Content-Length"),
        )
        location = await self._uploads.begin(request, session)
        return web.Response(status=201, headers={"Location": location, "X-GUploader-UploadID": session.id})

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        bucket, name = _names(request)
        generation = number(request.query, "generation")
        conditions = from_headers(request.headers)

        def delete(objects: Objects) -> None:
            stored = objects.get(bucket, name, generation)
            conditions.check(stored)
            objects.delete(stored, for_good=generation is not None)

        await self._service.run(delete)
        return web.Response(status=204)


def _names(request: web.Request) -> tuple[str, str]:
    return request.match_info["bucket"], request.match_info["object"]


def _settings(request: web.Request) -> Settings:
    headers = request.headers
    metadata = {key[len(_META) :].lower(): value for key, value in headers.items() if key.lower().startswith(_META)}
    return Settings(
        content_type=headers.get("Content-Type"),
        content_encoding=headers.get("Content-Encoding"),
        content_disposition=headers.get("Content-Disposition"),
        content_language=headers.get("Content-Language"),
        cache_control=headers.get("Cache-Control"),
        metadata=metadata or None,
    )
