"""Progress over the steps of a render, the time left to it, and whether it is still wanted."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.kompositions.passes.plan import RenderPlan, StepKind
from shared.media import Progress, RenderCancelled, RenderTimeout


@dataclass(frozen=True)
class RenderProgress:
    """Where a render is: `fraction` 0-1 of all of it, never falling; what it does now."""

    fraction: float
    step: StepKind


@dataclass
class Steps:
    """Weighs the steps of a plan by the time that they should take."""

    plan: RenderPlan
    on_progress: Callable[[RenderProgress], None] | None = None
    should_cancel: Callable[[], bool] | None = None
    timeout: float | None = None
    started: float = field(default_factory=time.monotonic)
    _done: float = 0.0
    _told: float = 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the render may still take. Raises RenderTimeout when there are none."""
        if self.timeout is None:
            return None
        left = self.timeout - self.elapsed
        if left <= 0:
            raise RenderTimeout(f"The render was stopped: it took longer than {self.timeout:g} seconds.")
        return left

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.started

    def check(self) -> None:
        """Raise RenderCancelled or RenderTimeout when it is time to stop."""
        if self.should_cancel is not None and self.should_cancel():
            raise RenderCancelled("The render was cancelled.")
        _ = self.left

    def begin(self, kind: StepKind, seconds: float) -> Callable[[float], None]:
        """A step that should take so long begins: the function that hears how far it is, from 0 to 1."""
        total = max(self.plan.seconds, 1e-6)
        before, weight = self._done, seconds / total
        self._done += weight

        def heard(fraction: float) -> None:
            self._tell(min(1.0, before + weight * fraction), kind)

        heard(0.0)
        return heard

    def end(self) -> None:
        """All is done."""
        self._tell(1.0, StepKind.JOIN)

    def _tell(self, fraction: float, kind: StepKind) -> None:
        self._told = max(self._told, fraction)
        if self.on_progress is not None:
            self.on_progress(RenderProgress(self._told, kind))


def fractions(heard: Callable[[float], None]) -> Callable[[Progress], None]:
    """FFmpeg's progress as a fraction."""
    return lambda progress: heard(progress.fraction)
