"""Excluding: what a prompt wants left out. The same words may be what it is about: `clips without politics` leaves out, `how to
start a business without money` does not, nor `tips on avoiding burnout`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_WHAT = r"""(?:any(?:thing|\ of|\ other)?\s+|all(?:\ of)?\s+|the\s+)*
    (?:(?:talk(?:s|ing)?|parts?|moments?|mentions?|segments?|clips?|sections?)\s+(?:of|about|on|with)\s+|about\s+|on\s+)?
    (?P<what>[^.,;:!?()\n]+?)
    (?=\s+(?:but|where|that|which|(?:and|or)\s+(?:no|find|look|focus|show|make|prefer|keep))\b|[.,;:!?()\n]|$)"""
_LEAVE = r"(?:avoid|exclude|skip|ignore|omit|leave\s+out|cut\s+out)"
_LEAVING = r"(?:avoiding|excluding|skipping|ignoring|omitting|leaving\s+out)"
_ORDER = re.compile(
    rf"""(?P<kept>(?:^|[.,;:!?()\n–—]|\b(?:and|but|or|then|please|also|just|clips?|moments?|highlights|parts?|shorts|reels|videos)\b)\s{{0,9}})
    (?:(?:please|also|just|then)\s+){{0,3}}
    (?:{_LEAVE}|{_LEAVING}|without
    |no(?!\s+(?:one|longer|matter|more|less|to|way|doubt)\b)|not(?!\s+(?:only|just|to|all)\b)
    |(?:try|make\s+sure|be\s+sure|remember|i\s+want\s+you|you\s+need)\s+to\s+{_LEAVE}
    |(?:do\s+not|don['’]?t|never)\s+(?:include|show|use|pick|choose|select|take|want|add|mention|clip|give\s+me))\s+{_WHAT}""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands where an order does: where a clause begins, or right behind the clips that are asked for."""
_EXCEPT = re.compile(
    rf"""(?P<kept>)\b(?:except(?:\ for)?|apart\ from|(?:any|every)thing\ but|but\ not|nothing\ (?:about|on)
    |(?<!\bis\ )(?<!\bwas\ )(?<!['’]s\ )(?<!n['’]t\ )not\ about)\s+{_WHAT}""",
    re.IGNORECASE | re.VERBOSE,
)
_LACKING = re.compile(rf"(?P<kept>)\b(?:without|with\s+no)\s+{_WHAT}", re.IGNORECASE | re.VERBOSE)
_TELLS = re.compile(
    r"\b(?:how|why|whether|what|when|who|to|can|could|should|must|living|life)\b|(?:^|\b(?:on|about|of|for|by))\s*\w+ing\s+\w",
    re.IGNORECASE,
)
"""What makes `without` a part of what is told: somebody does something without."""
_TOLD_OF = re.compile(r"\b(?:about|on|mention(?:s|ing)?|talk(?:s|ing)?)\b", re.IGNORECASE)
"""Before somebody's name: it must not be told of them. Elsewhere they are not to be heard."""
_CLAUSE = re.compile(r"[.,;:!?()\n]|\bbut\b", re.IGNORECASE)


@dataclass(frozen=True)
class Excluded:
    """`what` must not come up. `heard`: a speaker of that name must not be heard either."""

    what: str
    heard: bool


def parted(prompt: str, asks: Callable[[str], bool]) -> tuple[str, list[Excluded]]:
    """The prompt without what it excludes, and all that. `asks`: whether a word asks, as `moments` and `advice` do."""
    found: list[Excluded] = []

    def taken(match: re.Match[str]) -> str:
        if match.re is _LACKING and not _leaves_out(_CLAUSE.split(match.string[: match.start()])[-1], asks):
            return match[0]
        order = match.string[match.start() : match.start("what")]
        found.append(Excluded(match["what"], heard=_TOLD_OF.search(order) is None))
        return f"{match['kept']} "

    for pattern in (_ORDER, _EXCEPT, _LACKING):
        before = ""
        while before != prompt:
            before, prompt = prompt, pattern.sub(taken, prompt)
    return prompt, found


def _leaves_out(clause: str, asks: Callable[[str], bool]) -> bool:
    """Whether `without` after this leaves something out of what is asked for."""
    return _TELLS.search(clause) is None and any(map(asks, clause.split()))
