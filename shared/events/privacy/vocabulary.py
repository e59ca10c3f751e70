"""What may be said: words that tell of nobody, and names out of limited sets."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from shared.core.declared import read_declared

OTHER = "other"
"""What is not in a limited set."""
_HERE = Path(__file__).parent
RULES = _HERE / "parameters.json"
"""What the registry says of operations: see `generating`."""
_PARTS = re.compile(r"[_.-]|(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"([a-z]*?)(\d{0,4})")
_MAX_DIGITS = 6


@lru_cache(maxsize=4096)
def is_known_word(word: str) -> bool:
    """Whether a word, or each part of one (`RenderFailed`, `frame_rate`, `take_2`), is among those that tell of nobody."""
    if not word.isascii() or sum(character.isdigit() for character in word) > _MAX_DIGITS:
        return False
    return all(_is_known_part(part.lower()) for part in _PARTS.split(word) if part)


def known(kind: str, text: str) -> str:
    """`text` if it is in the limited set `kind` (formats, providers, business_kinds), else `other`.

    A version after the name is dropped: `veo-3.1` is `veo`."""
    members = _sets()[kind]
    lowered = text.lower()
    if lowered in members:
        return lowered
    head = re.split(r"[-_.\d]", lowered, maxsplit=1)[0]
    return head if head in members else OTHER


@cache
def kind_of_field(name: str) -> str | None:
    """What the field of an event or of a row called `name` may hold: a key of `fields` in vocabulary.yaml."""
    kinds: dict[str, list[str]] = _vocabulary()["fields"]
    return next((kind for kind, names in kinds.items() if name in names), None)


def _is_known_part(part: str) -> bool:
    numbered = _NUMBERED.fullmatch(part)
    return part in _words() or (numbered is not None and (not numbered[1] or numbered[1] in _words()))


@cache
def _words() -> frozenset[str]:
    """Those of the list, and what the names and the words of operations are made of."""
    registry = json.loads(RULES.read_text())
    named = [*registry["operations"], *(word for rule in registry["rules"] for word in rule.get("words", ()))]
    parts = {part.lower() for name in named for part in (name, *_PARTS.split(name))}
    return frozenset(parts).union((_HERE / "words.txt").read_text().split())


@cache
def _sets() -> dict[str, frozenset[str]]:
    return {kind: frozenset(map(str, _vocabulary()[kind])) for kind in ("formats", "providers", "business_kinds")}


@cache
def _vocabulary() -> dict[str, Any]:
    loaded: dict[str, Any] = read_declared(_HERE / "vocabulary.yaml")
    return loaded
