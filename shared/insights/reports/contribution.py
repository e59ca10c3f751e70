"""Contributions: which labels made a figure change, and whether by their own figure or by how much of the work was theirs.

A rate over all can fall while it rises for every label, when more of the work goes where it is low (Simpson's paradox). So the
change of a rate R = Σ wᵢ rᵢ, with wᵢ the share of the work and rᵢ the rate of label i, is told as

    R₁ − R₀ = Σ (rᵢ₁ − rᵢ₀) · (wᵢ₀ + wᵢ₁)/2  +  Σ (wᵢ₁ − wᵢ₀) · ((rᵢ₀ + rᵢ₁)/2 − R̄)     with R̄ = (R₀ + R₁)/2

The first sum is what the labels' own rates did, the second what the mix did. They add up to the change exactly, and neither
depends on which of the periods comes first (Marshall-Edgeworth weights). A label that was not there in one of the periods has the
rate of the other there: its coming or going is a matter of the mix. The change of a sum is just that of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """Of one label in one period: what its rows add up to."""

    numerator: float
    denominator: float

    @property
    def rate(self) -> float | None:
        """None where there was no work."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Contribution:
    """What a label adds to the change of the whole: by its own rate, and by the mix. For sums it is all rate."""

    label: str
    rate: float
    mix: float

    @property
    def total(self) -> float:
        """Both together."""
        return self.rate + self.mix


def of_rate(before: Mapping[str, Share], after: Mapping[str, Share]) -> list[Contribution]:
    """Contributions to the change of a rate, the largest first whichever their sign. They add up to the change of the rate over
    these labels together; none if there was no work in one of the periods."""
    whole_before, whole_after = _whole(before), _whole(after)
    if whole_before.rate is None or whole_after.rate is None:
        return []
    middle = (whole_before.rate + whole_after.rate) / 2
    made = []
    for label in {**before, **after}:
        old, new = before.get(label, _NONE), after.get(label, _NONE)
        rates = old.rate if old.rate is not None else new.rate, new.rate if new.rate is not None else old.rate
        if rates[0] is None or rates[1] is None:
            continue
        weights = old.denominator / whole_before.denominator, new.denominator / whole_after.denominator
        rate = (rates[1] - rates[0]) * (weights[0] + weights[1]) / 2
        mix = (weights[1] - weights[0]) * ((rates[0] + rates[1]) / 2 - middle)
        made.append(Contribution(label, rate, mix))
    return _largest_first(made)


def of_sum(before: Mapping[str, float], after: Mapping[str, float]) -> list[Contribution]:
    """Contributions to the change of a sum, the largest first whichever their sign."""
    labels = {**before, **after}
    return _largest_first([Contribution(label, after.get(label, 0) - before.get(label, 0), 0.0) for label in labels])


_NONE = Share(0, 0)


def _whole(shares: Mapping[str, Share]) -> Share:
    parts = shares.values()
    return Share(sum(part.numerator for part in parts), sum(part.denominator for part in parts))


def _largest_first(contributions: list[Contribution]) -> list[Contribution]:
    return sorted(contributions, key=lambda made: (-abs(made.total), made.label))
