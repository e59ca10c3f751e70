"""Fields: an object of a document while it is read. What is taken is known; what is left over is kept."""

import re
from typing import Any
from weakref import WeakValueDictionary

from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer

Names = tuple[str, ...]
Number = int | float

LARGEST = 10**15
_NUMBER = re.compile(r"\s*[+-]?\d{1,15}(\.\d{1,15})?\s*")


class _Present(dict[Names, Names]):
    """Which of some names are keys of an object: looked for once for all objects with the same keys."""

    def __init__(self, keys: Names) -> None:
        super().__init__()
        self._keys = frozenset(keys)

    def __missing__(self, names: Names) -> Names:
        found = self[names] = tuple(name for name in names if name in self._keys)
        return found


_SHAPES: WeakValueDictionary[Names, _Present] = WeakValueDictionary()


def _present_among(keys: Names) -> _Present:
    """The same for all objects with these keys, while one of them lives."""
    present = _SHAPES.get(keys)
    if present is None:
        present = _SHAPES[keys] = _Present(keys)
    return present


class Fields:
    """The fields of an object, taken one by one under any of their names.

    A value of the wrong type is an error and stays; so does one that contradicts another name of the same field. `rest` is
    what was not taken, at any depth below."""

    __slots__ = ("_children", "_present", "at", "notes", "places", "prefix", "used", "value")

    def __init__(
        self,
        value: dict[str, Any],
        at: Pointer,
        notes: Notes,
        prefix: Pointer = (),
        places: dict[str, Pointer] | None = None,
    ) -> None:
        self.value = value
        self._present = _present_among(tuple(value))
        self.at = at
        self.notes = notes
        self.used: set[str] = set()
        self.places: dict[str, Pointer] = {} if places is None else places
        """Where below the part each canonical field was found."""
        self.prefix = prefix
        """Where this object is below its part."""
        self._children: dict[str, Fields] = {}

    def key(self, names: Names) -> str | None:
        """The first of the names that is there and not null. Names that say the same are taken with it."""
        present = self._present[names]
        if len(present) > 1:
            return self._agreed(present)
        for name in present:
            if self.value[name] is not None:
                return name
            self.used.add(name)
        return None

    def _agreed(self, names: Names) -> str | None:
        value, found = self.value, None
        for name in names:
            if value[name] is None:
                self.used.add(name)
            elif found is None:
                found = name
            elif value[name] == value[found]:
                self.used.add(name)
            elif value[name] != "" and name not in self.used:
                detail = f"{name} says something else than {found}, which counts."
                self.notes.warn(self.pointer(name), "alias_conflict", detail, f"Keep one of {found} and {name}.")
        return found

    def has(self, *names: str) -> bool:
        """Whether one of the names is there with a value."""
        return any(self.value.get(name) is not None for name in names)

    def pointer(self, key: str) -> Pointer:
        """Where a field is in the document."""
        return (*self.at, key)

    def take(self, names: Names, field: str = "") -> Any:
        """The value as it is, or None."""
        key = self.key(names)
        if key is None:
            return None
        self.mark(key, field)
        return self.value[key]

    def mark(self, key: str, field: str = "") -> None:
        """Count a field as taken, for the canonical `field` of the part."""
        self.used.add(key)
        if field:
            self.places[field] = (*self.prefix, key)

    def leave(self, *keys: str) -> None:
        """Count fields as not taken after all."""
        self.used.difference_update(keys)

    def number(self, names: Names, field: str = "") -> Number | None:
        """A number, or one written as text."""
        key = self.key(names)
        return None if key is None else self.number_at(key, field)

    def number_at(self, key: str, field: str = "") -> Number | None:
        """The number at a key that is there."""
        value = self.value[key]
        if field:
            self.places[field] = (*self.prefix, key)
        kind = type(value)
        if kind is int or kind is float:
            if not -LARGEST <= value <= LARGEST:
                self.notes.error(
                    self.pointer(key), "number_too_large", f"{key} is too large.", "Write a smaller number."
                )
                return None
            self.used.add(key)
            return value  # type: ignore[no-any-return]
        if kind is str:
            return self._number_in_text(key, value)
        self.notes.error(self.pointer(key), "not_a_number", f"{key} must be a number.", "Write a number.")
        return None

    def _number_in_text(self, key: str, text: str) -> Number | None:
        if not text.strip():
            self.used.add(key)
            return None
        if not _NUMBER.fullmatch(text):
            detail = f"{key} must be a number, not {text[:40]!r}."
            self.notes.error(self.pointer(key), "not_a_number", detail, "Write a number.")
            return None
        self.used.add(key)
        self.notes.warn(self.pointer(key), "number_as_text", f"{key} is a number in quotes.", "Take the quotes off.")
        return float(text) if "." in text else int(text)

    def text(self, names: Names, field: str = "") -> str | None:
        """Text that is not empty. A number is taken as its digits."""
        key = self.key(names)
        if key is None:
            return None
        value = self.value[key]
        if isinstance(value, str):
            self.mark(key, field)
            return value or None
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.mark(key, field)
            return str(value)
        self.notes.error(self.pointer(key), "not_text", f"{key} must be text.", "Write it in quotes.")
        return None

    def flag(self, names: Names, field: str = "") -> bool | None:
        """True or false, also as text or 0 and 1."""
        key = self.key(names)
        if key is None:
            return None
        value = self.value[key]
        known = {True: True, False: False, "true": True, "false": False}
        value = value.casefold() if isinstance(value, str) else value
        if isinstance(value, bool | int | str) and value in known:
            self.mark(key, field)
            return known[value]
        self.notes.error(self.pointer(key), "not_a_flag", f"{key} must be true or false.", "Write true or false.")
        return None

    def child(self, names: Names) -> "Fields | None":
        """An object in this one that belongs to the same part."""
        key = self.key(names)
        if key is None or not isinstance(self.value[key], dict):
            return None
        if key not in self._children:
            prefix = (*self.prefix, key)
            self._children[key] = Fields(self.value[key], self.pointer(key), self.notes, prefix, self.places)
        return self._children[key]

    def part(self, names: Names) -> "Fields | None":
        """An object in this one that is a part of its own."""
        key = self.key(names)
        if key is None or not isinstance(self.value[key], dict):
            return None
        self.used.add(key)
        return Fields(self.value[key], self.pointer(key), self.notes)

    def parts(self, names: Names) -> "list[Fields]":
        """A list of objects. One that stands alone counts as a list of one; what is no object is an error."""
        key = self.key(names)
        if key is None:
            return []
        value, at = self.value[key], self.pointer(key)
        if isinstance(value, dict):
            self.used.add(key)
            return [Fields(value, at, self.notes)]
        if not isinstance(value, list):
            self.notes.error(at, "not_a_list", f"{key} must be a list of objects.", "Put it into brackets.")
            return []
        self.used.add(key)
        for index, entry in enumerate(value):
            if not isinstance(entry, dict):
                self.notes.error((*at, index), "not_an_object", f"Each of {key} must be an object.", "Remove it.")
        return [Fields(entry, (*at, index), self.notes) for index, entry in enumerate(value) if isinstance(entry, dict)]

    def adopt(self, key: str, part: "Fields") -> None:
        """Keep of the object at `key` only what `part` has left of it."""
        self._children[key] = part

    def rest(self) -> dict[str, Any]:
        """What was not taken, in its order."""
        left: dict[str, Any] = {}
        for key, value in self.value.items():
            if key in self._children:
                below = self._children[key].rest()
                if below:
                    left[key] = below
            elif key not in self.used:
                left[key] = value
        return left
