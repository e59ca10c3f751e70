"""The JSON API of objects, but for their bytes."""

from infra.local.storage.api import NO_CONTENT, Call, Reply, Resource, Routes, number, parse
from infra.local.storage.buckets import get_bucket
from infra.local.storage.contents import Content
from infra.local.storage.listing import ListQuery, list_objects
from infra.local.storage.preconditions import from_query
from infra.local.storage.records import Settings, StoredObject


def add_object_routes(routes: Routes) -> None:
    """Answer for objects."""
    routes.add("GET", "/b/{bucket}/o", _list)
    routes.add("GET", "/b/{bucket}/o/{object}", _get)
    routes.add("PATCH", "/b/{bucket}/o/{object}", _patch)
    routes.add("PUT", "/b/{bucket}/o/{object}", _update)
    routes.add("DELETE", "/b/{bucket}/o/{object}", _delete)
    routes.add("GET", "/b/{bucket}/o/{object}/acl", _acl)
    routes.add("POST", "/b/{bucket}/o/{object}/copyTo/b/{to_bucket}/o/{to_object}", _copy)
    routes.add("POST", "/b/{bucket}/o/{object}/moveTo/o/{to_object}", _move)
    routes.add("POST", "/b/{bucket}/o/{object}/rewriteTo/b/{to_bucket}/o/{to_object}", _rewrite)


def _list(call: Call) -> Reply:
    get_bucket(call.objects.connection, call.bucket)
    page = list_objects(call.objects.connection, call.bucket, ListQuery.from_query(call.query))
    reply: Resource = {"kind": "storage#objects"}
    if page.items:
        reply["items"] = [stored.resource(call.base_url) for stored in page.items]
    if page.prefixes:
        reply["prefixes"] = page.prefixes
    return Reply(reply | ({"nextPageToken": page.token} if page.token else {}))


def _get(call: Call) -> Reply:
    stored = call.objects.get(call.bucket, call.name, call.generation)
    if call.conditions.is_unchanged(stored):
        return Reply(status=304)
    call.conditions.check(stored)
    return Reply(stored.resource(call.base_url))


def _patch(call: Call) -> Reply:
    stored = _checked(call)
    change = call.body()
    settings = stored.settings.model_dump(by_alias=True, mode="json") | change
    if isinstance(change.get("metadata"), dict):
        merged = {**(stored.settings.metadata or {}), **change["metadata"]}
        settings["metadata"] = {key: value for key, value in merged.items() if value is not None}
    return Reply(call.objects.change(stored, parse(Settings, settings)).resource(call.base_url))


def _update(call: Call) -> Reply:
    stored = _checked(call)
    return Reply(call.objects.change(stored, parse(Settings, call.body())).resource(call.base_url))


def _delete(call: Call) -> Reply:
    stored = _checked(call)
    call.objects.delete(stored, for_good=call.generation is not None)
    return NO_CONTENT


def _checked(call: Call) -> StoredObject:
    stored = call.objects.get(call.bucket, call.name, call.generation)
    call.conditions.check(stored)
    return stored


def _acl(call: Call) -> Reply:
    call.objects.get(call.bucket, call.name, call.generation)
    return Reply({"kind": "storage#objectAccessControls", "items": []})


def _copy(call: Call) -> Reply:
    return Reply(_copied(call).resource(call.base_url))


def _rewrite(call: Call) -> Reply:
    made = _copied(call)
    size = str(made.size)
    return Reply(
        {
            "kind": "storage#rewriteResponse",
            "totalBytesRewritten": size,
            "objectSize": size,
            "done": True,
            "resource": made.resource(call.base_url),
        }
    )


def _move(call: Call) -> Reply:
    source = call.objects.get(call.bucket, call.name)
    from_query(call.query, "ifSource").check(source)
    return Reply(call.objects.move(source, call.names["to_object"], call.conditions).resource(call.base_url))


def _copied(call: Call) -> StoredObject:
    """Copies share the bytes: they cost nothing, whatever the size."""
    source = call.objects.get(call.bucket, call.name, number(call.query, "sourceGeneration"))
    from_query(call.query, "ifSource").check(source)
    given = call.body()
    settings = parse(Settings, given) if set(given) - {"storageClass"} else source.settings.model_copy()
    settings.storage_class = given.get("storageClass") or settings.storage_class
    settings.content_type = settings.content_type or source.settings.content_type
    content = Content(source.content, source.size, source.crc32c, source.md5)
    target = (call.names["to_bucket"], call.names["to_object"])
    return call.objects.put(*target, content, settings, call.conditions, source.component_count)
