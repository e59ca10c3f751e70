"""Bidi: in which order the letters of a line are seen: the Unicode bidirectional algorithm (UAX #9), rules W1 to L2.

Signs that embed, override or isolate a direction are left out: what they are for, a name within a sentence, is told by its
letters. Rules are named by their numbers in UAX #9."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

_SIGNS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")
_OPENING, _CLOSING = "([{（［｛「『【〈《〔", ")]}）］｝」』】〉》〕"
_CLOSES = dict(zip(_OPENING, _CLOSING, strict=True))
_MIRRORED = str.maketrans(f"{_OPENING}{_CLOSING}<>«»‹›", f"{_CLOSING}{_OPENING}><»«›‹")
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_BLANK = frozenset({"B", "S", "WS"})
_RIGHT = frozenset({"R", "EN", "AN"})
"""What counts as running from the right for the neutral signs beside it: figures too."""


@dataclass(frozen=True)
class Run:
    """Letters of a line that run the same way, in the order in which they are read. `right`: they are seen from right to left."""

    text: str
    right: bool


def mostly_right(text: str) -> bool:
    """Whether most letters of `text` that have a direction are written from right to left."""
    kinds = [unicodedata.bidirectional(character) for character in text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def visual_runs(line: str, *, right: bool = False) -> list[Run]:
    """The runs of a line from left to right. `right`: the line as a whole runs from the right.

    Brackets in runs from the right that have no letter are mirrored here; those beside letters by who draws them."""
    text = "".join(character for character in line if character not in _SIGNS)
    levels = _levels(text, int(right))
    parts = [
        (level, "".join(text[place] for place in places))
        for level, places in groupby(range(len(text)), levels.__getitem__)
    ]
    return [_run(level, part) for level, part in _reordered(parts)]


def _run(level: int, part: str) -> Run:
    right = level % 2 == 1
    if right and not any(unicodedata.bidirectional(character) in ("R", "AL") for character in part):
        return Run(part.translate(_MIRRORED)[::-1], right=False)
    return Run(part, right)


def _reordered(parts: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """L2: from the deepest level up, neighbours of that level or deeper change sides."""
    for least in range(max((level for level, _ in parts), default=0), 0, -1):
        turned: list[tuple[int, str]] = []
        for deep, group in groupby(parts, lambda part, least=least: part[0] >= least):  # type: ignore[misc]
            turned += list(group)[:: -1 if deep else 1]
        parts = turned
    return parts


def _levels(text: str, base: int) -> list[int]:
    """How deep each character is embedded: even levels run from the left, odd ones from the right."""
    told = [unicodedata.bidirectional(character) or "L" for character in text]
    told = ["ON" if kind in ("BN", "") else kind for kind in told]
    around = "R" if base else "L"
    kinds = _weak(told, around)
    _brackets(text, told, kinds, around)
    _neutral(kinds, around)
    levels = [_level(kind, base) for kind in kinds]
    for place in _ends(told):
        levels[place] = base
    return levels


def _level(kind: str, base: int) -> int:
    """I1 and I2."""
    if base == 0:
        return {"L": 0, "R": 1}.get(kind, 2)
    return 1 if kind == "R" else 2


def _ends(told: Sequence[str]) -> Iterator[int]:
    """L1: tabs, and blanks before them or at the end of the line, run as the line does."""
    trailing = True
    for place in range(len(told) - 1, -1, -1):
        trailing = told[place] in ("S", "B") or (trailing and told[place] in _BLANK)
        if trailing:
            yield place


def _weak(told: Sequence[str], around: str) -> list[str]:
    """W1 to W7: marks take the kind of their letter; figures, and signs beside them, that of what they stand with."""
    kinds = list(told)
    for place, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[place] = kinds[place - 1] if place else around
    strong = around
    for place, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R", "AL") else strong
        if kind == "EN" and strong == "AL":
            kinds[place] = "AN"
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for place in range(1, len(kinds) - 1):
        before, kind, after = kinds[place - 1 : place + 2]
        if before == after and ((kind == "ES" and before == "EN") or (kind == "CS" and before in ("EN", "AN"))):
            kinds[place] = before
    for start, end in _stretches(kinds, {"ET"}):
        if "EN" in (kinds[start - 1] if start else "", kinds[end] if end < len(kinds) else ""):
            kinds[start:end] = ["EN"] * (end - start)
    strong = around
    for place, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R") else strong
        if kind in ("ES", "ET", "CS"):
            kinds[place] = "ON"
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"
    return kinds


def _brackets(text: str, told: Sequence[str], kinds: list[str], around: str) -> None:
    """N0: a pair of brackets runs as the line does if anything in it does, else as what is in it and before it."""
    for start, end in _pairs(text, kinds):
        inside = {_way(kind) for kind in kinds[start + 1 : end]}
        other = "L" if around == "R" else "R"
        if around in inside:
            way = around
        elif other in inside:
            before = next((found for kind in reversed(kinds[:start]) if (found := _way(kind))), around)
            way = other if before == other else around
        else:
            continue
        for place in (start, end):
            kinds[place] = way
            for mark in range(place + 1, len(kinds)):
                if told[mark] != "NSM":
                    break
                kinds[mark] = way


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """The places of brackets that belong together, by that of the first."""
    waiting: list[tuple[str, int]] = []
    pairs = []
    for place, character in enumerate(text):
        if kinds[place] != "ON":
            continue
        if character in _CLOSES:
            waiting.append((_CLOSES[character], place))
        elif character in _CLOSING:
            found = next((depth for depth in range(len(waiting) - 1, -1, -1) if waiting[depth][0] == character), None)
            if found is not None:
                pairs.append((waiting[found][1], place))
                del waiting[found:]
    return sorted(pairs)


def _neutral(kinds: list[str], around: str) -> None:
    """N1 and N2: what has no direction runs as both neighbours do, or as the line."""
    for start, end in _stretches(kinds, _NEUTRAL):
        before = _way(kinds[start - 1]) if start else around
        after = _way(kinds[end]) if end < len(kinds) else around
        kinds[start:end] = [(before or around) if before == after else around] * (end - start)


def _way(kind: str) -> str:
    """The direction of a kind for its neighbours; empty if it has none."""
    return "R" if kind in _RIGHT else "L" if kind == "L" else ""


def _stretches(kinds: Sequence[str], wanted: set[str] | frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where kinds of `wanted` stand in a row: the first place, and that after the last."""
    place = 0
    for found, group in groupby(list(kinds), lambda kind: kind in wanted):
        length = len(list(group))
        if found:
            yield place, place + length
        place += length
