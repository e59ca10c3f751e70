"""Advice: what to do, by rules declared in `advice.yaml`, each sentence with the KPIs that it rests on."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.core.declared import read_declared
from shared.insights.kpi import Dimension, Direction, Kpi, kpi
from shared.insights.measurement import Measurement
from shared.insights.reports.changes import is_better, misses_target
from shared.insights.reports.notable import enough
from shared.insights.reports.readings import Readings
from shared.insights.reports.sentence import Fact, How, Sentence

_DECLARED = Path(__file__).with_name("advice.yaml")
_NAME = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_MARGIN = 0.1
"""How much worse than the whole the worst label must be to be named; of rates, of the way to the nearer of 0 and 1."""
_HOWS = {"": How.VALUE, "prior": How.PRIOR, "change": How.CHANGE, "target": How.TARGET}
_EXTREMES = ("worst", "best")


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Declared):
    """Something that must hold of a KPI; never of one with too few rows."""

    kpi: str
    holds: Literal["off_target", "worse", "better", "above", "below"] = Field(alias="is")
    than: float | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        one = kpi(self.kpi)
        if (self.than is not None) != (self.holds in ("above", "below")):
            raise ValueError("above and below, and only they, need `than`")
        if self.holds == "off_target" and one.target is None:
            raise ValueError(f"{one.name} has no target")
        return self

    def is_met(self, readings: Readings) -> bool:
        """Whether it holds."""
        if self.kpi not in readings.now:
            return False
        one, now, before = kpi(self.kpi), readings.now[self.kpi], readings.before[self.kpi]
        if not enough(now) or now.value is None:
            return False
        if self.holds == "off_target":
            return bool(misses_target(one, now.value))
        if self.than is not None:
            return now.value > self.than if self.holds == "above" else now.value < self.than
        better = is_better(one, now.value - (before.value or 0.0))
        return readings.moved(self.kpi) and better is (self.holds == "better")


class Comparison(_Declared):
    """The labels of a dimension, compared by a KPI."""

    kpi: str
    by: Dimension


class Advice(_Declared):
    """A rule: conditions that must all hold, labels that are compared, and what is to be said."""

    when: tuple[Condition, ...] = Field(min_length=1)
    compare: Comparison | None = None
    say: str

    @model_validator(mode="after")
    def _says_only_what_it_knows(self) -> Self:
        for name, part in _NAME.findall(self.say):
            if name in _EXTREMES:
                if self.compare is None or part not in ("", "value"):
                    raise ValueError(f"{{{name}}} needs `compare`, and has only a value")
            elif part not in _HOWS:
                raise ValueError(f"a KPI has no {part}; it has prior, change and target")
            else:
                kpi(name)
        return self


@cache
def rules() -> Mapping[str, Advice]:
    """The rules by name. Raises pydantic.ValidationError if one makes no sense."""
    return {name: Advice.model_validate(said) for name, said in read_declared(_DECLARED).items()}


def advise(readings: Readings) -> list[Sentence]:
    """What to do, in the order of the rules."""
    return [sentence for rule in rules().values() for sentence in _apply(rule, readings)]


def _apply(rule: Advice, readings: Readings) -> Iterator[Sentence]:
    if not all(condition.is_met(readings) for condition in rule.when):
        return
    extremes: Mapping[str, Measurement] = {}
    if rule.compare is not None:
        extremes = _compare(rule.compare, readings)
        if not extremes:
            return
    template, facts, words = rule.say, dict[str, Fact](), dict[str, str]()
    for name, part in dict.fromkeys(_NAME.findall(rule.say)):
        place = f"{name}_{part}" if part else name
        template = template.replace(f"{{{name}.{part}}}" if part else f"{{{name}}}", f"{{{place}}}")
        if name not in _EXTREMES:
            facts[place] = readings.fact(name, _HOWS[part])
        elif part:
            assert rule.compare is not None
            facts[place] = readings.labelled_fact(How.VALUE, rule.compare.by, extremes[name])
        else:
            words[place] = extremes[name].labels[0][1]
    yield Sentence(template, facts, words)


def _compare(comparison: Comparison, readings: Readings) -> Mapping[str, Measurement]:
    """The worst and the best label, if the worst stands out."""
    one = kpi(comparison.kpi)
    _, labels = readings.labelled(comparison.by)
    able = [measured for measured in labels.get(one.name, {}).values() if enough(measured)]
    if len(able) < 2:
        return {}
    ordered = sorted(able, key=lambda measured: measured.value or 0.0, reverse=one.direction is Direction.DOWN)
    worst, whole = ordered[0], _together(able, readings.now[one.name])
    if whole is None or not _stands_out(one, worst.value or 0.0, whole):
        return {}
    return {"worst": worst, "best": ordered[-1]}


def _together(labels: list[Measurement], whole: Measurement) -> float | None:
    """The value of the labels together where it is a rate, else that of the whole: not everything has a label."""
    work = sum(read.denominator or 0.0 for read in labels)
    if not work:
        return whole.value
    return sum((read.value or 0.0) * (read.denominator or 0.0) for read in labels) / work


def _stands_out(one: Kpi, worst: float, whole: float) -> bool:
    room = min(whole, 1 - whole) if one.unit.value == "ratio" and 0 < whole < 1 else abs(whole)
    return worst != whole and not is_better(one, worst - whole) and abs(worst - whole) >= _MARGIN * room
