"""Turnout: how many people were there, as a whole and under each value of some dimensions, in some times; read once.

The values are numbered. Of each person it is read in which slots of time they were there, in all and with which value, as bits:
so the rows are grouped by person alone, whatever is asked of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.events import K_ANONYMITY, Parameter, run_sql
from shared.insights.composing import Scope, compose, enough, part
from shared.insights.kpi import Dimension, Kpi
from shared.insights.measurement import Labels
from shared.insights.reading import TIMEOUT
from shared.insights.slots import BITS, Slots


@dataclass(frozen=True)
class Crowd:
    """How many people there are under each of the labels in a scope, and which of them may be told: those of enough people."""

    people: Mapping[Labels, int]
    shown: frozenset[Labels]


@dataclass(frozen=True)
class _Asked:
    """The people whose word has a bit of the mask: those of the labels in a scope, which is numbered."""

    scope: int
    labels: Labels
    word: int
    mask: int


@dataclass(frozen=True)
class Turnout:
    """Of a KPI that counts people, in scopes that differ in time only, all told apart by the same dimensions."""

    of: Kpi
    scopes: Sequence[Scope]

    def ask(self) -> list[Crowd]:
        """The crowd of each scope. Raises Unavailable."""
        told = self._compose("turnout_values.sql", values="UNION ALL\n".join(self._each("turnout_value.sql")))
        values: dict[str, list[str]] = defaultdict(list)
        for row in run_sql(told, self._parameters, timeout=TIMEOUT):
            values[row["dimension"]].append(row["value"])
        return self._crowds({dimension: sorted(values[dimension]) for dimension in self._dimensions})

    def _crowds(self, values: Mapping[Dimension, Sequence[str]]) -> list[Crowd]:
        asked = list(self._asked(values))
        parameters: dict[str, Parameter] = {
            **self._parameters,
            **self._slots.parameters,
            **{f"values_of_{dimension}": list(each) for dimension, each in values.items()},
            "words": [each.word for each in asked],
            "masks": [each.mask for each in asked],
            "least": K_ANONYMITY,
        }
        people: list[dict[Labels, int]] = [{} for _ in self.scopes]
        shown: list[set[Labels]] = [set() for _ in self.scopes]
        for row in run_sql(self._sql(values), parameters, timeout=TIMEOUT):
            each = asked[row["place"]]
            people[each.scope][each.labels] = row["people"]
            if row["enough"]:
                shown[each.scope].add(each.labels)
        return [Crowd(each, frozenset(told)) for each, told in zip(people, shown, strict=True)]

    def _sql(self, values: Mapping[Dimension, Sequence[str]]) -> str:
        words = ["BIT_OR(1 << slot) AS word_0"]
        for dimension, each in values.items():
            words += [f"{self._bits(dimension, n)} AS word_{len(words) + n}" for n in range(self._words(each))]
        return self._compose(
            "turnout.sql",
            dimensions=", ".join(self._dimensions),
            slot=self._slots.sql,
            numbers=",\n".join(self._each("turnout_number.sql")),
            numbered=" ".join(f"LEFT JOIN numbers_of_{each} ON {each}_value = {each}" for each in self._dimensions),
            words=", ".join(words),
            each=", ".join(f"STRUCT({n} AS word, word_{n} AS bits)" for n in range(len(words))),
        )

    def _bits(self, dimension: Dimension, word: int) -> str:
        """The bits of a word of a dimension that a person has: those of the slots in which they were there with each value."""
        place = f"{dimension}_number - {word * self._room}"
        return f"BIT_OR(IF({place} BETWEEN 0 AND {self._room - 1}, 1 << (({place}) * {self._width} + slot), 0))"

    def _asked(self, values: Mapping[Dimension, Sequence[str]]) -> Iterator[_Asked]:
        for number, scope in enumerate(self.scopes):
            first, end = self._slots.number(scope.start), self._slots.number(scope.end)
            mask = (1 << end) - (1 << first)
            yield _Asked(number, (), 0, mask)
            words = 1
            for dimension, each in values.items():
                for place, value in enumerate(each):
                    word, left = divmod(place, self._room)
                    yield _Asked(number, ((dimension.value, value),), words + word, mask << left * self._width)
                words += self._words(each)

    def _words(self, values: Sequence[str]) -> int:
        """How many it takes for these values, or some more: see `enough`."""
        return enough(-(-len(values) // self._room))

    @property
    def _room(self) -> int:
        """How many values a word has the bits of."""
        return BITS // self._width

    @property
    def _width(self) -> int:
        """How many slots, which are bits, there are."""
        return len(self._slots.edges) - 1

    @property
    def _slots(self) -> Slots:
        return Slots.of((scope.start, scope.end) for scope in self.scopes)

    @property
    def _dimensions(self) -> tuple[Dimension, ...]:
        return self.scopes[0].apart

    @property
    def _whole(self) -> Scope:
        """All the time that is looked at."""
        edges = self._slots.edges
        return replace(self.scopes[0], start=edges[0], end=edges[-1], every=None, middle=None, apart=())

    @property
    def _parameters(self) -> Mapping[str, Parameter]:
        return self._whole.parameters()

    def _each(self, name: str) -> Iterator[str]:
        """A part of a text, for each of the dimensions."""
        return (part(name, dimension=dimension) for dimension in self._dimensions)

    def _compose(self, wrapper: str, **parts: str) -> str:
        return compose(wrapper, [self.of], self._whole, each_once=False, **parts)
