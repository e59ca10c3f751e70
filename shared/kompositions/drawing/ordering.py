"""Ordering: in which order the words of a line are seen from left to right.

A line of Arabic runs from the right; a number or an English word in it still runs from the left. This is the Unicode
bidirectional algorithm (UAX #9) as far as whole words go; libass does the same, letter by letter, when it draws the line."""

import unicodedata
from collections.abc import Sequence
from typing import Literal

Direction = Literal["left", "right", "number", "none"]
"""Which way a word runs: from the left, from the right, from the left within either, or as its neighbours do."""

_STRONG: dict[str, Direction] = {"L": "left", "R": "right", "AL": "right"}


def runs_right(text: str) -> bool:
    """Whether the first letter of `text` that has a direction is written from right to left."""
    return next((strong == "right" for c in text if (strong := _STRONG.get(unicodedata.bidirectional(c)))), False)


def seen_order(words: Sequence[str]) -> list[int]:
    """The places of `words`, the words of one line, from left to right."""
    levels = _levels(words)
    order = list(range(len(words)))
    for least in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and levels[order[end]] >= least:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = max(end, at + 1)
    return order


def _levels(words: Sequence[str]) -> list[int]:
    """How deep each word is embedded: even levels run from the left, odd ones from the right."""
    base = int(runs_right(" ".join(words)))
    ways = _settled([_direction(word) for word in words], "right" if base else "left")
    return [{"left": 2 * base, "right": 1, "number": 2}[way] for way in ways]


def _settled(ways: Sequence[Direction], base: Direction) -> list[Direction]:
    """Numbers after words from the left run with them; words without direction as both neighbours, or as the line."""
    settled: list[Direction] = []
    strong = base
    for way in ways:
        strong = way if way in ("left", "right") else strong
        settled.append("left" if way == "number" and strong == "left" else way)
    for place, way in enumerate(settled):
        if way == "none":
            after = next((other for other in settled[place + 1 :] if other != "none"), base)
            before = settled[place - 1] if place else base
            first, second = ("right" if side == "number" else side for side in (before, after))
            settled[place] = first if first == second else base
    return settled


def _direction(word: str) -> Direction:
    kinds = [unicodedata.bidirectional(character) for character in word]
    strong = next((_STRONG[kind] for kind in kinds if kind in _STRONG), None)
    if strong is not None:
        return strong
    return "number" if {"EN", "AN"} & set(kinds) else "none"
