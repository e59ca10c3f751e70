"""Asking: what somebody asks for in a sentence of their own: how many clips, how long, of what."""

import re
from collections.abc import Mapping
from typing import Any

from shared.core.errors import InvalidInput
from shared.prompts import (
    COUNT,
    DURATION,
    LONGEST,
    MOST_CLIPS,
    SHORTEST,
    ClipRequest,
    as_request,
    fill,
    presets,
    typed_in,
)

_WORDS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
} | {"a dozen": 12, "a couple of": 2}
_NUMBER = rf"(?:\d+(?:\.\d+)?|{'|'.join(_WORDS)})"
_TO = r"\s*(?:-|–|to|or|and)\s*"
_COUNT = re.compile(
    rf"\b(?P<least>{_NUMBER})(?:{_TO}(?P<most>{_NUMBER}))?\s+(?:(?!sec|min)[\w-]+\s+){{0,2}}?"
    r"(?:clips?|shorts|reels|moments|highlights|videos|tiktoks)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"(?P<bound>\b(?:under|below|at most|up to|less than|no longer than|max(?:imum)?|shorter than)\s+)?"
    rf"\b(?:between\s+)?(?P<least>{_NUMBER}|a)(?:{_TO}(?P<most>{_NUMBER}))?[\s-]*(?P<unit>seconds?|secs?|s|minutes?|mins?)\b",
    re.IGNORECASE,
)
_AROUND = 0.2
"""How far from "30 seconds" a clip may be, as a share: sentences do not end to the second."""


def asked(
    prompt: str | ClipRequest | None, count: int | None = None, durations: tuple[float, float] | None = None
) -> ClipRequest:
    """The request of a prompt. `count` and `durations` (seconds, from the least to the most) count for more than what the prompt
    says. Raises InvalidInput with pointers /count and /durations."""
    words = prompt.strip() if isinstance(prompt, str) else ""
    request = in_words(words, {}) if words and words not in presets() else as_request(prompt)
    changes: dict[str, object] = {}
    if count is not None:
        changes["clip_count"] = _checked_count(count)
    if durations is not None:
        changes["duration"] = _checked_durations(durations)
    return request.model_copy(update=changes)


def in_words(prompt: str, variables: Mapping[str, Any]) -> ClipRequest:
    """The request of somebody's own words; `variables` count for more than what these say of how many clips, and how long ones.

    Raises InvalidInput as `fill` does."""
    plain = typed_in(prompt)
    said = tuple(
        plain.all_variables[name].model_copy(update={"default": list(ends), "limits": None})
        for name, ends in _said(prompt).items()
        if name not in variables
    )
    return fill(plain.model_copy(update={"variables": (*plain.variables, *said)}), variables)


def without_sizes(text: str) -> str:
    """A prompt without what it says of how many clips, and how long ones."""
    return _COUNT.sub(" ", _LENGTH.sub(" ", text))


def _said(prompt: str) -> dict[str, tuple[float, float]]:
    """How many and how long, where a sentence says so."""
    found: dict[str, tuple[float, float]] = {}
    length = _LENGTH.search(prompt)
    if length is not None:
        seconds = 60.0 if length["unit"].casefold().startswith("min") else 1.0
        least, most = (_number(length[end]) * seconds if length[end] else None for end in ("least", "most"))
        assert least is not None
        found[DURATION] = _span(least, most, is_most=bool(length["bound"]))
    count = _COUNT.search(_LENGTH.sub(" ", prompt))
    if count is not None:
        least_clips = _clips(count["least"])
        most_clips = _clips(count["most"]) if count["most"] else least_clips
        found[COUNT] = (min(least_clips, most_clips), max(least_clips, most_clips))
    return found


def _span(least: float, most: float | None, *, is_most: bool) -> tuple[float, float]:
    if most is not None:
        ends = sorted((least, most))
    elif is_most:
        ends = [min(15.0, least / 2), least]
    else:
        ends = [least * (1 - _AROUND), least * (1 + _AROUND)]
    return min(max(ends[0], SHORTEST), LONGEST), min(max(ends[1], SHORTEST), LONGEST)


def _clips(text: str) -> int:
    return int(min(max(_number(text), 1), MOST_CLIPS))


def _number(text: str) -> float:
    word = text.casefold()
    return float(_WORDS[word]) if word in _WORDS else 1.0 if word == "a" else float(word)


def _checked_count(count: int) -> tuple[int, int]:
    if not 1 <= count <= MOST_CLIPS:
        raise InvalidInput(f"{count} clips cannot be asked for. Ask for 1 to {MOST_CLIPS}.", pointer="/count")
    return count, count


def _checked_durations(durations: tuple[float, float]) -> tuple[float, float]:
    least, most = durations
    if not SHORTEST <= least <= most <= LONGEST:
        fitting = f"Give the smaller number first, both {SHORTEST:g} to {LONGEST:g}"
        detail = f"Clips of {least:g} to {most:g} s cannot be asked for. {fitting}."
        raise InvalidInput(detail, pointer="/durations")
    return least, most
