"""Conversion: a komposition as canonical text. What Kompo has no use for is written byte for byte as it stood in the input."""

import json
from collections.abc import Iterator
from typing import Any

from shared.kompositions.importing.imported import Imported
from shared.kompositions.importing.origin import Origin, Pointer
from shared.kompositions.importing.reading import DECODER
from shared.kompositions.importing.spans import find_spans
from shared.kompositions.importing.tidying import Unreadable

_STEP = "  "


def canonical_text(imported: Imported) -> str:
    """The komposition of an import without errors as JSON, indented, with a new line at its end.

    Converting the text again gives the same bytes. Raises `ValueError` when there is no komposition."""
    if imported.komposition is None:
        raise ValueError("The document has errors; there is no komposition to write.")
    told = imported.komposition.to_json()
    writer = _Writer(imported.origin, dict(_extras(told, ())))
    return writer.part(told, (), "") + "\n"


def _extras(value: Any, location: Pointer) -> Iterator[tuple[Pointer, Any]]:
    """Every entry of every part's `extra`."""
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "extra":
                yield from (((*location, "extra", name), entry) for name, entry in child.items())
            elif key != "params":
                yield from _extras(child, (*location, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _extras(child, (*location, index))


class _Writer:
    def __init__(self, origin: Origin, extras: dict[Pointer, Any]) -> None:
        self.origin = origin
        self.raw: dict[Pointer, str] = {}
        if origin.text is not None:
            text = origin.text
            pointers = {pointer for location, entry in extras.items() for pointer in self._pointers(entry, location)}
            spans = find_spans(text, origin.start, pointers)
            self.raw = {pointer: text[begin:end] for pointer, (begin, end) in spans.items()}

    def part(self, value: Any, location: Pointer, margin: str) -> str:
        """A part of the komposition, or a value in it."""
        if isinstance(value, dict):
            members = []
            for key, child in value.items():
                inner = (*location, key)
                if key == "extra":
                    written = self.kept(child, inner, margin + _STEP)
                elif key == "params":
                    written = _plain(child, margin + _STEP)
                else:
                    written = self.part(child, inner, margin + _STEP)
                members.append(f"{_plain(key)}: {written}")
            return _enclosed("{}", members, margin)
        if isinstance(value, list):
            items = [self.part(child, (*location, index), margin + _STEP) for index, child in enumerate(value)]
            return _enclosed("[]", items, margin)
        return _plain(value)

    def kept(self, value: Any, location: Pointer, margin: str) -> str:
        """Something kept: as it stood, or, where parts of it were used, with what is left as it stood."""
        raw = self.raw.get(self.origin.of(location)) if location[-1] != "extra" else None
        if raw is not None and _same(value, DECODER.decode(raw)):
            return raw
        if isinstance(value, dict):
            members = [
                f"{_plain(key)}: {self.kept(child, (*location, key), margin + _STEP)}" for key, child in value.items()
            ]
            return _enclosed("{}", members, margin)
        if isinstance(value, list):
            items = [self.kept(child, (*location, index), margin + _STEP) for index, child in enumerate(value)]
            return _enclosed("[]", items, margin)
        return _plain(value)

    def _pointers(self, value: Any, location: Pointer) -> Iterator[Pointer]:
        yield self.origin.of(location)
        if isinstance(value, dict):
            for key, child in value.items():
                yield from self._pointers(child, (*location, key))
        elif isinstance(value, list):
            for index, child in enumerate(value):
                yield from self._pointers(child, (*location, index))


def _same(value: Any, given: Any) -> bool:
    """Whether what was kept is all of what was given, and nothing else."""
    if isinstance(given, Unreadable):
        return value is None and given.text.lstrip("-")[:1].isdigit()
    if isinstance(given, dict):
        return (
            type(given) is dict
            and isinstance(value, dict)
            and list(value) == list(given)
            and all(_same(value[key], given[key]) for key in given)
        )
    if isinstance(given, list):
        return (
            isinstance(value, list)
            and len(value) == len(given)
            and all(_same(child, other) for child, other in zip(value, given, strict=True))
        )
    return type(value) is type(given) and bool(value == given)


def _plain(value: Any, margin: str = "") -> str:
    """JSON, indented from the second line on."""
    text = json.dumps(value, ensure_ascii=False, indent=len(_STEP) if isinstance(value, dict | list) else None)
    return text.replace("\n", f"\n{margin}")


def _enclosed(ends: str, members: list[str], margin: str) -> str:
    if not members:
        return ends
    inner = f",\n{margin}{_STEP}".join(members)
    return f"{ends[0]}\n{margin}{_STEP}{inner}\n{margin}{ends[1]}"
