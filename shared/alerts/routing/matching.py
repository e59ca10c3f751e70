"""Matchers: which alerts a route, a silence or an inhibition is about, by their labels.

`severity = critical`, `rule != slow`, `platform =~ mcp|api`, `rule !~ test-.*`. A pattern is the whole value. A label that an
alert does not have is empty."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from shared.alerts.instances import AlertInstance

MAX_PATTERN = 200
MAX_OPEN_ENDED = 3
_TEXT = re.compile(
    r'\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"=~][^"]*?)?)\s*', re.DOTALL
)
_OPEN_ENDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\d*\})")
_NESTED = re.compile(r"(?<!\\)\((?:[^()\\]|\\.)*(?<!\\)(?:[*+]|\{\d*,?\d*\})(?:[^()\\]|\\.)*\)\??(?:[*+]|\{)")
_REACHES = re.compile(r"\(\?(?!:)|\\[1-9]")


class Operator(StrEnum):
    """How a value is compared."""

    IS = "="
    IS_NOT = "!="
    FITS = "=~"
    FITS_NOT = "!~"


@dataclass(frozen=True)
class Matcher:
    """A condition on one label."""

    label: str
    operator: Operator
    value: str

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.label}{self.operator}"{escaped}"'

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the label is as it says."""
        value = labels.get(self.label, "")
        match self.operator:
            case Operator.IS:
                return value == self.value
            case Operator.IS_NOT:
                return value != self.value
            case Operator.FITS:
                return _compiled(self.value).fullmatch(value) is not None
            case Operator.FITS_NOT:
                return _compiled(self.value).fullmatch(value) is None


def parse_matcher(text: Any) -> Any:
    """A matcher as people write it. Raises ValueError that says what to write."""
    if isinstance(text, Matcher):
        return text
    found = _TEXT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(
            "write a matcher like severity = critical, rule != slow, platform =~ mcp|api or rule !~ test-.*"
        )
    label, operator, quoted, plain = found.groups()
    value = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else plain or ""
    matcher = Matcher(label, Operator(operator), value)
    if matcher.operator in (Operator.FITS, Operator.FITS_NOT):
        _check_pattern(value)
    return matcher


def _check_pattern(pattern: str) -> None:
    """Refuse what does not compile, and what could take longer than a minute has."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a pattern has at most {MAX_PATTERN} characters")
    if _REACHES.search(pattern):
        raise ValueError("a pattern has no look-around, flags or back-references")
    if _NESTED.search(pattern) or len(_OPEN_ENDED.findall(pattern)) > MAX_OPEN_ENDED:
        raise ValueError(f"a pattern repeats at most {MAX_OPEN_ENDED} times, and no repeat is inside another")
    try:
        _compiled(pattern)
    except re.error as error:
        raise ValueError(f"`{pattern}` is no pattern: {error}") from None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def match_all(matchers: Collection[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether every matcher matches; without any: yes."""
    return all(matcher.matches(labels) for matcher in matchers)


def routing_labels(alert: AlertInstance) -> dict[str, str]:
    """What an alert is told by: its own labels, and `rule`, `severity`, `condition` and `kpi`."""
    return dict(_labels(alert))


def _labels(alert: AlertInstance) -> Iterator[tuple[str, str]]:
    yield from alert.labels.items()
    yield from (("rule", alert.rule_id), ("severity", alert.severity.value), ("condition", alert.condition.value))
    if alert.kpi:
        yield "kpi", str(alert.kpi)


MatcherText = Annotated[
    Matcher,
    BeforeValidator(parse_matcher),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "maxLength": 500, "examples": ["severity = critical", "platform =~ mcp|api"]}),
]
