"""Chance: whether a share differs between two periods by more than who happened to be there explains, and how many of many such
findings are false.

The test is a score test of two ratios with people as clusters: sessions of one person go together, so that a thousand sessions of
one busy person weigh as one person's. With x of a person's n sessions holding a pattern, r = sum x / sum n, and under the common
ratio r0 of both periods

    var r = sum (x - r0 n)^2 / (sum n)^2 * m / (m - 1),    m people.

Whoever is there in both periods makes the difference less variable than that: the test errs on the side of silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt


@dataclass(frozen=True)
class Sums:
    """Over the people of a period: of x, x squared, x n, n and n squared; and how many people there are."""

    x: int
    xx: int
    xn: int
    n: int
    nn: int
    people: int

    @property
    def ratio(self) -> float:
        """Of sessions that hold the pattern."""
        return self.x / self.n if self.n else 0.0

    def variance(self, ratio: float) -> float:
        """Of the ratio, if `ratio` is the true one."""
        if self.people < 2:
            return float("inf")
        squares = self.xx - 2 * ratio * self.xn + ratio**2 * self.nn
        return squares / self.n**2 * self.people / (self.people - 1)


def chance_of(before: Sums, now: Sums) -> float:
    """How likely a difference of ratios at least as large is when there is none: 0 to 1, two-sided."""
    whole = before.n + now.n
    if not before.n or not now.n:
        return 1.0
    common = (before.x + now.x) / whole
    variance = before.variance(common) + now.variance(common)
    if variance <= 0:
        return 1.0 if before.ratio == now.ratio else 0.0
    return erfc(abs(now.ratio - before.ratio) / sqrt(2 * variance))


def false_discovery_rates(chances: Sequence[float]) -> list[float]:
    """For each, the share of false ones among all that are at least as unlikely (Benjamini and Hochberg)."""
    order = sorted(range(len(chances)), key=lambda place: chances[place], reverse=True)
    rates, least = [1.0] * len(chances), 1.0
    for passed, place in enumerate(order):
        least = min(least, chances[place] * len(chances) / (len(chances) - passed))
        rates[place] = least
    return rates
