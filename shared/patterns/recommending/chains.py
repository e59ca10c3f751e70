"""Chains: whole workflows as people ran them, and which of those that achieve the same went better."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from shared.core.declared import read_declared
from shared.patterns.recommending.intervals import Interval, LogTimes, difference, ratio, share

LEAST_RUNS = 20
"""Runs of both chains without which they are not compared."""
_SAME_TIME = 0.05
"""Part of a time by which another may be longer or shorter and is still the same."""
_EFFECTS = Path(__file__).with_name("effects.yaml")


@dataclass(frozen=True)
class Chain:
    """What became of the sessions in which just `operations` were run on a file of one format to make one of another."""

    input_format: str | None
    output_format: str | None
    operations: tuple[str, ...]
    runs: int
    failures: int
    timed: int
    log_mean: float | None
    log_deviation: float | None

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """The chain of a row of `chains.sql`."""
        return cls(**{**row, "operations": tuple(row["operations"].split())})

    @property
    def purpose(self) -> tuple[object, ...]:
        """What it is for: the format that comes in, the one that comes out, and all that is achieved."""
        return self.input_format, self.output_format, achieved(self.operations)

    @property
    def failed(self) -> Interval:
        """The share of sessions in which something failed."""
        return share(self.failures, self.runs)

    @property
    def times(self) -> LogTimes | None:
        """How long sessions took in which nothing failed."""
        if self.timed < LEAST_RUNS or self.log_mean is None or self.log_deviation is None:
            return None
        return LogTimes(self.timed, self.log_mean, self.log_deviation)


@dataclass(frozen=True)
class Alternative:
    """A chain for the same purpose that people ran instead: `more_failures` is how much less or more of it failed, `slower` how
    many times as long it took; None where times are too few to tell."""

    chain: Chain
    more_failures: Interval
    slower: Interval | None

    @property
    def safer(self) -> bool:
        """Whether less of it failed, for sure."""
        return self.more_failures.high < 0

    @property
    def faster(self) -> bool:
        """Whether it took less time, for sure."""
        return self.slower is not None and self.slower.high < 1 - _SAME_TIME

    @property
    def sentence(self) -> str:
        """What is said of it."""
        failed, before = self.chain.failed.value, self.chain.failed.value - self.more_failures.value
        said = [f"failed in {failed:.0%} of {self.chain.runs} sessions, this one in {before:.0%}"] if self.safer else []
        if self.slower and self.faster:
            said.append(
                f"took {self.slower.value:.0%} of its time (95 % sure: {self.slower.low:.0%} to {self.slower.high:.0%})"
            )
        return f"{', then '.join(self.chain.operations)}, for the same purpose, {' and '.join(said)}."

    @property
    def worse(self) -> bool:
        """Whether more of it failed, or it took more time, for sure."""
        return self.more_failures.low > 0 or (self.slower is not None and self.slower.low > 1 + _SAME_TIME)


def achieved(operations: Iterable[str]) -> tuple[str, ...]:
    """What a chain achieves, each as often as it does, in whatever order it was run."""
    return tuple(sorted(effect for operation in operations for effect in _effects().get(operation, (operation,))))


def alternatives(chains: Sequence[Chain], current: Chain) -> list[Alternative]:
    """The chains for the purpose of `current` that were safer or faster for sure and are worse in nothing; the best first."""
    if current.runs < LEAST_RUNS:
        return []
    same = [
        chain
        for chain in chains
        if chain.operations != current.operations and chain.runs >= LEAST_RUNS and chain.purpose == current.purpose
    ]
    compared = [_compared(chain, current) for chain in same]
    better = [each for each in compared if (each.safer or each.faster) and not each.worse]
    return sorted(better, key=lambda each: (each.more_failures.high, each.slower.high if each.slower else 1.0))


def _compared(chain: Chain, current: Chain) -> Alternative:
    times, other = chain.times, current.times
    slower = ratio(times, other) if times and other else None
    return Alternative(chain, difference(chain.failed, current.failed), slower)


@cache
def _effects() -> dict[str, list[str]]:
    effects: dict[str, list[str]] = read_declared(_EFFECTS)
    return effects
