"""Ordering: in which order the words of a line are seen from left to right.

A line of Arabic runs from the right; a number or an English word in it still runs from the left. This is the Unicode
bidirectional algorithm (UAX #9) as far as whole words go; libass does the same, letter by letter, when it draws the line."""

import unicodedata
from collections.abc import Sequence
from typing import Literal

Direction = Literal["left", "right", "number", "none"]
"""Which way a word runs: from the left, from the right, from the left within either, or as its neighbours do."""

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi"})
_LEFT_MARK, _RIGHT_MARK = "\u200e", "\u200f"
_SPACE: Direction = "none"
_STRONG: dict[str, Direction] = {"L": "left", "R": "right", "AL": "right"}


def runs_right(text: str) -> bool:
    """Whether the first letter of `text` that has a direction is written from right to left."""
    return next((strong == "right" for c in text if (strong := _STRONG.get(unicodedata.bidirectional(c)))), False)


def lines_run_right(text: str, language: str | None = None) -> bool:
    """Whether the lines of `text` run from the right: by its language (BCP 47) if it is told, by its first letter if not."""
    if language is None:
        return runs_right(text)
    return language.lower().replace("_", "-").split("-")[0] in _RIGHT_TO_LEFT


def line_mark(text: str, *, right: bool) -> str:
    """What a line of `text` begins with, unseen, for all of it to run that way; nothing where no letter runs from the right."""
    mixed = any(_STRONG.get(unicodedata.bidirectional(character)) == "right" for character in text)
    return (_RIGHT_MARK if right else _LEFT_MARK) if mixed else ""


def seen_order(words: Sequence[str], *, right: bool) -> list[int]:
    """The places of `words`, the words of one line, from left to right. `right`: the line runs from the right."""
    ways = [way for word in words for way in (_direction(word), _SPACE)][:-1]
    levels = _levels(ways, base=int(right))
    order = list(range(len(ways)))
    for least in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and levels[order[end]] >= least:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = max(end, at + 1)
    return [place // 2 for place in order if place % 2 == 0]


def _levels(ways: Sequence[Direction], base: int) -> list[int]:
    """How deep each is embedded: even levels run from the left, odd ones from the right."""
    settled = _settled(ways, "right" if base else "left")
    return [{"left": 2 * base, "right": 1, "number": 2}[way] for way in settled]


def _settled(ways: Sequence[Direction], base: Direction) -> list[Direction]:
    """Numbers after words from the left run with them; what has no direction runs as both neighbours, or as the line."""
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
