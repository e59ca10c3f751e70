"""Versions: which schema an event was written by, and the event that it is today.

An event names its version in `schemaVersion`. Of those without one, the two versions from before there was such a field are
known by their shape: `id` instead of `eventId` is 0.2; how it went told inside `operation` is 0.1; all else is the current.
"""

from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from shared.events.schema.analytics_event import AnalyticsEvent
from shared.events.schema.event import Event
from shared.events.schema.ffmpeg_operation_event import FfmpegOperationEvent

AnyEvent = Event | FfmpegOperationEvent | AnalyticsEvent
"""An event of any version, the newest first."""
EVENT_VERSIONS: dict[str, type[Event] | type[FfmpegOperationEvent] | type[AnalyticsEvent]] = {
    "0.1": AnalyticsEvent,
    "0.2": FfmpegOperationEvent,
    "1": Event,
}
"""The model of each version, the oldest first."""
CURRENT_VERSION = "1"

_ONLY_IN_CURRENT = frozenset({"metrics", "generation", "business"})
_ONLY_IN_0_1 = {
    "operation": frozenset({"duration", "success", "resourceUsage"}),
    "context": frozenset({"workflowStage", "sourceFileType", "outputFormat", "fileSize"}),
}


def parse_event(document: object) -> Event:
    """The event that a document of any known version tells of, as the current version has it.

    Raises pydantic.ValidationError, with places in the document as it was sent; an unknown version is one at
    `schemaVersion`, of type `unknown_schema_version`, whose message names those that are known."""
    model = EVENT_VERSIONS.get(version_of(document))
    if model is None:
        raise _unknown_version()
    event = model.model_validate(document, by_name=False)
    return event if isinstance(event, Event) else event.upgrade()


def version_of(document: object) -> str:
    """The version that a document says it is, or that it looks like; "" if it says what can be no version."""
    if not isinstance(document, dict):
        return CURRENT_VERSION
    if "schemaVersion" in document:
        said = document["schemaVersion"]
        return said if isinstance(said, str) else ""
    if "id" in document and "eventId" not in document:
        return "0.2"
    if not _ONLY_IN_CURRENT.isdisjoint(document):
        return CURRENT_VERSION
    return "0.1" if "userId" in document or _is_shaped_as_0_1(document) else CURRENT_VERSION


def event_schema(version: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a version, with its address. Raises KeyError for one there is not."""
    schema = TypeAdapter(EVENT_VERSIONS[version]).json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/schemas/event/{version}.json",
        **schema,
    }


def _is_shaped_as_0_1(document: dict[str, object]) -> bool:
    for name, telling in _ONLY_IN_0_1.items():
        part = document.get(name)
        if isinstance(part, dict) and not telling.isdisjoint(part):
            return True
    return False


def _unknown_version() -> ValidationError:
    *others, last = EVENT_VERSIONS
    known = f"{', '.join(others)} and {last}"
    problem = PydanticCustomError(
        "unknown_schema_version", "There is no such version of the event schema; known are {known}.", {"known": known}
    )
    return ValidationError.from_exception_data(
        "Event", [InitErrorDetails(type=problem, loc=("schemaVersion",), input=None)]
    )
