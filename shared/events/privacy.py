"""Privacy of events: who did it becomes a keyed hash, and what could tell of a person or a file is taken out.

Parameters are kept only under names known to be technical, and only as numbers or one technical word. Free text loses its
paths, file names, addresses, quotations and long numbers.
"""

import hashlib
import hmac
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import JsonValue

from shared.core.settings import settings
from shared.events.schema import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TEXT = 500
_READ = 4 * MAX_TEXT
"""How much of a message is looked at; with bounded patterns, no message can be made that takes long."""
_MAX_LIST = 16
_NAMES = Path(__file__).with_name("parameters.yaml")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:+-]{0,31}")

_FILE = r"[^\s\\/:*?\"'<>|()]{0,100}\.[A-Za-z][A-Za-z0-9]{1,4}\b"
_REDACTED = (
    (re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s'\"<>]+"), "<url>"),
    (re.compile(r"[^\s@<>'\"]{1,64}@[^\s@<>'\"]+"), "<email>"),
    (re.compile(r"(?:[A-Za-z]:)?\\[^\s'\"<>|]+"), "<path>"),
    (re.compile(r"(?<![\w<])[~.]{0,2}/[^\s'\"<>|]+"), "<path>"),
    (re.compile(r"\b[\w.-]{1,100}/[^\s'\"<>|]*[/.][^\s'\"<>|]*"), "<path>"),
    (re.compile(rf"(?<![\w<])[\w-]{_FILE}"), "<file>"),
)
_QUOTED = re.compile(r"(?<!\w)(['\"`])[^'\"`\n]*\1(?!\w)")
_NUMBERS = (
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<address>"),
    (re.compile(r"\+?\d[\d -]{7,}\d"), "<number>"),
)


def hash_user(user_id: str) -> str:
    """HMAC-SHA256 of a user id with the secret salt of this deployment: 64 hexadecimal digits."""
    salt = settings().user_salt.get_secret_value().encode()
    return hmac.new(salt, user_id.encode(), hashlib.sha256).hexdigest()


def analytics_allowed(user_id: str | None) -> bool:
    """Whether events of this user may be collected: analytics are on, and the user has not opted out."""
    if not settings().analytics_enabled:
        return False
    if user_id is None:
        return True
    from shared.core.clients import firestore_client

    profile = firestore_client().collection("users").document(user_id).get(["analyticsOptOut"])
    return not (profile.to_dict() or {}).get("analyticsOptOut", False)


def sanitise(event: Event) -> Event:
    """The event without anything that could tell of a person or a file."""
    changes: dict[str, object] = {}
    if event.operation and event.operation.parameters:
        parameters = sanitise_parameters(event.operation.parameters)
        changes["operation"] = event.operation.model_copy(update={"parameters": parameters})
    if event.metrics and event.metrics.error_message:
        message = scrub_text(event.metrics.error_message)
        changes["metrics"] = event.metrics.model_copy(update={"error_message": message})
    return event.model_copy(update=changes) if changes else event


def sanitise_parameters(parameters: "Mapping[str, JsonValue]") -> dict[str, JsonValue]:
    """Only the parameters known to be technical, whose value is what their name says."""
    numbers, words = _known_parameters()
    return {
        name: value
        for name, value in parameters.items()
        if (name in numbers and _is_numeric(value)) or (name in words and _is_word(value))
    }


def scrub_text(text: str) -> str:
    """A message for people without URLs, e-mail addresses, paths, files, quotations and long numbers; at most 500 characters."""
    text = redact_text(_QUOTED.sub("<text>", text[:_READ]))
    for pattern, instead in _NUMBERS:
        text = pattern.sub(instead, text)
    return text[:MAX_TEXT]


def redact(value: JsonValue) -> JsonValue:
    """A JSON value, as long as it was, whose texts are without URLs, e-mail addresses, paths and file names."""
    if isinstance(value, dict):
        return {redact_text(key): redact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact(item) for item in value]
    return redact_text(value) if isinstance(value, str) else value


def redact_text(text: str) -> str:
    """Text, as long as it was, without URLs, e-mail addresses, paths and file names."""
    for pattern, instead in _REDACTED:
        text = pattern.sub(instead, text)
    return text


@cache
def _known_parameters() -> tuple[frozenset[str], frozenset[str]]:
    known = yaml.safe_load(_NAMES.read_text())
    return frozenset(known["numbers"]), frozenset(known["words"])


def _is_numeric(value: JsonValue) -> bool:
    if isinstance(value, list):
        return len(value) <= _MAX_LIST and all(isinstance(item, int | float) for item in value)
    return isinstance(value, int | float)


def _is_word(value: JsonValue) -> bool:
    return _is_numeric(value) or (isinstance(value, str) and _WORD.fullmatch(value) is not None)
