"""Terms: words brought to what they have in common with their relatives, so that "pricing" finds "price"."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_ENDINGS = (
    "ization",
    "ations",
    "ation",
    "ically",
    "ingly",
    "ments",
    "ment",
    "ings",
    "ing",
    "iest",
    "ies",
    "ied",
    "edly",
    "ed",
)
_LAST = ("es", "s", "ly", "e", "y")
_SHORTEST = 3


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `words/{name}.txt`, in small letters."""
    return frozenset(Path(__file__).with_name("words").joinpath(f"{name}.txt").read_text().split())


@lru_cache(maxsize=65_536)
def term(word: str) -> str:
    """The word in small letters, without punctuation around it and without an English ending; "" if nothing is left."""
    found = _WORD.search(word.casefold())
    if found is None:
        return ""
    bare = found[0].replace("’", "'").removesuffix("'s")
    for endings in (_ENDINGS, _LAST):
        ending = next((each for each in endings if bare.endswith(each) and len(bare) - len(each) >= _SHORTEST), "")
        bare = bare.removesuffix(ending)
    return bare[:-1] if len(bare) > _SHORTEST and bare[-1] == bare[-2] and bare[-1] not in "aeiou" else bare


@lru_cache(maxsize=65_536)
def is_content(word: str) -> bool:
    """Whether a word says something by itself, unlike "the" and "makes". All words of other languages than English do."""
    found = _WORD.search(word.casefold())
    return found is not None and len(found[0]) > 1 and term(word) not in _common_terms()


def terms(text: str) -> tuple[str, ...]:
    """The terms of a text, in order."""
    return tuple(term(word) for word in _WORD.findall(text))


def content_terms(words: Iterable[str]) -> tuple[str, ...]:
    """The terms of those words that say something, in order."""
    return tuple(term(word) for word in words if is_content(word))


@cache
def _common_terms() -> frozenset[str]:
    return frozenset(map(term, word_list("common")))
