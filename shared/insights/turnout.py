"""Turnout: how many people there were, as a whole and under each value of some dimensions, read once.

The values are numbered. Of each person it is read with which values they were there, as bits: so the rows are grouped by person
alone, whatever is asked of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.events import Parameter, run_sql
from shared.insights.attendance import ENOUGH
from shared.insights.composing import Scope, compose, enough, part
from shared.insights.kpi import Dimension, Kpi
from shared.insights.measurement import Labels
from shared.insights.reading import TIMEOUT
from shared.insights.slots import BITS


@dataclass(frozen=True)
class Crowd:
    """How many people there are under each of the labels, and which of them may be told: those of enough people."""

    people: Mapping[Labels, int]
    shown: frozenset[Labels] = frozenset()


@dataclass(frozen=True)
class Turnout:
    """Of a KPI that counts people, in a scope that is told apart by some dimensions."""

    of: Kpi
    scope: Scope

    def ask(self) -> Crowd:
        """The crowd. Raises Unavailable."""
        told = self._compose("turnout_values.sql", values="UNION ALL\n".join(self._each("turnout_value.sql")))
        values: dict[str, list[str]] = defaultdict(list)
        for row in run_sql(told, self.scope.parameters(), timeout=TIMEOUT):
            values[row["dimension"]].append(row["value"])
        return self._crowd({dimension: sorted(values[dimension]) for dimension in self.scope.apart})

    def _crowd(self, values: Mapping[Dimension, Sequence[str]]) -> Crowd:
        asked = list(_asked(values))
        parameters: dict[str, Parameter] = {
            **self.scope.parameters(),
            **{f"values_of_{dimension}": list(each) for dimension, each in values.items()},
            "words": [word for _, word, _ in asked],
            "masks": [mask for _, _, mask in asked],
        }
        rows = list(run_sql(self._sql(values), parameters, timeout=TIMEOUT))
        return Crowd(
            {asked[row["place"]][0]: row["people"] for row in rows},
            frozenset(asked[row["place"]][0] for row in rows if row["enough"]),
        )

    def _sql(self, values: Mapping[Dimension, Sequence[str]]) -> str:
        words = ["1 AS word_0"]
        for dimension, each in values.items():
            words += [f"{_bits(dimension, n)} AS word_{len(words) + n}" for n in range(_words(each))]
        return self._compose(
            "turnout.sql",
            dimensions=", ".join(self.scope.apart),
            numbers=",\n".join(self._each("turnout_number.sql")),
            numbered=" ".join(f"LEFT JOIN numbers_of_{each} ON {each}_value = {each}" for each in self.scope.apart),
            words=", ".join(words),
            enough=ENOUGH,
            each=", ".join(f"STRUCT({n} AS word, word_{n} AS bits)" for n in range(len(words))),
        )

    def _each(self, name: str) -> Iterator[str]:
        """A part of a text, for each of the dimensions."""
        return (part(name, dimension=dimension) for dimension in self.scope.apart)

    def _compose(self, wrapper: str, **parts: str) -> str:
        return compose(wrapper, [self.of], replace(self.scope, apart=()), each_once=False, **parts)


def _asked(values: Mapping[Dimension, Sequence[str]]) -> Iterator[tuple[Labels, int, int]]:
    """Under which labels people are counted, and those of which word and mask these are."""
    yield (), 0, 1
    words = 1
    for dimension, each in values.items():
        for place, value in enumerate(each):
            yield ((dimension.value, value),), words + place // BITS, 1 << place % BITS
        words += _words(each)


def _words(values: Sequence[str]) -> int:
    """How many it takes for a bit for each value, or some more: see `enough`."""
    return enough(-(-len(values) // BITS))


def _bits(dimension: Dimension, word: int) -> str:
    """The bits of a word of a dimension that a person has: those of the values with which they were there."""
    place = f"{dimension}_number - {word * BITS}"
    return f"BIT_OR(IF({place} BETWEEN 0 AND {BITS - 1}, 1 << ({place}), 0))"
