"""Families: series made after those of the M4 competition (hourly, daily, weekly), of which it is known how they came to be.

Real M4 series are not to be had without a download; these have their lengths, horizons and seasons, levels that stand, drift or
wander, seasons that add or multiply and slowly grow, and noise that is normal or heavy-tailed and goes together. They are made by
the standard library's generator alone, so that they are the same everywhere and always."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin, sqrt
from random import Random


@dataclass(frozen=True)
class Family:
    """How long its series are, how far they are forecast, and after how many steps a season comes again."""

    name: str
    length: int
    horizon: int
    period: int


FAMILIES = (
    Family("hourly", 700, 48, 24),
    Family("daily", 200, 14, 7),
    Family("weekly", 150, 13, 1),
)


@dataclass(frozen=True)
class Told:
    """A series, and what came after it."""

    family: Family
    seen: list[float]
    come: list[float]


def series(family: Family, count: int, seed: int = 1) -> Iterator[Told]:
    """So many series of a family."""
    for number in range(count):
        values = _values(family, Random(f"{family.name} {seed} {number}"))
        yield Told(family, values[: family.length], values[family.length :])


def mase(told: Told, forecast: list[float]) -> float:
    """The mean absolute error, as a multiple of what "as a period ago" errs by on the series itself."""
    period, seen = told.family.period, told.seen
    scale = sum(abs(b - a) for a, b in zip(seen, seen[period:], strict=False)) / (len(seen) - period)
    wrong = sum(abs(come - said) for come, said in zip(told.come, forecast, strict=True))
    return wrong / len(forecast) / scale


def _values(family: Family, dice: Random) -> list[float]:
    count = family.length + family.horizon
    level = _level(dice, count)
    noise = _noise(dice, count)
    size = dice.uniform(0.5, 4)
    season = _season(dice, family.period, count)
    if dice.random() < 0.5:
        return [a + s + size * e for a, s, e in zip(level, season, noise, strict=True)]
    return [max(a, 20) * (1 + s / 100) + size * e for a, s, e in zip(level, season, noise, strict=True)]


def _level(dice: Random, count: int) -> list[float]:
    kind, slope, step = dice.randrange(3), dice.gauss(0, 0.3) * 100 / count, dice.uniform(0.2, 1.2)
    level, found = 100.0, []
    for _ in range(count):
        found.append(level)
        level += {0: 0.0, 1: slope, 2: dice.gauss(0, step)}[kind]
    return found


def _season(dice: Random, period: int, count: int) -> list[float]:
    if period == 1:
        return [0.0] * count
    waves = [(dice.gauss(0, 1) / k, dice.uniform(0, 2 * pi)) for k in (1, 2, 3) if k <= period / 2]
    size, growth = dice.uniform(2, 15), dice.uniform(0, 0.5)
    shape = [sum(a * sin(2 * pi * (k + 1) * t / period + b) for k, (a, b) in enumerate(waves)) for t in range(period)]
    return [size * (1 + growth * t / count) * shape[t % period] for t in range(count)]


def _noise(dice: Random, count: int) -> list[float]:
    heavy, together = dice.random() < 0.4, dice.uniform(0, 0.5)
    found, before = [], 0.0
    for _ in range(count):
        fresh = dice.gauss(0, 1)
        if heavy:  # Student's t of 4 degrees.
            fresh /= sqrt(dice.gammavariate(2, 2) / 4)
        before = fresh + together * before
        found.append(before)
    return found
