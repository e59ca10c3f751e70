"""Sizes: what a sentence says of how many clips, and how long ones. Other numbers and times in it are what they are about."""

import re
from collections.abc import Iterator

from shared.prompts import COUNT, DURATION, LONGEST, MOST_CLIPS, SHORTEST

_WORDS = {
    word: float(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
} | {"a dozen": 12.0, "a couple of": 2.0}
NUMBER = rf"(?:(?<![\d.:,])(?!(?:19|20)\d\d\b)\d+(?:\.\d+)?(?![\d:])|\b(?:{'|'.join(_WORDS).replace(' ', '[ ]')})\b)"
"""In figures or in words; no year."""
_TO = r"\s*(?:-|–|\b(?:to|or|and|bis|oder|à|a|y|e|et)\b)\s*"
CLIPS = (
    r"(?:clips?|shorts|reels|moments|highlights|videos|tiktoks|momente|momentos|momenti|v[ií]déos|extraits|szenen)\b"
)
SECONDS = r"(?:seconds?|secs?|sekunden?|sek|secondes?|segundos?|second[oi])"
MINUTES = r"(?:minutes?|mins?|minuten|minutos?|minut[oi])"
_COUNT = re.compile(
    rf"(?P<least>{NUMBER})(?:{_TO}(?P<most>{NUMBER}))?\s+(?:(?!se[ckg]|min)[\w-]+\s+){{0,2}}?{CLIPS}", re.IGNORECASE
)
_LENGTH = re.compile(
    rf"""(?:\b(?:(?P<at_most>under|below|at\ most|up\ to|less\ than|(?:no|not)\ (?:longer|more)\ than|max(?:imum)?|shorter\ than)
        |(?P<at_least>at\ least|(?:longer|more)\ than|over|no\ (?:shorter|less)\ than|min(?:imum)?))\s+)?
    (?:\bbetween\s+)?
    (?:(?P<clock>(?<![\d.:])\d{{1,2}}:[0-5]\d\b)(?:[\s-]*{MINUTES}\b)?
    |(?:(?P<least>{NUMBER})(?:{_TO}(?P<most>{NUMBER}))?|(?P<part>\bhalf\s+a|\ba)\b)
        (?:[\s-]*(?P<unit>{SECONDS}|{MINUTES})\b|(?<=\d)\s?(?P<short>s)\b)(?P<half>\s+and\s+a\s+half\b)?)""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_CLIPS = re.compile(
    rf"""(?:{CLIPS}[\s,:(–-]*(?:of|at|with|around|about|in|von|zu|mit|de|di|d[’'])?(?:\s+je)?
    |\b(?:each(?:\s+of)?|je(?:weils)?)|[\dx×]\s*[x×])\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands before a time that says how long clips are."""
_OF_SOMETHING = re.compile(
    r"""\b(?:first|last|next|past|final|opening|closing|after|before|since|from|every|in|within|his|her|its|their|my|your|our|the
    |this|that|these|those|ersten|letzten|nächsten|nach|vor|seine|ihre|premi[eè]res|derni[eè]res|après|avant|primeros|últimos
    |después|antes)\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands before any other: `the first 10 minutes`, `his 5 minute routine`."""
_MADE = re.compile(
    rf"[\s-]+(?:long\s+)?(?:[\w-]+\s+){{0,2}}?(?:{CLIPS}|(?:summary|teaser|trailer|version|cut|edit|snippet)s?\b)",
    re.IGNORECASE,
)
"""What follows where clips are called by their length: `30-second funny clips`."""
_ENDS = re.compile(
    r"""\s*(?:$|[^\w\s'’-])|\s+(?:each|long|length|max|tops|or|apiece|per|on|of|about|where|with|without|that|which|who|when|for|and|but
    |please|at|how|why|what|über|von|zu|mit|sobre|con|sur|avec|su|chacun|cada)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What follows where it ends what is said of length: in `5 minute abs` something takes so long."""
_AROUND = 0.2
"""How far from "30 seconds" a clip may be, as a share: sentences do not end to the second."""
_NEAR = 80
"""Characters that can belong to a time."""
_USUAL = (15.0, 60.0)
"""Seconds: what only one end is told of goes to the other of these."""


def sizes(text: str) -> dict[str, tuple[float, float]]:
    """How many and how long, where a sentence says so: the variables COUNT and DURATION, each from the least to the most."""
    found: dict[str, tuple[float, float]] = {}
    length = next(_lengths(text), None)
    if length is not None:
        found[DURATION] = _span(length)
    count = _COUNT.search(_without_lengths(text))
    if count is not None:
        least = _clips(count["least"])
        most = _clips(count["most"]) if count["most"] else least
        found[COUNT] = (min(least, most), max(least, most))
    return found


def without_sizes(text: str) -> str:
    """A sentence without what it says of how many clips, and how long ones."""
    return _COUNT.sub(" ", _without_lengths(text))


def _without_lengths(text: str) -> str:
    for length in reversed(list(_lengths(text))):
        text = f"{text[: length.start()]} {text[length.end() :]}"
    return text


def _lengths(text: str) -> Iterator[re.Match[str]]:
    return (each for each in _LENGTH.finditer(text) if _is_of_clips(each, *_around(text, each)))


def _around(text: str, found: re.Match[str]) -> tuple[str, str]:
    """What stands right before it, and after it."""
    return text[max(found.start() - _NEAR, 0) : found.start()], text[found.end() : found.end() + _NEAR]


def _is_of_clips(length: re.Match[str], before: str, after: str) -> bool:
    """Whether a time is how long clips are to be, by what stands around it."""
    if length["clock"] is not None:
        return bool(_OF_CLIPS.search(before) or _MADE.match(after) or re.match(r"\s+(?:long|each)\b", after))
    if _MADE.match(after) or _OF_CLIPS.search(before):
        return True
    return _OF_SOMETHING.search(before) is None and _ENDS.match(after) is not None


def _span(length: re.Match[str]) -> tuple[float, float]:
    least, most = _told(length)
    if most is not None:
        ends = sorted((least, most))
    elif length["at_most"]:
        ends = [min(_USUAL[0], least / 2), least]
    elif length["at_least"]:
        ends = [least, max(_USUAL[1], least * 2)]
    else:
        ends = [least * (1 - _AROUND), least * (1 + _AROUND)]
    return min(max(ends[0], SHORTEST), LONGEST), min(max(ends[1], SHORTEST), LONGEST)


def _told(length: re.Match[str]) -> tuple[float, float | None]:
    """Seconds: one number of them, or two."""
    if length["clock"] is not None:
        return moment(length["clock"]), None
    unit = 60.0 if (length["unit"] or "").casefold().startswith("min") else 1.0
    first = number(length["least"]) if length["least"] else 0.5 if length["part"].casefold() != "a" else 1.0
    half = 0.5 if length["half"] else 0.0
    return (first + half) * unit, (number(length["most"]) + half) * unit if length["most"] else None


def _clips(text: str) -> int:
    return int(min(max(number(text), 1), MOST_CLIPS))


def number(text: str) -> float:
    """What NUMBER has found."""
    word = text.casefold()
    return _WORDS[word] if word in _WORDS else float(word)


def moment(stamp: str) -> float:
    """Seconds of a time like 1:30 or 1:02:03."""
    seconds = 0.0
    for each in stamp.split(":"):
        seconds = seconds * 60 + float(each)
    return seconds
