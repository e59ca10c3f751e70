"""Speeds: how fast a task works, from what was measured in earlier jobs, else from `speeds.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from shared.core.declared import read_declared
from shared.media.machines import usual_encode_speed


class SpeedTable(BaseModel):
    """`speeds.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gpu: float
    sound: float
    sprites: float
    waveform: float
    stills: float
    join: float
    transfer: float
    start: float
    plan: float
    piece: float
    finish: float


@cache
def speed_table() -> SpeedTable:
    """The table."""
    return SpeedTable.model_validate(read_declared(Path(__file__).with_name("speeds.yaml")))


class Coded(Protocol):
    """What of a rendition tells how long it takes."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def codec(self) -> str: ...
    @property
    def preset(self) -> str: ...


Steady = Literal["sound", "sprites", "waveform", "join", "transfer"]
"""Work whose time grows with its amount; units as in the table."""
Fixed = Literal["stills", "start", "plan", "piece", "finish"]
"""What takes its seconds whatever there is to do."""
Whole = Literal["sound", "stills", "sprites", "waveform"]
"""What is made of a whole film at once."""


@dataclass(frozen=True)
class Speeds:
    """How fast a task is. `measured` comes from earlier jobs, by the names of the table and of `encode_name`."""

    measured: Mapping[str, float] = field(default_factory=dict)

    def encode(self, renditions: Iterable[Coded], frames: float, *, gpu: bool = False) -> float:
        """Seconds to encode so many frames into all renditions in one run."""
        seconds = 0.0
        for rendition in renditions:
            usual = 1e6 * speed_table().gpu if gpu else usual_encode_speed(rendition.codec, rendition.preset)
            speed = self.measured.get(encode_name(rendition, gpu=gpu), usual)
            seconds += frames * rendition.width * rendition.height / speed
        return seconds

    def steady(self, name: Steady, amount: float) -> float:
        """Seconds for so much of it."""
        usual: float = getattr(speed_table(), name)
        return amount / self.measured.get(name, usual)

    def whole(self, name: Whole, seconds: float) -> float:
        """Seconds to make it of so many seconds of film."""
        return self.fixed(name) if name == "stills" else self.steady(name, seconds)

    def fixed(self, name: Fixed) -> float:
        """Seconds."""
        usual: float = getattr(speed_table(), name)
        return self.measured.get(name, usual)


def encode_name(rendition: Coded, *, gpu: bool = False) -> str:
    """The name of the speed, in pixels a second, at which a run into this rendition works."""
    return f"encode/{'gpu' if gpu else 'cpu'}/{rendition.codec}/{rendition.preset}"


def encode_speeds(renditions: Iterable[Coded], frames: int, seconds: float, *, gpu: bool = False) -> dict[str, float]:
    """What a run that encoded so many frames in so long tells of later ones."""
    every = list(renditions)
    pixels = frames * sum(rendition.width * rendition.height for rendition in every)
    return {encode_name(rendition, gpu=gpu): pixels / max(seconds, 0.001) for rendition in every}
