"""The JSON API of buckets."""

from pydantic import BaseModel, Field

from infra.local.storage.api import NO_CONTENT, Call, Operation, Reply, Resource, Routes, number, parse
from infra.local.storage.buckets import change_bucket, delete_bucket, get_bucket, insert_bucket, list_buckets
from infra.local.storage.cors import CorsRule
from infra.local.storage.errors import StorageError
from infra.local.storage.lifecycle import Lifecycle

_MAX_RESULTS = 1000


class CheckedSettings(BaseModel):
    """The settings of a bucket that this server acts upon, checked before they are kept."""

    cors: list[CorsRule] | None = None
    lifecycle: Lifecycle | None = None
    versioning: dict[str, bool] | None = None
    name: str = Field(default="")


def add_bucket_routes(routes: Routes) -> None:
    """Answer for buckets."""
    routes.add("GET", "/b", _list)
    routes.add("POST", "/b", _insert)
    routes.add("GET", "/b/{bucket}", _get)
    routes.add("PATCH", "/b/{bucket}", _patch)
    routes.add("PUT", "/b/{bucket}", _update)
    routes.add("DELETE", "/b/{bucket}", _delete)
    routes.add("GET", "/b/{bucket}/iam", _iam)
    routes.add("PUT", "/b/{bucket}/iam", _set_iam)
    routes.add("GET", "/b/{bucket}/iam/testPermissions", _test_permissions)
    routes.add("GET", "/b/{bucket}/acl", _empty("storage#bucketAccessControls"))
    routes.add("GET", "/b/{bucket}/defaultObjectAcl", _empty("storage#objectAccessControls"))
    routes.add("GET", "/b/{bucket}/notificationConfigs", _empty("storage#notifications"))
    routes.add("GET", "/projects/{project}/serviceAccount", _service_account)


def _shown(call: Call, bucket: Resource) -> Reply:
    return Reply(_linked(call, bucket))


def _linked(call: Call, bucket: Resource) -> Resource:
    return bucket | {"selfLink": f"{call.base_url}/storage/v1/b/{bucket['name']}"}


def _list(call: Call) -> Reply:
    limit = min(number(call.query, "maxResults") or _MAX_RESULTS, _MAX_RESULTS)
    prefix, after = call.query.get("prefix", ""), call.query.get("pageToken", "")
    found = list_buckets(call.objects.connection, call.query.get("project", ""), prefix, after, limit)
    reply: Resource = {"kind": "storage#buckets", "items": [_linked(call, bucket) for bucket in found]}
    return Reply(reply | ({"nextPageToken": found[-1]["name"]} if len(found) == limit else {}))


def _insert(call: Call) -> Reply:
    settings = call.body()
    name = parse(CheckedSettings, settings).name
    return _shown(call, insert_bucket(call.objects.connection, call.query.get("project", ""), name, settings))


def _get(call: Call) -> Reply:
    return _shown(call, get_bucket(call.objects.connection, call.bucket))


def _patch(call: Call) -> Reply:
    return _changed(call, merge_labels=True)


def _update(call: Call) -> Reply:
    return _changed(call, merge_labels=False)


def _changed(call: Call, *, merge_labels: bool) -> Reply:
    change = call.body()
    parse(CheckedSettings, {key: value for key, value in change.items() if key != "name"})
    bucket = get_bucket(call.objects.connection, call.bucket)
    expected = number(call.query, "ifMetagenerationMatch")
    if expected is not None and expected != int(bucket["metageneration"]):
        raise StorageError(412, "conditionNotMet", "The bucket's metageneration is another one.")
    return _shown(call, change_bucket(call.objects.connection, call.bucket, change, merge_labels=merge_labels))


def _delete(call: Call) -> Reply:
    delete_bucket(call.objects.connection, call.bucket)
    return NO_CONTENT


def _iam(call: Call) -> Reply:
    kept = get_bucket(call.objects.connection, call.bucket).get("_iam") or {"version": 1, "bindings": []}
    return Reply({"kind": "storage#policy", "resourceId": f"projects/_/buckets/{call.bucket}", "etag": "CAE=", **kept})


def _set_iam(call: Call) -> Reply:
    policy = {key: value for key, value in call.body().items() if key in ("bindings", "version")}
    change_bucket(call.objects.connection, call.bucket, {"_iam": policy})
    return _iam(call)


def _test_permissions(call: Call) -> Reply:
    get_bucket(call.objects.connection, call.bucket)
    permissions = call.query.getall("permissions", [])
    return Reply({"kind": "storage#testIamPermissionsResponse", "permissions": permissions})


def _empty(kind: str) -> Operation:
    def answer(call: Call) -> Reply:
        get_bucket(call.objects.connection, call.bucket)
        return Reply({"kind": kind, "items": []})

    return answer


def _service_account(call: Call) -> Reply:
    project = call.names["project"]
    email = f"{project}@gs-project-accounts.iam.gserviceaccount.com"
    return Reply({"kind": "storage#serviceAccount", "email_address": email})
