"""Searching: where a query's words are in a line, however either is encoded: é is one character, or e and an accent."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from shared.transcripts.editing.edits import Query

_TURKISH = str.maketrans("İı", "ii")


@dataclass(frozen=True)
class Span:
    """Characters `start` up to, not including, `end` of a line."""

    start: int
    end: int


def spans(line: str, query: Query) -> list[Span]:
    """Where the query's words are in a line whose spaces are single, in order, none overlapping. What is found is whole
    characters with their accents: "cafe" is not in "café"."""
    wanted = "".join(_folded(each, query.match_case) for each in _characters(" ".join(query.find.split())))
    return list(_found(line, wanted, query)) if wanted else []


def _found(line: str, wanted: str, query: Query) -> Iterator[Span]:
    characters = list(_characters(line))
    folded = [_folded(each, query.match_case) for each in characters]
    edges, places = ([0, *accumulate(map(len, parts))] for parts in (folded, characters))
    text = "".join(folded)
    at = text.find(wanted)
    while at >= 0:
        first, last = bisect_left(edges, at), bisect_left(edges, at + len(wanted))
        whole = edges[first] == at and edges[last] == at + len(wanted)
        if whole and not (query.whole_words and _goes_on(characters, first, last)):
            yield Span(places[first], places[last])
            at = text.find(wanted, at + len(wanted))
        else:
            at = text.find(wanted, at + 1)


def _goes_on(characters: list[str], first: int, last: int) -> bool:
    """Whether the word goes on before or after these characters."""
    beside = [*characters[max(0, first - 1) : first], *characters[last : last + 1]]
    return any(each[0].isalnum() or each[0] == "_" for each in beside)


def _characters(text: str) -> Iterator[str]:
    """Each character with the marks that belong to it."""
    if text.isascii():
        yield from text
        return
    begins = [place for place, each in enumerate(text) if place == 0 or not unicodedata.category(each).startswith("M")]
    yield from (text[begin:end] for begin, end in pairwise([*begins, len(text)]))


def _folded(character: str, match_case: bool) -> str:
    """What all writings of a character have in common; without `match_case`, of its capital too."""
    if character.isascii():
        return character if match_case else character.lower()
    if match_case:
        return unicodedata.normalize("NFD", character)
    folded = unicodedata.normalize("NFKD", character.translate(_TURKISH)).casefold()
    return unicodedata.normalize("NFKD", folded)
