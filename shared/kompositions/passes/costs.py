"""What steps take and cost: from the speeds of earlier renders, else from `costs.yaml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.core.declared import read_declared
from shared.kompositions.model import Output
from shared.media.machines import machine_of, usual_encode_speed


class CostTable(BaseModel):
    """`costs.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sound: float
    measure: float
    join: float
    start: float


@cache
def cost_table() -> CostTable:
    """The table."""
    return CostTable.model_validate(read_declared(Path(__file__).with_name("costs.yaml")))


@dataclass(frozen=True)
class Speeds:
    """How fast steps are. `measured` comes from earlier renders, by names such as `encode/h264/veryfast`."""

    measured: Mapping[str, float]

    def encode(self, outputs: Sequence[Output], frames: int) -> float:
        """Seconds to encode `frames` frames into all outputs."""
        seconds = cost_table().start
        for output in outputs:
            codec = output.coded[0]
            if codec is not None:
                usual = usual_encode_speed(codec, output.preset)
                seconds += frames * output.width * output.height / self.measured.get(encode_name(output), usual)
        return seconds

    def sound(self, seconds: float) -> float:
        """Seconds to render that much sound."""
        return cost_table().start + seconds / self.measured.get("sound", cost_table().sound)

    def measure(self, seconds: float) -> float:
        """Seconds to measure that much sound."""
        return cost_table().start + seconds / self.measured.get("measure", cost_table().measure)

    def join(self, frames: int) -> float:
        """Seconds to copy the packets of so many frames."""
        return frames / self.measured.get("join", cost_table().join)


def frames_in(seconds: float, outputs: Sequence[Output], measured: Mapping[str, float]) -> int:
    """How many frames can be encoded in that long; at least 100."""
    speeds = Speeds(measured)
    one = speeds.encode(outputs, 1000) - speeds.encode(outputs, 0)
    return max(100, int(seconds / one * 1000)) if one > 0 else 10**9


def encode_name(output: Output) -> str:
    """The name of the speed, in pixels a second, at which a graph runs into this output."""
    return f"encode/{output.coded[0]}/{output.preset}"


def cost(seconds: float) -> float:
    """US dollars for that long on the job's machine."""
    return machine_of("render").cost(seconds)
