"""Wording: words without what punctuation, case and inflection make of them."""

import re
from functools import cache, lru_cache
from pathlib import Path

from shared.core.declared import read_declared

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_VOWEL = re.compile(r"[aeiouy]")
_ENDINGS = (
    ("izations", "ize"),
    ("ization", "ize"),
    ("fulness", "ful"),
    ("iveness", "ive"),
    ("ations", "ate"),
    ("ation", "ate"),
    ("ments", ""),
    ("ment", ""),
    ("iest", "y"),
    ("ings", ""),
    ("ied", "y"),
    ("ies", "y"),
    ("ily", "y"),
    ("ing", ""),
    ("ers", ""),
    ("ly", ""),
    ("ed", ""),
    ("er", ""),
    ("es", ""),
    ("s", ""),
)
_LEAST = 3
"""Letters that are left of a word, a vowel among them."""


def bare(word: str) -> str:
    """The word in lower case, without punctuation around it; of a dash, nothing."""
    return _EDGES.sub("", word.casefold().replace("’", "'"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What forms of one English word have in common, roughly: invest, invests, invested, investing, investment.

    `word` is bare. Words of other languages lose at most a few letters, all forms alike."""
    word = word.removesuffix("'s")
    for ending, instead in _ENDINGS:
        left = word[: -len(ending)]
        least = _LEAST + ending.startswith("er")
        if word.endswith(ending) and len(left) >= least and _VOWEL.search(left) and not word.endswith("ss"):
            return _undoubled(left + instead)
    return _undoubled(word)


@cache
def word_list(name: str) -> frozenset[str]:
    """A list of English words and phrases, of `words/english.yaml`."""
    return frozenset(read_declared(Path(__file__).parent / "words" / "english.yaml")[name])


@cache
def stop_words() -> frozenset[str]:
    """English words that tell nothing of what is spoken about, bare."""
    return frozenset((Path(__file__).parent / "words" / "stop_words.txt").read_text().split())


def _undoubled(word: str) -> str:
    """stopp(ed) as stop; lov(ing) and love alike."""
    if len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in "aeiouls":
        return word[:-1]
    return word[:-1] if len(word) > _LEAST and word.endswith("e") else word
