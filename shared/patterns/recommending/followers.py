"""Followers: what came after each context, counted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.patterns.recommending.session import START, Session

Context = tuple[str, ...]
Counts = dict[Context, dict[str, int]]
"""By context, how often each item followed it."""

KEPT = 100
"""Followers of a context that a model keeps, the most frequent: rank 10 is never reached from behind these."""


@dataclass(frozen=True, slots=True)
class Followers:
    """What followed a context: how often anything did, how many different items, and the most frequent of them."""

    total: int
    distinct: int
    counts: dict[str, int]

    @classmethod
    def of(cls, counts: dict[str, int]) -> "Followers":
        """The followers counted so; of equally frequent ones, the first by name are kept."""
        kept = counts
        if len(counts) > KEPT:
            kept = dict(sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))[:KEPT])
        return cls(sum(counts.values()), len(counts), kept)


Table = dict[Context, Followers]


def count_followers(sessions: Sequence[Session], longest: int) -> Counts:
    """Count what followed every context of 1 to `longest` items, START included.

    A context is told apart by one item more only if it was seen more than once: longer ones would say just the same."""
    counts: Counts = {}
    for length in range(1, longest + 1):
        counts.update(_count(sessions, length, counts))
    return counts


def _count(sessions: Sequence[Session], length: int, shorter: Counts) -> Counts:
    counts: Counts = defaultdict(dict)
    repeated = {
        context for context, followers in shorter.items() if len(context) == length - 1 and _repeated(followers)
    }
    for session in sessions:
        items = (START, *session.items) if session.begins else session.items
        first = max(session.known + session.begins, length)
        for place in range(first, len(items)):
            context = items[place - length : place]
            if length > 1 and context[1:] not in repeated:
                continue
            followers = counts[context]
            followers[items[place]] = followers.get(items[place], 0) + session.count
    return dict(counts)


def _repeated(followers: dict[str, int]) -> bool:
    return len(followers) > 1 or next(iter(followers.values())) > 1


def table_of(counts: Counts) -> Table:
    """The table of these counts."""
    return {context: Followers.of(followers) for context, followers in counts.items()}


def table_state(table: Table, numbers: dict[str, int]) -> list[Any]:
    """The table as JSON, its items by their numbers; START is -1."""
    return [
        [
            [numbers.get(item, -1) for item in context],
            followers.total,
            followers.distinct,
            [numbers[item] for item in followers.counts],
            list(followers.counts.values()),
        ]
        for context, followers in table.items()
    ]


def table_restored(state: list[Any], items: Sequence[str]) -> Table:
    """The table that gave `state`; `items` by number."""
    names = [*items, START]
    return {
        tuple(names[number] for number in context): Followers(
            total, distinct, {items[number]: count for number, count in zip(followers, counts, strict=True)}
        )
        for context, total, distinct, followers, counts in state
    }
