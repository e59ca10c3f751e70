"""How WebChannel puts messages into HTTP bodies."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from infra.local.firestore.errors import InvalidArgument

MAX_MAPS = 1000
"""Messages of one request, as many as the client sends at once."""


def frame(text: str) -> bytes:
    """A chunk of an answer: its length in UTF-16 code units, which is how JavaScript counts, a line break, the text."""
    units = len(text) + sum(character > "\uffff" for character in text)
    return f"{units}\n{text}".encode()


def parse_form(body: bytes) -> dict[str, str]:
    """The fields of a form. Raises InvalidArgument."""
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MAX_MAPS + 8)
    except ValueError as error:
        raise InvalidArgument(f"The body is not a form: {error}") from None
    return {name: values[0] for name, values in fields.items()}


def numbered_maps(form: Mapping[str, str]) -> dict[int, str]:
    """The messages in a form, by their numbers. Raises InvalidArgument."""
    first, count = number(form, "ofs"), number(form, "count")
    if count > MAX_MAPS:
        raise InvalidArgument(f"At most {MAX_MAPS} messages in one request.")
    return {first + index: form.get(f"req{index}___data__", "") for index in range(count)}


def parse_headers(text: str) -> dict[str, str]:
    """The HTTP headers that a client has put into a field, by their names in lower case."""
    lines = (line.partition(":") for line in text.split("\r\n") if line)
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def number(fields: Mapping[str, str], name: str) -> int:
    """A field that is a whole number, 0 if it is missing. Raises InvalidArgument."""
    text = fields.get(name, "0")
    if not text.isascii() or not text.isdecimal():
        raise InvalidArgument(f'"{name}" must be a number.')
    return int(text)
