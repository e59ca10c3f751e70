"""Scrubbing: what never leaves this machine. A light list; the server has the full one, by operation.

Of parameters, numbers, truth values and single technical words stay, unless their name says that they tell of a person, a
file or a secret. Of messages, paths, addresses and quotations are taken out.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from numbers import Real

Scalar = bool | int | float | str
Plain = Scalar | list[int | float]

MAX_PARAMETERS = 64
MAX_WORD = 32
MAX_LIST = 16
MAX_MESSAGE = 500
READ_OF_MESSAGE = 2_000
LARGEST = 2**53

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_WORD = re.compile(r"(?![0-9a-fA-F]{12})(?!\d{7})[A-Za-z0-9][A-Za-z0-9_:+-]*")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_TELLING = frozenset(
    """
    address album artist author caption captions cookie credential credentials
    description dest destination dir directory email file filename filenames
    files folder host input inputs key keys label mail name output
    outputs owner password path paths phone prompt secret source sources
    src subtitle subtitles text title token uri uris url urls user
    username
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)
_STILL_TECHNICAL = frozenset({"input_format", "output_format", "source_file_type"})
_OUT = (
    (re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://\S+"), "<url>"),
    (re.compile(r"[^\s@]{1,64}@\S+"), "<email>"),
    (re.compile(r"(['\"`])[^'\"`\n]*\1"), "<text>"),
    (re.compile(r"\S{0,255}[/\\]\S*"), "<path>"),
    (re.compile(r"(?<!\S)\S{0,100}\.[A-Za-z][A-Za-z0-9]{1,4}\b"), "<file>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\+?\d[\d -]{7,}\d"), "<number>"),
)


def copy_parameters(parameters: object) -> dict[str, object]:
    """What could be kept of parameters, copied at once and cheaply: the caller may change them, and they may be large."""
    if not isinstance(parameters, Mapping):
        return {}
    kept: dict[str, object] = {}
    for name, value in islice(parameters.items(), MAX_PARAMETERS):
        kind = type(value)
        if kind is int or kind is float or kind is bool or (kind is str and len(value) <= MAX_WORD):
            kept[name] = value
        elif kind is list or kind is tuple:
            if len(value) <= MAX_LIST:
                kept[name] = [item for item in value if type(item) is int or type(item) is float]
        elif isinstance(value, str):
            if str.__len__(value) <= MAX_WORD:
                kept[name] = str.__str__(value)
        elif isinstance(value, Real):
            kept[name] = float(value)
    return kept


def scrub_parameters(parameters: Mapping[str, object]) -> dict[str, Plain]:
    """The parameters that may leave this machine, of copied ones."""
    return {
        name: value  # type: ignore[misc]
        for name, value in parameters.items()
        if type(name) is str and _may_be_told(name) and _is_plain(value)
    }


def scrub_message(message: str) -> str:
    """A message without URLs, addresses, quotations, paths and file names; at most 500 characters."""
    text = message[:READ_OF_MESSAGE]
    for pattern, instead in _OUT:
        text = pattern.sub(instead, text)
    return "".join(each if each.isprintable() else " " for each in text[:MAX_MESSAGE])


@lru_cache(maxsize=2048)
def _may_be_told(name: str) -> bool:
    if name in _STILL_TECHNICAL:
        return True
    parts = {part.lower() for part in _PARTS.findall(name)}
    return _NAME.fullmatch(name) is not None and parts.isdisjoint(_TELLING)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return _WORD.fullmatch(value) is not None
    if isinstance(value, list):
        return all(map(_is_number, value))
    return _is_number(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) <= LARGEST
