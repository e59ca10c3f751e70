"""Indexing: of many conditions those that match an alert, without asking each of them.

Most conditions ask of some label that it is one value. Only those whose value the alert has are asked for the rest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from shared.alerts.routing.matching import Matcher, Operator, match_all

T = TypeVar("T")
Conditions = Collection[Matcher]


class MatcherIndex(Generic[T]):
    """Items, each with its conditions."""

    def __init__(self, items: Iterable[tuple[Conditions, T]]) -> None:
        self._by_value: dict[tuple[str, str], list[tuple[Conditions, T]]] = defaultdict(list)
        self._others: list[tuple[Conditions, T]] = []
        for conditions, item in items:
            value = next(
                ((each.label, each.value) for each in conditions if each.operator is Operator.IS and each.value), None
            )
            (self._others if value is None else self._by_value[value]).append((conditions, item))

    def matching(self, labels: Mapping[str, str]) -> Iterator[T]:
        """The items all of whose conditions match, in no order."""
        for value in labels.items():
            for conditions, item in self._by_value.get(value, ()):
                if match_all(conditions, labels):
                    yield item
        for conditions, item in self._others:
            if match_all(conditions, labels):
                yield item
