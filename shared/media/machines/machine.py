"""Machine: what one task of a job runs on, and its price. From `machines.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from shared.core.declared import read_declared


class Machine(BaseModel):
    """What one task gets: vCPUs, GiB of memory, an accelerator by its name in Cloud Run or None."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vcpus: float = Field(gt=0)
    gib: float = Field(gt=0)
    gpu: str | None = None
    most_tasks: int = Field(ge=1)
    """How many tasks may work on one job."""

    @property
    def usd_per_second(self) -> float:
        """Of one task, in US dollars."""
        prices = _table().prices
        gpu = prices.gpu_second[self.gpu] if self.gpu is not None else 0.0
        return self.vcpus * prices.vcpu_second + self.gib * prices.gib_second + gpu

    def cost(self, seconds: float) -> float:
        """US dollars for so many seconds of tasks, all tasks together."""
        return seconds * self.usd_per_second


class _Prices(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    vcpu_second: float
    gib_second: float
    gpu_second: dict[str, float]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    prices: _Prices
    machines: dict[str, Machine]


def machines() -> Mapping[str, Machine]:
    """The machine of every kind of job."""
    return _table().machines


def machine_of(kind: str) -> Machine:
    """The machine that jobs of this kind run on. Raises KeyError for a kind that `machines.yaml` does not name."""
    return machines()[kind]


@cache
def _table() -> _Table:
    return _Table.model_validate(read_declared(Path(__file__).with_name("machines.yaml")))
