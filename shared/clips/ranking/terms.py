"""Terms: words brought to what they have in common with their relatives, so that "pricing" finds "price"."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from shared.analysis import bare, stem, stop_words

_WORD = re.compile(r"\w+(?:['’]\w+)*")


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `words/{name}.txt`, in small letters."""
    return frozenset(Path(__file__).with_name("words").joinpath(f"{name}.txt").read_text().split())


@lru_cache(maxsize=65_536)
def term(word: str) -> str:
    """What the word has in common with its other forms; "" if nothing is left, as of a dash."""
    return stem(bare(word))


@lru_cache(maxsize=65_536)
def is_content(word: str) -> bool:
    """Whether a word says something by itself, unlike "the" and "makes". All words of other languages than English do."""
    return len(bare(word)) > 1 and bare(word) not in stop_words()


def terms(text: str) -> tuple[str, ...]:
    """The terms of a text, in order."""
    return tuple(term(word) for word in _WORD.findall(text))


def content_terms(words: Iterable[str]) -> tuple[str, ...]:
    """The terms of those words that say something, in order."""
    return tuple(term(word) for word in words if is_content(word))
