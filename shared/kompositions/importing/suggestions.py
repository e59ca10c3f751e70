"""Suggestions: which of the known names a wrong one was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import PurePosixPath

MOST_CANDIDATES = 500
_LONG_WORD = 5
"""Letters of a word that is worth a guess when only one candidate shares it."""


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `name`, whatever the case, the folder and the suffix; None when none is near."""
    by_stem: dict[str, str] = {}
    for candidate in list(candidates)[:MOST_CANDIDATES]:
        by_stem.setdefault(stem(candidate), candidate)
    found = get_close_matches(stem(name)[:200], by_stem, n=1, cutoff=0.6)
    if found:
        return by_stem[found[0]]
    words = {word for word in stem(name).replace("-", "_").split("_") if len(word) >= _LONG_WORD}
    sharing = [known for known in by_stem if words & set(known.replace("-", "_").split("_"))]
    return by_stem[sharing[0]] if len(sharing) == 1 else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """A sentence with a space before it, or nothing."""
    found = closest(name, candidates)
    return "" if found is None else f" Did you mean {found!r}?"


def stem(name: str) -> str:
    """A file's name without folder, suffix and case, for comparing."""
    return PurePosixPath(name.replace("\\", "/")).stem.casefold() if name.strip("./\\") else name
