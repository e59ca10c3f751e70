"""Compose: one object made of up to 32 others."""

import asyncio
from contextlib import ExitStack
from typing import BinaryIO

from aiohttp import web
from pydantic import BaseModel, Field

from infra.local.storage.api import MAX_INTEGER, parse, parse_object
from infra.local.storage.errors import invalid
from infra.local.storage.objects import Objects
from infra.local.storage.preconditions import Preconditions, from_query
from infra.local.storage.records import Settings, StoredObject
from infra.local.storage.service import Service
from infra.local.storage.uploads import base_url

_MAX_SOURCES = 32


class Source(BaseModel):
    """An object to compose from."""

    name: str
    generation: int | None = Field(default=None, ge=0, le=MAX_INTEGER)
    object_preconditions: dict[str, int] = Field(default_factory=dict, alias="objectPreconditions")


class ComposeRequest(BaseModel):
    """Body of compose."""

    source_objects: list[Source] = Field(alias="sourceObjects", min_length=1, max_length=_MAX_SOURCES)
    destination: dict[str, object] = Field(default_factory=dict)


async def compose(service: Service, request: web.Request) -> web.StreamResponse:
    """`POST …/compose`. Raises StorageError 400, 404, 412."""
    bucket, name = request.match_info["bucket"], request.match_info["object"]
    wanted = parse(ComposeRequest, parse_object(await request.read()))
    conditions = from_query(request.query)
    settings = parse(Settings, wanted.destination)
    with ExitStack() as files:

        def open_sources(objects: Objects) -> list[tuple[StoredObject, BinaryIO]]:
            objects.check_put(bucket, name, conditions)
            sources = [_source(objects, bucket, source) for source in wanted.source_objects]
            return [
                (stored, files.enter_context(service.contents.path(stored.content).open("rb"))) for stored in sources
            ]

        opened = await service.run(open_sources)
        content = await asyncio.to_thread(service.contents.concatenate, [file for _, file in opened])
    count = sum(stored.component_count or 1 for stored, _ in opened)
    try:
        stored = await service.run(lambda objects: objects.put(bucket, name, content, settings, conditions, count))
    except Exception:
        service.contents.remove([content.id])
        raise
    return web.json_response(stored.resource(base_url(request)))


def _source(objects: Objects, bucket: str, source: Source) -> StoredObject:
    stored = objects.get(bucket, source.name, source.generation)
    unknown = set(source.object_preconditions) - {"ifGenerationMatch"}
    if unknown:
        raise invalid(f"Unknown precondition: {', '.join(sorted(unknown))}")
    Preconditions(generation=source.object_preconditions.get("ifGenerationMatch")).check(stored)
    return stored
