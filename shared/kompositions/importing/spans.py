"""Spans: where in a text the values are that JSON pointers name. Everything beside the way to them is passed over unread."""

from collections.abc import Iterable, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.reading import DECODER, skip_space

Span = tuple[int, int]
"""The first character, and the one after the last."""


def find_spans(text: str, start: int, pointers: Iterable[Pointer]) -> dict[Pointer, Span]:
    """The spans of what the pointers name in the JSON value that begins at `start`. What is not there is left out.

    Of a key that is given twice, the last counts."""
    wanted: dict[Any, Any] = {}
    for pointer in pointers:
        branch = wanted
        for step in pointer:
            branch = branch.setdefault(step, {})
        branch[_HERE] = True
    found: dict[Pointer, Span] = {}
    _visit(text, start, wanted, (), found)
    return found


_HERE = object()


def _visit(text: str, start: int, wanted: Mapping[Any, Any], at: Pointer, found: dict[Pointer, Span]) -> int:
    deeper = len(wanted) > (_HERE in wanted)
    if deeper and text[start] == "{":
        end = _visit_object(text, start, wanted, at, found)
    elif deeper and text[start] == "[":
        end = _visit_list(text, start, wanted, at, found)
    else:
        _, end = DECODER.raw_decode(text, start)
    if _HERE in wanted:
        found[at] = (start, end)
    return end


def _visit_object(text: str, start: int, wanted: Mapping[Any, Any], at: Pointer, found: dict[Pointer, Span]) -> int:
    position = skip_space(text, start + 1)
    while text[position] != "}":
        key, position = scanstring(text, position + 1, True)
        position = skip_space(text, skip_space(text, position) + 1)
        branch = wanted.get(key)
        if branch is None:
            _, position = DECODER.raw_decode(text, position)
        else:
            position = _visit(text, position, branch, (*at, key), found)
        position = _next(text, position)
    return position + 1


def _visit_list(text: str, start: int, wanted: Mapping[Any, Any], at: Pointer, found: dict[Pointer, Span]) -> int:
    position, index = skip_space(text, start + 1), 0
    while text[position] != "]":
        branch = wanted.get(index)
        if branch is None:
            _, position = DECODER.raw_decode(text, position)
        else:
            position = _visit(text, position, branch, (*at, index), found)
        position, index = _next(text, position), index + 1
    return position + 1


def _next(text: str, position: int) -> int:
    """Where the next member begins, or the end of them all."""
    position = skip_space(text, position)
    return skip_space(text, position + 1) if text[position] == "," else position
