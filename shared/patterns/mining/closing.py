"""Closing: which patterns say something that no longer one says."""

from collections.abc import Iterator, Sequence

from shared.patterns.mining.pattern import SequencePattern

Numbered = tuple[tuple[int, ...], SequencePattern]


def closed(patterns: Sequence[Numbered], *, whole: bool) -> list[Numbered]:
    """The patterns that no longer one of `patterns` with the same support contains.

    `whole`: only as it is, one item right after the other; else with others in between, too. `patterns` holds all that are as
    frequent as any of them, so that one item more is enough to look at: between two patterns with the same support, one inside
    the other, every pattern has it."""
    support = {numbers: pattern.support for numbers, pattern in patterns}
    contained = {
        part
        for numbers, pattern in patterns
        for part in _parts(numbers, whole=whole)
        if support.get(part) == pattern.support
    }
    return [(numbers, pattern) for numbers, pattern in patterns if numbers not in contained]


def _parts(numbers: tuple[int, ...], *, whole: bool) -> Iterator[tuple[int, ...]]:
    """What is left without one item: without the first or the last if it must stay in one piece."""
    last = len(numbers) - 1
    return (numbers[:i] + numbers[i + 1 :] for i in ((0, last) if whole else range(last + 1)))
