"""Field paths: `a.b.`c d`` taken apart, put together, and followed through the maps of a document."""

import re
from collections.abc import MutableMapping

from .errors import InvalidArgument
from .messages import Value

FieldPath = tuple[str, ...]

NAME = ("__name__",)
"""The path of a document's own name."""
MAX_PATH = 1500
"""Bytes of a whole field path."""

_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_SEGMENT = re.compile(r"`((?:[^`\\]|\\.)+)`|([^.`]+)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_field_path(text: str) -> FieldPath:
    """The segments of a field path; quoted ones may hold anything. Raises InvalidArgument."""
    if not text or len(text.encode()) > MAX_PATH:
        raise InvalidArgument(f'Invalid property path "{text[:100]}": it must have 1 to {MAX_PATH} bytes.')
    segments: list[str] = []
    position = 0
    while True:
        match = _SEGMENT.match(text, position)
        if not match:
            raise InvalidArgument(f'Invalid property path "{text}".')
        quoted, plain = match.groups()
        if plain is not None and not _SIMPLE.fullmatch(plain):
            raise InvalidArgument(
                f'Invalid property path "{text}". Unquoted property names must match regex ({_SIMPLE.pattern}).'
            )
        segments.append(plain if plain is not None else _ESCAPED.sub(r"\1", quoted))
        position = match.end()
        if position == len(text):
            return tuple(segments)
        if text[position] != "." or position + 1 == len(text):
            raise InvalidArgument(f'Invalid property path "{text}".')
        position += 1


def format_field_path(path: FieldPath) -> str:
    """The one canonical spelling of a path."""
    return ".".join(_quoted(segment) for segment in path)


def _quoted(segment: str) -> str:
    if _SIMPLE.fullmatch(segment):
        return segment
    return "`" + segment.replace("\\", "\\\\").replace("`", "\\`") + "`"


Fields = MutableMapping[str, Value]


def get_field(fields: Fields, path: FieldPath) -> Value | None:
    """The value at `path`, or None when it is missing."""
    for segment in path[:-1]:
        if segment not in fields:
            return None
        value = fields[segment]
        if value.WhichOneof("value_type") != "map_value":
            return None
        fields = value.map_value.fields
    return fields[path[-1]] if path[-1] in fields else None  # noqa: SIM401 - protobuf maps make what they get()


def set_field(fields: Fields, path: FieldPath, value: Value) -> None:
    """Put `value` at `path`; what stands in the way and is no map becomes one."""
    for segment in path[:-1]:
        step = fields[segment]
        if step.WhichOneof("value_type") != "map_value":
            step.map_value.SetInParent()
        fields = step.map_value.fields
    fields[path[-1]].CopyFrom(value)


def delete_field(fields: Fields, path: FieldPath) -> None:
    """Remove the value at `path`, if there is one; maps that become empty stay."""
    for segment in path[:-1]:
        if segment not in fields or fields[segment].WhichOneof("value_type") != "map_value":
            return
        fields = fields[segment].map_value.fields
    if path[-1] in fields:
        del fields[path[-1]]
