"""The catalogue of what is done in histories: operations with their costs, and the workflows that people run."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from shared.core.declared import read_declared

Parameter = tuple[Any, float, tuple[Any, ...]]
"""The usual value, how often it is chosen (0 to 1), and the others."""
CHANGE = 0.6
"""After this part of the whole time, what `later` says is usual."""
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Cause:
    """What makes an operation fail at `rate`."""

    operation: str
    rate: float
    error: str
    above_mb: float = 0.0
    input_format: str | None = None
    output_format: str | None = None

    def holds(self, mb: float, input_format: str, output_format: str) -> bool:
        """Whether an operation of this kind, on such a source, has it."""
        return (
            mb > self.above_mb
            and self.input_format in (None, input_format)
            and self.output_format in (None, output_format)
        )


@dataclass(frozen=True)
class Kind:
    """A kind of operation: see operations.yaml."""

    name: str
    ms: float
    power: float
    memory: float
    memory_per_mb: float
    keeps: float
    fails: float
    parameters: dict[str, Parameter]
    output: str | None = None
    image: bool = False
    causes: tuple[Cause, ...] = ()

    def usual_ms(self, mb: float, output_format: str, parameters: dict[str, Any]) -> float:
        """The median time on a source of `mb` megabytes, in milliseconds."""
        slower = catalogue().slower
        factor = slower["output_format"].get(output_format, 1.0) * _factor(slower, parameters)
        return float(self.ms * mb**self.power * factor)

    def usual_mb(self, mb: float, parameters: dict[str, Any]) -> float:
        """The median size of the result, in megabytes."""
        return self.keeps * mb * _factor(catalogue().larger, parameters)

    def usual_memory(self, mb: float) -> float:
        """The median memory at the peak, in megabytes."""
        return self.memory + self.memory_per_mb * mb


def _factor(table: dict[str, dict[Any, float]], parameters: dict[str, Any]) -> float:
    """What the values of these parameters multiply."""
    factor = 1.0
    for name, value in parameters.items():
        if name in table:
            factor *= table[name].get(value, 1.0)
    return factor


@dataclass(frozen=True)
class Workflow:
    """What people come to do: see workflows.yaml. `start` and `until` are parts of the whole time, 0 to 1."""

    name: str
    share: float
    mb: float
    steps: tuple[str, ...]
    type: str | None = None
    gap: float = 0.06
    usual: dict[str, Any] = field(default_factory=dict)
    later: dict[str, Any] = field(default_factory=dict)
    start: float = 0.0
    until: float = 1.0
    audio: bool = False
    image: bool = False
    generates: bool = False
    wanders: bool = False
    repeats: int = 1

    def usual_at(self, part: float) -> dict[str, Any]:
        """The parameters that are usual here, at this part of the whole time."""
        return {**self.usual, **self.later} if self.later and part >= CHANGE else self.usual

    def is_done(self, part: float) -> bool:
        """Whether anybody does it at this part of the whole time."""
        return self.start <= part < self.until


@dataclass(frozen=True)
class Catalogue:
    """All there is."""

    kinds: dict[str, Kind]
    workflows: tuple[Workflow, ...]
    errors: tuple[str, ...]
    slower: dict[str, dict[Any, float]]
    larger: dict[str, dict[Any, float]]


@cache
def catalogue() -> Catalogue:
    """What the two files declare."""
    operations = read_declared(_HERE / "operations.yaml")
    workflows = read_declared(_HERE / "workflows.yaml")
    causes = [Cause(**cause) for cause in operations["causes"]]
    return Catalogue(
        kinds={name: _kind(name, each, causes) for name, each in operations["operations"].items()},
        workflows=tuple(_workflow(name, each) for name, each in workflows.items()),
        errors=tuple(operations["errors"]),
        slower=operations["slower"],
        larger=operations["larger"],
    )


def _kind(name: str, declared: dict[str, Any], causes: list[Cause]) -> Kind:
    parameters = {key: (usual, share, tuple(rest)) for key, (usual, share, rest) in declared["parameters"].items()}
    own = tuple(cause for cause in causes if cause.operation == name)
    return Kind(name=name, causes=own, **{**declared, "parameters": parameters})


def _workflow(name: str, declared: dict[str, Any]) -> Workflow:
    renamed = {"set": "usual", "from": "start"}
    fields = {renamed.get(key, key): value for key, value in declared.items()}
    return Workflow(name=name, **{**fields, "steps": tuple(fields["steps"])})
