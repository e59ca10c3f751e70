"""CloudEvents over HTTP: read in binary or structured mode, written in binary mode."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

REQUIRED = ("id", "source", "specversion", "type")
_PREFIX = "ce-"
_STRUCTURED = "application/cloudevents+json"
_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


class InvalidEvent(ValueError):
    """The request holds no CloudEvent; the message says what is missing."""


@dataclass(frozen=True)
class Event:
    """A CloudEvent: attributes as HTTP headers carry them (lower case, without the prefix), and its data.

    `content_type` is "" if the sender named none."""

    attributes: dict[str, str]
    content_type: str
    data: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the event in binary mode."""
        headers = {_PREFIX + key: value for key, value in self.attributes.items()}
        return headers | ({"Content-Type": self.content_type} if self.content_type else {})


def read_event(headers: Mapping[str, str], body: bytes) -> Event:
    """The event in a request. Raises InvalidEvent."""
    content_type = headers.get("Content-Type", "")
    if content_type.split(";")[0].strip().lower() == _STRUCTURED:
        event = _structured(body)
    else:
        attributes = {
            key[len(_PREFIX) :].lower(): value for key, value in headers.items() if key.lower().startswith(_PREFIX)
        }
        event = Event(attributes, content_type, body)
    missing = [name for name in REQUIRED if not event.attributes.get(name)]
    if missing:
        raise InvalidEvent(f"a CloudEvent needs the attributes {', '.join(missing)}")
    return event


def _structured(body: bytes) -> Event:
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise InvalidEvent(f"the event is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise InvalidEvent("the event is not a JSON object")
    content_type = str(fields.pop("datacontenttype", "application/json"))
    data, encoded = fields.pop("data", None), fields.pop("data_base64", None)
    attributes = {key.lower(): _header(value) for key, value in fields.items() if value is not None}
    return Event(attributes, content_type, _data(data, encoded, content_type))


def _header(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return quote(text, safe=_PRINTABLE)


def _data(data: object, encoded: object, content_type: str) -> bytes:
    if isinstance(encoded, str):
        try:
            return base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise InvalidEvent(f"data_base64 is not base64: {error}") from None
    if isinstance(data, str) and "json" not in content_type:
        return data.encode()
    return b"" if data is None else json.dumps(data).encode()
