"""Sanitising: an event without anything that could tell of a person, field by field; and the same for what is not an event."""

import re
from collections.abc import Mapping
from datetime import datetime
from json import dumps, loads

from pydantic import BaseModel, JsonValue

from shared.events.privacy.identifiers import is_random, name_or_pseudonym, pseudonym
from shared.events.privacy.parameters import generalise, sanitise_parameters
from shared.events.privacy.texts import scrub_text
from shared.events.privacy.vocabulary import OTHER, is_known_word, kind_of_field, known
from shared.events.schema import Event, Operation

_WITHHELD = "<text>"
_HASH = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}")


def sanitise(event: Event) -> Event:
    """The event without anything that could tell of a person or a file. Raises Unavailable if a part of it has to be hashed and
    the salt cannot be read."""
    changes: dict[str, object] = {"event_id": pseudonym(event.event_id, event.timestamp)}
    for name in ("operation", "metrics", "generation", "business", "context"):
        part: BaseModel | None = getattr(event, name)
        if part is not None and (told := _told(part, event.timestamp)):
            changes[name] = part.model_copy(update=told)
    return event.model_copy(update=changes)


def redact(value: JsonValue) -> JsonValue:
    """What was sent as an event and is none, in its shape: known fields with what those may hold, of all others only numbers and
    known words. Raises nothing."""
    return _redacted(value, None)


def _told(part: BaseModel, at: datetime) -> dict[str, object]:
    """What of a part of an event cannot be told as it is, as it may be told. (Copying models is what costs here.)"""
    changed: dict[str, object] = {}
    for name, value in part.__dict__.items():
        if type(value) is str and (text := _text(name, value, at)) != value:
            changed[name] = text
    if isinstance(part, Operation):
        if part.parameters:
            changed["parameters"] = sanitise_parameters(part.parameters, part.type)
        for name in ("file_size", "output_size"):
            if (size := getattr(part, name)) is not None:
                changed[name] = generalise(size)
    return changed


def _text(field: str, value: str, at: datetime | None) -> str:
    match kind_of_field(field):
        case "identifiers":
            return pseudonym(value, at) if at is not None else value if is_random(value) else _WITHHELD
        case "formats" | "providers" | "business_kinds" as limited:
            return known(limited, value)
        case "words":
            return name_or_pseudonym(value, at) if at is not None else value if is_known_word(value) else OTHER
        case "texts":
            return scrub_text(value)
        case "hashes" if _HASH.fullmatch(value):
            return value
        case "versions" if _VERSION.fullmatch(value):
            return value
        case "times" if _is_time(value):
            return value
    return value if is_known_word(value) and len(value) > 0 else _WITHHELD


def _redacted(value: JsonValue, field: str | None) -> JsonValue:
    if isinstance(value, dict):
        return _fields(value)
    if isinstance(value, list):
        return [_redacted(item, field) for item in value]
    if not isinstance(value, str):
        return generalise(value)
    if field == "parameters":
        return _parameters(value)
    return _text(field or "", value, None)


def _fields(document: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = {}
    for number, (key, value) in enumerate(document.items()):
        name = re.sub(r"(?<=[a-z])([A-Z])", lambda letter: f"_{letter[1].lower()}", key)
        kept = key if kind_of_field(name) or is_known_word(key) else f"<word {number}>"
        fields[kept] = _redacted(value, name)
    return fields


def _parameters(text: str) -> str:
    """The parameters of a row, which are JSON in a text."""
    try:
        parameters = loads(text)
    except (ValueError, RecursionError):
        return _WITHHELD
    return dumps(sanitise_parameters(parameters)) if isinstance(parameters, dict) else _WITHHELD


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return len(value) <= len("2026-01-01T00:00:00.000000+00:00")
