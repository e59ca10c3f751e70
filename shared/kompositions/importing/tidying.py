"""Tidying: any Python value becomes clean JSON data: finite numbers, real Unicode, text keys, bounded depth and size."""

import math
from typing import Any

from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer

MAX_DEPTH = 100
MAX_VALUES = 5_000_000
_LARGEST_INTEGER = 10**1000


class Repeated(dict[str, Any]):
    """An object in which a key was given more than once: `keys_twice` lists those; the last value of each is kept."""

    keys_twice: tuple[str, ...] = ()


class Unreadable:
    """A number that is no number in JSON, or too long for one: its text."""

    def __init__(self, text: str) -> None:
        self.text = text


def tidy(value: object, notes: Notes) -> Any:
    """`value` itself if it is clean JSON data, else a clean copy, with a finding for everything that was changed."""
    return value if _is_clean(value) else _Cleaner(notes).clean(value, ())


def _is_clean(value: object) -> bool:
    if type(value) is not dict and type(value) is not list:
        return _is_clean_scalar(value, type(value))
    waiting: list[tuple[Any, int]] = [(value, 1)]
    count = 0
    while waiting:
        current, depth = waiting.pop()
        count += len(current)
        if depth > MAX_DEPTH or count > MAX_VALUES:
            return False
        if type(current) is dict:
            for key in current:
                if type(key) is not str or not (key.isascii() or _is_unicode(key)):
                    return False
            current = current.values()
        for child in current:
            kind = type(child)
            if kind is dict or kind is list:
                waiting.append((child, depth + 1))
            elif not _is_clean_scalar(child, kind):
                return False
    return True


def _is_clean_scalar(value: Any, kind: type) -> bool:
    if kind is str:
        return value.isascii() or _is_unicode(value)
    if kind is float:
        return math.isfinite(value)
    return -_LARGEST_INTEGER < value < _LARGEST_INTEGER if kind is int else value is None or kind is bool


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Cleaner:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.count = 0

    def clean(self, value: object, at: Pointer) -> Any:
        self.count += 1
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(str(value), at)
        if isinstance(value, int):
            return self._integer(int(value), at)
        if isinstance(value, float):
            return self._float(float(value), at)
        if isinstance(value, Unreadable):
            self._refuse(value.text, at)
            return None
        if isinstance(value, dict | list | tuple):
            return self._container(value, at)
        self.notes.error(
            at, "not_json", f"A {type(value).__name__} is no JSON value. It is left out.", "Write it as text."
        )
        return None

    def _container(self, value: dict[Any, Any] | list[Any] | tuple[Any, ...], at: Pointer) -> Any:
        if len(at) >= MAX_DEPTH:
            detail = f"Objects and lists lie in each other more than {MAX_DEPTH} deep. What is deeper is left out."
            self.notes.error(at, "too_deep", detail, "Make the document flatter.")
            return None
        if self.count > MAX_VALUES:
            self.notes.error(at, "too_large", "The document has too many values.", "Split it into several.")
            return None
        if not isinstance(value, dict):
            return [self.clean(child, (*at, index)) for index, child in enumerate(value)]
        for key in getattr(value, "keys_twice", ()):
            detail = f"{key!r} is given more than once in this object. The last value counts."
            self.notes.warn((*at, self._key(key)), "duplicate_key", detail, "Keep one of them.")
        cleaned: dict[str, Any] = {}
        for key, child in value.items():
            name = self._key(key)
            if name is not key:
                self.notes.warn((*at, name), "key_text", "The key is no proper text. It was changed.", "Rename it.")
            cleaned[name] = self.clean(child, (*at, name))
        return cleaned

    @staticmethod
    def _key(key: object) -> str:
        if isinstance(key, str) and _is_unicode(key):
            return key
        if isinstance(key, str):
            return key.encode(errors="surrogatepass").decode(errors="replace")
        return f"{key}" if isinstance(key, int | float | bool) or key is None else f"<{type(key).__name__}>"

    def _text(self, text: str, at: Pointer) -> str:
        if _is_unicode(text):
            return text
        detail = "The text holds half of a character (a lone surrogate). It was replaced by a question mark sign."
        self.notes.warn(at, "lone_surrogate", detail, "Write the whole character.")
        return text.encode(errors="surrogatepass").decode(errors="replace")

    def _integer(self, value: int, at: Pointer) -> int | None:
        if -_LARGEST_INTEGER < value < _LARGEST_INTEGER:
            return value
        self._refuse("The number", at)
        return None

    def _float(self, value: float, at: Pointer) -> float | None:
        if math.isfinite(value):
            return value
        self._refuse(str(value), at)
        return None

    def _refuse(self, text: str, at: Pointer) -> None:
        shown = text if len(text) <= 40 else f"{text[:37]}…"
        detail = f"{shown} is not a number that can be used. It is read as null."
        self.notes.warn(at, "number_unusable", detail, "Write a finite number of fewer digits.")
