"""Mining 60,000 sequences of 500 items for patterns with gaps of any length, beside the package `prefixspan`.

Both count every pattern; they must agree on all of them."""

import time
from collections.abc import Callable
from itertools import accumulate
from random import Random

from shared.patterns.mining import mine_sequences

SEQUENCES = 60_000
ITEMS = 500
MEAN_LENGTH = 8
SUPPORTS = (0.01, 0.002, 0.001)

Sequences = list[list[int]]
Found = dict[tuple[int, ...], int]


def make_sequences(count: int = SEQUENCES, mean: int = MEAN_LENGTH, seed: int = 1) -> Sequences:
    """Sequences of items that are more or less frequent, half of them part of 200 patterns that are, too."""
    dice = Random(seed)
    items = list(accumulate((rank + 5) ** -0.8 for rank in range(ITEMS)))
    patterns = [dice.choices(range(ITEMS), cum_weights=items, k=dice.randint(2, 6)) for _ in range(200)]
    frequent = list(accumulate(1 / (rank + 3) for rank in range(len(patterns))))
    return [_sequence(dice, mean, items, patterns, frequent) for _ in range(count)]


def _sequence(dice: Random, mean: int, items: list[float], patterns: Sequences, frequent: list[float]) -> list[int]:
    length = max(1, int(dice.gammavariate(4, mean / 4)))
    sequence: list[int] = []
    while len(sequence) < length:
        if dice.random() < 0.5:
            sequence += dice.choices(range(ITEMS), cum_weights=items, k=dice.randint(1, 3))
        else:
            [pattern] = dice.choices(patterns, cum_weights=frequent)
            sequence += [item for item in pattern if dice.random() < 0.85]
    return sequence[:length]


def ours(sequences: Sequences, least: int) -> Found:
    """The patterns with their support."""
    return {pattern.items: pattern.support for pattern in mine_sequences(sequences, min_support=least)}  # type: ignore[misc]


def prefixspan(sequences: Sequences, least: int) -> Found:
    """The same by the baseline."""
    from prefixspan import PrefixSpan  # type: ignore[import-not-found, import-untyped]

    return {tuple(pattern): support for support, pattern in PrefixSpan(sequences).frequent(least)}


def timed(search: Callable[[Sequences, int], Found], sequences: Sequences, least: int) -> tuple[Found, float]:
    """What it finds, and seconds of processor time: others' work on this machine does not count."""
    started = time.process_time()
    found = search(sequences, least)
    return found, time.process_time() - started


def main() -> None:
    """Measure and print."""
    import numpy as np  # noqa: F401 - loaded once for all, as in a server

    sequences = make_sequences()
    print(
        f"{len(sequences)} sequences of {ITEMS} items, {sum(map(len, sequences)) / len(sequences):.1f} long in the mean"
    )
    print(f"{'in at least':>12}{'patterns':>10}{'ours':>10}{'prefixspan':>12}{'times as fast':>15}")
    for share in SUPPORTS:
        least = round(share * len(sequences))
        found, seconds = timed(ours, sequences, least)
        expected, baseline = timed(prefixspan, sequences, least)
        if found != expected:
            raise RuntimeError(f"at {share:.1%} they do not agree: {len(found)} and {len(expected)} patterns")
        print(f"{share:>12.1%}{len(found):>10}{seconds:>8.2f} s{baseline:>10.2f} s{baseline / seconds:>14.1f}x")


if __name__ == "__main__":
    main()
