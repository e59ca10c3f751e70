"""Data that comes with a load job: multipart in one request, or resumable in parts, kept in files until the load is done."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from infra.local.bigquery.errors import BigQueryError, invalid

_RANGE = re.compile(r"^bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)$")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Received:
    """A resumable upload after a part: the job's resource, the file, its size so far, and whether it is whole."""

    resource: str
    path: Path
    size: int
    complete: bool


class Uploads:
    """The files are in `folder`; unfinished ones survive a restart and can be resumed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, resource: str) -> str:
        """A new resumable upload for a job; gives its id."""
        self._folder.mkdir(exist_ok=True)
        upload_id = uuid.uuid4().hex
        self._job_file(upload_id).write_text(resource)
        self._data_file(upload_id).touch()
        return upload_id

    async def receive_part(self, request: web.Request) -> Received:
        """Take a PUT with Content-Range. Raises notFound for an unknown upload, invalid for a part out of order."""
        upload_id = request.query.get("upload_id", "")
        if not re.fullmatch(r"[0-9a-f]{32}", upload_id) or not self._job_file(upload_id).exists():
            raise BigQueryError(404, "notFound", f"Not found: Upload {upload_id}")
        path, resource = self._data_file(upload_id), self._job_file(upload_id).read_text()
        total = _total(request.headers.get("Content-Range"))
        start = _start(request.headers.get("Content-Range"))
        size = path.stat().st_size
        if start is not None:
            if start > size:
                raise invalid(f"The part begins at {start}, but only {size} bytes have come", "Content-Range")
            with path.open("r+b") as file:
                file.truncate(start)
                file.seek(start)
                async for chunk in request.content.iter_chunked(_CHUNK):
                    file.write(chunk)
            size = path.stat().st_size
        complete = total is not None and size >= total
        if complete:
            self._job_file(upload_id).unlink()
        return Received(resource, path, size, complete)

    async def receive_multipart(self, request: web.Request) -> tuple[Mapping[str, Any], Path]:
        """Take a multipart/related body: the job as JSON, then the data. Raises `invalid`."""
        self._folder.mkdir(exist_ok=True)
        reader = await request.multipart()
        resource_part, data_part = await reader.next(), None
        if not isinstance(resource_part, BodyPartReader):
            raise invalid("The first part must be the job")
        try:
            resource = json.loads(await resource_part.read())
        except ValueError as error:
            raise invalid(f"Invalid JSON payload received: {error}") from error
        data_part = await reader.next()
        if not isinstance(data_part, BodyPartReader) or not isinstance(resource, dict):
            raise invalid("The second part must be the data")
        path = self._data_file(uuid.uuid4().hex)
        with path.open("wb") as file:
            while chunk := await data_part.read_chunk(_CHUNK):
                file.write(chunk)
        return resource, path

    def _job_file(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.json"

    def _data_file(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.data"


def _start(header: str | None) -> int | None:
    """Where the part begins; none for a question about what has come."""
    if header is None:
        return 0
    match = _RANGE.match(header)
    if match is None:
        raise invalid(f"Invalid Content-Range: {header}", "Content-Range")
    return int(match[1]) if match[1] is not None else None


def _total(header: str | None) -> int | None:
    """The size of the whole, once it is known; a part without the header is the whole."""
    if header is None:
        return 0
    match = _RANGE.match(header)
    return int(match[3]) if match and match[3] != "*" else None
