"""Parameters of operations: of each only what its operation takes, as numbers in their range, truth values, or one of its words.

Operations of Kompo are known from the registry (`parameters.json`, made by `generating`). Of others, and of parameters that those
do not have, names that are technical in any operation are kept (`general.yaml`), as numbers or as a word that tells of nobody.
Free text, paths, addresses and places of people in pictures have no rule and do not leave.
"""

import json
import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict

from pydantic import JsonValue

from shared.core.declared import read_declared
from shared.events.privacy.vocabulary import RULES, is_known_word

_GENERAL = Path(__file__).with_name("general.yaml")
_MAX_LIST = 16
_LONGEST_NAME = 64
_EXACT = 100_000
"""Whole numbers below this are kept as they are; of all others four digits: that is enough to learn from, and no telephone."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,31}")
_SHAPE = re.compile(r"\d{2,5}x\d{2,5}|\d{1,3}:\d{1,3}|\d{1,5}[kM]|\d{1,4}[pi]")
"""Sizes, ratios and rates that are written as one word."""
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


class Rule(TypedDict, total=False):
    """What a value may be: a number between `least` and `most`, or a list of up to `length` such; one of `words`; a `truth`
    value; or, of parameters of any operation, any known word (`known`)."""

    least: float
    most: float
    length: int
    words: list[str]
    truth: bool
    known: bool


def sanitise_parameters(parameters: Mapping[str, JsonValue], operation: str | None = None) -> dict[str, JsonValue]:
    """Only the parameters that tell of nobody, under their names in Python (`audioBitrate` is `audio_bitrate`)."""
    kept: dict[str, JsonValue] = {}
    for given, value in parameters.items():
        if len(given) <= _LONGEST_NAME and (found := _rule_of(operation, given)) and _fits(value, found[1]):
            kept[found[0]] = generalise(value)
    return kept


def generalise(value: JsonValue) -> JsonValue:
    """A number, or each of a list, with as many digits as are needed to learn from it."""
    if isinstance(value, list):
        return [generalise(item) for item in value]
    if isinstance(value, int):
        return value if -_EXACT < value < _EXACT else round(value, 4 - len(str(abs(value))))
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.4g}")
    return value


@lru_cache(maxsize=8192)
def _rule_of(operation: str | None, given: str) -> tuple[str, Rule] | None:
    """The name in Python of a parameter of an operation, and its rule if it has one."""
    name = _CAMEL.sub(lambda letter: f"_{letter[1].lower()}", given)
    rule = _rules().get(operation or "", {}).get(name) or _general().get(name)
    return (name, rule) if rule is not None else None


def _fits(value: JsonValue, rule: Rule) -> bool:
    if isinstance(value, bool):
        return "truth" in rule or "known" in rule
    if isinstance(value, int | float):
        return "most" in rule and rule["least"] <= value <= rule["most"]
    if isinstance(value, list):
        return 0 < len(value) <= rule.get("length", 0) and all(
            _fits(item, rule) and not _is_deep(item) for item in value
        )
    if isinstance(value, str):
        return value in rule.get("words", ()) or ("known" in rule and _tells_of_nobody(value))
    return False


def _is_deep(item: JsonValue) -> bool:
    return isinstance(item, list | dict)


def _tells_of_nobody(word: str) -> bool:
    if _SHAPE.fullmatch(word):
        return True
    return _WORD.fullmatch(word) is not None and is_known_word(word)


@cache
def _rules() -> dict[str, dict[str, Rule]]:
    known = json.loads(RULES.read_text())
    rules: list[Rule] = known["rules"]
    return {
        name: {parameter: rules[rule] for parameter, rule in found.items()}
        for name, found in known["operations"].items()
    }


@cache
def _general() -> dict[str, Rule]:
    known = read_declared(_GENERAL)
    rules: dict[str, Rule] = {}
    for group, most in (("numbers", 1e6), ("rates", 1e9), ("words", 1e6)):
        rule: Rule = {"least": -most, "most": most, "length": _MAX_LIST, "truth": True}
        rules |= dict.fromkeys(known[group], rule | {"known": True} if group == "words" else rule)
    return rules
