"""Sentences whose every number is a fact: of which KPI, of which period, how it was made. Nothing else in them is a number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.exports import Kind, written
from shared.insights.kpi import Kpi, Unit
from shared.insights.measurement import Labels
from shared.insights.period import Period


class How(StrEnum):
    """What a fact says of its KPI. Those of a dimension add up over its labels, or are of the one label that the fact names."""

    VALUE = "value"
    """What it was in the period."""
    PRIOR = "prior"
    """What it was in the period before."""
    CHANGE = "change"
    """From that to this: the difference of rates and scores, else relative to what it was."""
    TARGET = "target"
    """What `kpis.yaml` declares."""
    SAMPLES = "samples"
    """How many rows, or people, speak in the period."""
    CONTRIBUTION = "contribution"
    """What a label adds to the difference between the periods."""
    OWN = "own"
    """The part of the difference that the labels' own figures make."""
    MIX = "mix"
    """The part of the difference that shares of the work make."""
    SHARE = "share"
    """The part of the work that is a label's in the period."""
    PRIOR_SHARE = "prior_share"
    """The same in the period before."""


_MAGNITUDES = frozenset({How.CHANGE, How.CONTRIBUTION, How.OWN, How.MIX})
"""Of these the sentence says by its words which way they go."""
_KINDS = {
    Unit.RATIO: Kind.RATIO,
    Unit.SECONDS: Kind.SECONDS,
    Unit.COUNT: Kind.COUNT,
    Unit.USD: Kind.USD,
    Unit.PERCENT: Kind.PERCENT,
    Unit.MEGABYTES: Kind.MEGABYTES,
}
_PLACE = re.compile(r"\{(\w+)\}")


def kind_of(kpi: Kpi) -> Kind:
    """How values of the KPI are written."""
    return _KINDS.get(kpi.unit, Kind.NUMBER)


def difference_kind(kpi: Kpi) -> Kind:
    """How a difference of two values of it is written."""
    return Kind.POINTS if kpi.unit is Unit.RATIO else kind_of(kpi)


def change_kind(kpi: Kpi) -> Kind:
    """How its change is written: points of rates, differences of scores, else in percent of what it was."""
    if kpi.unit is Unit.RATIO:
        return Kind.POINTS
    return Kind.NUMBER if kpi.unit in (Unit.SCORE, Unit.RATING, Unit.NPS) else Kind.RATIO


def change_of(kpi: Kpi, before: float | None, after: float | None) -> float | None:
    """The change as `change_kind` has it; None where there is none to tell."""
    if before is None or after is None:
        return None
    if change_kind(kpi) is not Kind.RATIO:
        return after - before
    return after / before - 1 if before else None


@dataclass(frozen=True)
class Fact:
    """A number, and what it is made from."""

    kpi: str
    how: How
    period: Period
    value: float | None
    kind: Kind
    dimension: str | None = None
    labels: Labels = ()

    @property
    def text(self) -> str:
        """As it stands in the sentence."""
        value = abs(self.value) if self.value is not None and self.how in _MAGNITUDES else self.value
        text = written(value, self.kind)
        return text.removeprefix("+")


@dataclass(frozen=True)
class Sentence:
    """`template` with the texts of facts in the places of their names, and words (labels, titles) in those of theirs."""

    template: str
    facts: Mapping[str, Fact]
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is read."""
        return _PLACE.sub(lambda place: self._place(place[1]), self.template)

    @property
    def kpis(self) -> tuple[str, ...]:
        """What it rests on, each once."""
        return tuple(dict.fromkeys(fact.kpi for fact in self.facts.values()))

    def _place(self, name: str) -> str:
        return self.facts[name].text if name in self.facts else self.words[name]
