"""Progress: the stages of a job, how far the present one is, and how far that makes the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isclose

from shared.jobs.job import Stage


@dataclass(frozen=True)
class Progress:
    """Where a job is: the whole from 0 to 1, the present stage by name, and the plan of all (none: one stage of any name)."""

    fraction: float = 0.0
    stage: str = "starting"
    stages: tuple[Stage, ...] = ()

    def planned(self, shares: Mapping[str, float]) -> "Progress":
        """With these stages, by name in their order, each with its share of the whole. Raises ValueError unless they add up to
        it."""
        if not isclose(sum(shares.values()), 1.0, abs_tol=1e-6):
            raise ValueError(f"the shares of the stages add up to {sum(shares.values()):g}, not to 1")
        return replace(self, stages=tuple(Stage(name=name, share=share) for name, share in shares.items()))

    def at(self, fraction: float, stage: str) -> "Progress":
        """With this stage done to this fraction, from 0 to 1. The whole never goes back. Raises ValueError for a stage that
        was not planned."""
        before, share = (0.0, 1.0) if not self.stages else span_of(self.stages, stage)
        whole = before + share * min(1.0, max(0.0, fraction))
        return replace(self, fraction=min(1.0, max(self.fraction, whole)), stage=stage)


def span_of(stages: tuple[Stage, ...] | list[Stage], name: str) -> tuple[float, float]:
    """Where a stage begins in the whole, and its share. Raises ValueError when there is none of this name."""
    before = 0.0
    for stage in stages:
        if stage.name == name:
            return before, stage.share
        before += stage.share
    raise ValueError(f"no stage {name!r} was planned")
