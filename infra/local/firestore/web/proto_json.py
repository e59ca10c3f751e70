"""Protobuf messages as JSON, and as the query parameters of a GET."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from infra.local.firestore.errors import InvalidArgument
from infra.local.firestore.verifications import verification

M = TypeVar("M")

_SYSTEM_PARAMETERS = {"alt", "key", "fields", "callback", "prettyPrint", "quotaUser", "access_token", "zx"}
_WELL_KNOWN = "google.protobuf."
_BOOLEANS = {"true": True, "false": False}


def to_text(message: Any) -> str:
    """A message as compact JSON: integers of 64 bits and times are strings, bytes are base64."""
    return json.dumps(json_format.MessageToDict(message), separators=(",", ":"), ensure_ascii=False)


def parse_body(text: bytes | str) -> dict[str, Any]:
    """The JSON object in a body; an empty body is an empty object. Raises InvalidArgument."""
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"Invalid JSON payload received. {error}") from None
    if not isinstance(value, dict):
        raise InvalidArgument("Invalid JSON payload received. Root element must be a message.")
    return value


def fill(message: M, value: dict[str, Any]) -> M:
    """Set the fields that `value` names and return the message. Raises InvalidArgument naming the one that is wrong."""
    verified = _take_verified(value)
    try:
        json_format.ParseDict(value, message)  # type: ignore[type-var]  # messages are Any to the type checker
        for position, name in verified.items():
            message.writes[position].MergeFromString(verification(name))  # type: ignore[attr-defined]
    except (json_format.ParseError, RecursionError, TypeError, ValueError) as error:
        raise InvalidArgument(f"Invalid JSON payload received. {error}") from None
    return message


def _take_verified(value: dict[str, Any]) -> dict[int, str]:
    """Take the documents to verify, by position, out of the writes of a request: the message has no field for them."""
    writes = value.get("writes")
    if not isinstance(writes, list):
        return {}
    verifying = {
        position: write for position, write in enumerate(writes) if isinstance(write, dict) and "verify" in write
    }
    return {position: str(write.pop("verify")) for position, write in verifying.items()}


def fill_from_query(message: M, parameters: Iterable[tuple[str, str]]) -> M:
    """Set the fields that query parameters such as `mask.fieldPaths=a` name. Raises InvalidArgument."""
    value: dict[str, Any] = {}
    for key, text in parameters:
        if key not in _SYSTEM_PARAMETERS and not key.startswith("$"):
            _put(value, message.DESCRIPTOR, key, text)  # type: ignore[attr-defined]
    return fill(message, value)


def _put(value: dict[str, Any], descriptor: Descriptor, key: str, text: str) -> None:
    *parents, last = key.split(".")
    for name in parents:
        field = _field(descriptor, name, key)
        if field.message_type is None or field.is_repeated or field.message_type.full_name.startswith(_WELL_KNOWN):
            raise _unknown(key)
        value = value.setdefault(field.json_name, {})
        descriptor = field.message_type
    field = _field(descriptor, last, key)
    parsed = _BOOLEANS.get(text, text) if field.type == FieldDescriptor.TYPE_BOOL else text
    if field.is_repeated:
        value.setdefault(field.json_name, []).append(parsed)
    else:
        value[field.json_name] = parsed


def _field(descriptor: Descriptor, name: str, key: str) -> FieldDescriptor:
    for field in descriptor.fields:
        if name in (field.json_name, field.name):
            return field
    raise _unknown(key)


def _unknown(key: str) -> InvalidArgument:
    return InvalidArgument(f'Invalid JSON payload received. Unknown name "{key}": Cannot bind query parameter.')
