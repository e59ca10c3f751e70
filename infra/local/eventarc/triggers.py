"""Which functions an event is for: the event triggers of the manifest."""

from collections.abc import Mapping

from infra.manifest import Function, StorageTrigger

STORAGE_TYPE = "google.cloud.storage.object.v1."


def triggered(function: Function) -> bool:
    """Whether a function is called by events at all."""
    return function.trigger.storage is not None


def matches(function: Function, event: Mapping[str, str], project: str) -> bool:
    """Whether the event with these attributes is for `function` as it is deployed in `project`."""
    trigger = function.trigger
    if trigger.storage:
        return _stored(trigger.storage, event, project)
    return False


def _stored(trigger: StorageTrigger, event: Mapping[str, str], project: str) -> bool:
    return event["type"] == STORAGE_TYPE + trigger.event and event.get("bucket") == f"{project}-{trigger.bucket}"
