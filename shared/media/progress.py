"""Progress: what FFmpeg says of itself while it runs (`-progress pipe:1`) and on standard error."""

from collections.abc import Callable
from dataclasses import dataclass, field

_STDERR_KEPT = 64 * 1024


@dataclass(frozen=True)
class Progress:
    """Where a run is: `fraction` 0–1 of the output written, frames so far, frames per second, times real time."""

    fraction: float
    frames: int
    fps: float
    speed: float


@dataclass
class Listener:
    """What FFmpeg has said so far on its two pipes. `duration` is the planned length of the output in seconds."""

    duration: float
    on_progress: Callable[[Progress], None] | None
    frames: int = 0
    _report: dict[str, str] = field(default_factory=dict)
    _pending: bytes = b""
    _stderr: bytes = b""

    @property
    def log(self) -> str:
        """The last 64 KiB of standard error."""
        return self._stderr.decode("utf-8", "replace")

    def read_stdout(self, data: bytes) -> None:
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            name, _, value = line.decode("utf-8", "replace").partition("=")
            self._report[name.strip()] = value.strip()
            if name == "progress":
                self._tell()

    def read_stderr(self, data: bytes) -> None:
        self._stderr = (self._stderr + data)[-_STDERR_KEPT:]

    def _tell(self) -> None:
        self.frames = int(self._number("frame"))
        seconds = self._number("out_time_us") / 1e6
        fraction = min(max(seconds / self.duration, 0.0), 1.0) if self.duration > 0 else 0.0
        if self.on_progress:
            self.on_progress(Progress(fraction, self.frames, self._number("fps"), self._number("speed")))

    def _number(self, name: str) -> float:
        try:
            return float(self._report.get(name, "").rstrip("x"))
        except ValueError:
            return 0.0
