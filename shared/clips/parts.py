"""Parts: from which part of a recording a sentence wants its clips. Times at which something happened are what it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.clips.sizes import CLIPS, MINUTES, NUMBER, SECONDS, moment, number

_LONGEST_CLIPS = 180.0
"""Seconds: where both ends of `between` are below, clips are to be that long."""
_HOURS = r"(?:hours?|stunden?|heures?|horas?|or[ae])"
_LEAVE = r"""(?:avoid|exclude|skip|ignore|omit|leave\ out|cut\ out|without|except(?:\ for)?|apart\ from|but\ not|not|nothing
    |no\ clips|(?:do\ not|don['’]?t|never)\ (?:use|include|show|take|pick|choose|select))\s+(?:any(?:thing)?\s+)?"""
_FROM = r"(?:from|in|within|during|of|out\ of|over|throughout|aus|in|von|des|dans|pendant|de|en|durante|nei|dei)"
_STAMP = r"(?<![\d:.])(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?![\d:])"
_FIRST = r"first|opening|initial|beginning|ersten|premi[eè]res|primer[oa]s|prim[ie]"
_LAST = r"last|final|closing|letzten|derni[eè]res|[uú]ltim[oaei]s?"
_RECORDING = r"""(?:video|recording|film|movie|episode|show|podcast|interview|talk|stream|call|meeting|webinar|session|lecture
    |conversation|discussion|footage|aufnahme|folge|vid[eé]o|episodio|[eé]pisode)"""
_EDGE = re.compile(
    rf"""\b(?:(?P<leave>{_LEAVE})|(?P<after>after|nach|apr[eè]s)\s+|(?P<before>before|vor|avant)\s+|(?P<strong>(?:only|just|use)\s+))?
    (?P<of>{_FROM}\s+)?(?:(?:the|its|den|die|les|los|las|i|gli)\s+)?(?:very\s+)?
    (?:(?P<many>{NUMBER})\s+)?(?:(?P<first>{_FIRST})|(?P<last>{_LAST})|(?P<second>second)(?=\s+half))\s+
    (?:(?P<share>half|third|quarter)(?!\s+(?:an?\s+)?(?:hour|minute))
        |(?:(?P<half>half)(?:\s+an?)?\s+|(?P<number>{NUMBER})[\s-]*)?(?P<unit>{SECONDS}|{MINUTES}|{_HOURS}))\b
    (?:\s+(?:of|in|from)\s+(?:the|this|that|my|our|each)\s+(?:\w+\s+)?{_RECORDING}\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = re.compile(
    rf"""\b(?:(?:(?P<after>after|past|since|starting\ (?:at|from)|beginning\ (?:at|from)|from|nach|ab|apr[eè]s|despu[eé]s\ de)
        |(?P<before>before|until|till|up\ to|to|vor|bis|avant)|(?P<between>between|zwischen|entre))\s+|(?=minutes?\s))
    (?:(?P<minute>minutes?\s+)(?P<at>\d{{1,3}})|(?:the\s+)?(?P<mark>{NUMBER})[\s-]*(?P<unit>{MINUTES}|{_HOURS})[\s-]+mark\b
        |(?P<stamp>{_STAMP}))
    (?:\s*(?:-|–|to|until|till|and|bis|und|à|et|y)\s*(?:minutes?\s+)?(?:(?P<until>{_STAMP})|(?P<until_at>(?<!\d)\d{{1,3}}(?![\d:]))))?
    (?:\s+(?:on|onwards?|to\ the\ end))?(?!\s*(?:[ap]\.?m\b|o['’]clock|uhr\b|h\b|in\ the))""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAVING = re.compile(rf"\b{_LEAVE}(?:(?:every|any)thing\s+|all\s+)?$", re.IGNORECASE | re.VERBOSE)
_JOINS = re.compile(r"\s*(?:,|and|or|nor|und|oder|et|ou|y|o|e)?\s*", re.IGNORECASE)
"""What stands between two parts of which the same is said."""
_CLAUSE = re.compile(r"[.,;:!?()\n–—]|\b(?:and|but|or)\b", re.IGNORECASE)
_ASKS = re.compile(
    rf"""(?:.*\b(?:{CLIPS}|parts?|bits?|(?:any|every|some)?things?|jokes?|questions?|stor(?:y|ies)|quotes?|laughs?|best|funniest|says?
    |said|happen(?:s|ed)?|talk(?:s|ed)?|discuss(?:ed)?|told|shown?|look|search|find|choose|pick|take|use|only|just)
    (?:\s+(?:about|on|of|with|over|über|sur|sobre)(?:\s+[\w'’&-]+){{1,3}})?)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands in a clause before the part that clips are from: nothing, or that they are asked for."""
_ENDS = re.compile(
    r"""\s*(?:$|[^\w\s'’-])|\s+(?:about|where|with|without|that|which|who|when|for|and|but|or|please|only|on|each|of\ \d|über|von
    |sur|sobre|mit|avec|con)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What follows where it ends what is said of a part: `the first 5 minutes of the fire` are none of the recording."""
_NEAR = 200
"""Characters before a part that can tell what it is."""
_SHARES = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4}


@dataclass(frozen=True)
class Part:
    """A part of a recording, of whatever length that is: seconds and shares of it from its start, or where negative from its end;
    None is the end of the recording."""

    start: float = 0.0
    end: float | None = None
    is_share: bool = False

    def within(self, duration: float) -> tuple[float, float]:
        """Where it starts and ends in a recording of so many seconds."""
        unit = duration if self.is_share else 1.0
        start, end = self.start * unit, duration if self.end is None else self.end * unit
        return max(start + duration if start < 0 else start, 0.0), min(end + duration if end < 0 else end, duration)


def part_in(text: str, duration: float) -> tuple[float, float] | None:
    """From when to when, in seconds, a sentence wants clips of a recording that is so long; None for all of it.

    Of several parts, all from the first to the last; what is left out counts where it is at either end."""
    told = list(_parts(text))
    wanted = [part.within(duration) for _, part, leaves in told if not leaves] or [(0.0, duration)]
    start, end = min(begin for begin, _ in wanted), max(stop for _, stop in wanted)
    for begin, stop in (part.within(duration) for _, part, leaves in told if leaves):
        if begin <= start:
            start = max(start, stop)
        elif stop >= end:
            end = min(end, begin)
    return None if start <= 0 and end >= duration else (start, end)


def without_parts(text: str) -> str:
    """A sentence without what it says of parts."""
    for found, _, _ in reversed(list(_parts(text))):
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return text


def _parts(text: str) -> Iterator[tuple[re.Match[str], Part, bool]]:
    """The parts that a sentence names, in order, and whether each is left out."""
    told = [(found, _of_edge(found)) for found in _EDGE.finditer(text)]
    told += [(found, _of_clock(found)) for found in _CLOCK.finditer(text)]
    last, left = None, False
    for found, part in sorted(told, key=lambda each: each[0].start()):
        joined = last is not None and _JOINS.fullmatch(text, last.end(), found.start()) is not None
        leaves = left if joined else _is_left(found)
        if part is not None and (joined or leaves or _is_placed(found)) and _ENDS.match(text[found.end() :]):
            yield found, part, leaves
            last, left = found, leaves


def _before(found: re.Match[str]) -> str:
    """What stands right before it."""
    return found.string[max(found.start() - _NEAR, 0) : found.start()]


def _is_left(found: re.Match[str]) -> bool:
    """Whether an order to leave something out is part of it, or stands before it."""
    order = found.re is _EDGE and found["leave"] is not None
    return order or _LEAVING.search(_before(found)) is not None


def _is_placed(found: re.Match[str]) -> bool:
    """Whether it says where clips are from, by what stands before it."""
    strong = found.re is _EDGE and re.match(r"(?:from|only|just|use)\b", found[0], re.IGNORECASE)
    return bool(strong or _ASKS.fullmatch(_CLAUSE.split(_before(found))[-1]))


def _of_edge(found: re.Match[str]) -> Part | None:
    """None for `the last minutes`: nobody knows how many."""
    share = found["share"]
    told = "0.5" if found["half"] else found["number"] or found["many"]
    if share is None and told is None and found["unit"].casefold().endswith("s"):
        return None
    length = _SHARES[share.casefold()] if share else _seconds(told, found["unit"])
    is_share = share is not None
    others = bool(found["after"] or found["before"])
    if found["first"]:
        return Part(length, None, is_share) if others else Part(0.0, length, is_share)
    return Part(0.0, -length, is_share) if others else Part(-length, None, is_share)


def _seconds(told: str | None, unit: str) -> float:
    each = 1.0 if unit[0] in "sS" and not unit.casefold().startswith("st") else 60.0 if unit[0] in "mM" else 3600.0
    return each * (number(told) if told else 1.0)


def _of_clock(found: re.Match[str]) -> Part | None:
    first = _start_of(found)
    last = moment(found["until"]) if found["until"] else float(found["until_at"]) * 60 if found["until_at"] else None
    if last is not None:
        return Part(first, last) if first < last and not (found["between"] and last <= _LONGEST_CLIPS) else None
    if not (found["after"] or found["before"]):
        return None
    return Part(first) if found["after"] else Part(0.0, first)


def _start_of(found: re.Match[str]) -> float:
    if found["mark"]:
        return _seconds(found["mark"], found["unit"])
    return float(found["at"]) * 60 if found["minute"] else moment(found["stamp"])
