"""Remaining: how long a job has still to go, from the rate at which it has moved so far. An estimate that does not jump."""

from math import exp

QUIET = 2.0
"""Seconds of an attempt before anything is said."""
LEAST = 0.02
"""Progress before anything is said."""
MEMORY = 5.0
"""Seconds, at least, over which the rate is averaged; later a third of the time so far, as a long job moves more evenly."""
SLOWEST = 0.1
"""Of the mean rate so far: a job that stands still is not believed to stand still for ever."""
SETTLING = 5.0
"""Seconds in which what is shown goes two thirds of the way to what is estimated anew."""


class Remaining:
    """Hears of progress, again and again, and says how many seconds are left.

    The rate is an exponential average. What is shown runs down with the clock and is drawn, never pushed, to what follows from
    the rate: between two calls it changes by the time between them and at most the settled part of the difference."""

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None
        self._last = (0.0, 0.0)
        self._rate = 0.0
        self._shown: float | None = None

    def update(self, progress: float, at: float) -> float | None:
        """`progress` from 0 to 1, `at` seconds of a steady clock. Seconds left, or None as long as nobody can know."""
        if self._began is None:
            self._began = self._last = (progress, at)
            return None
        begun, since = self._began
        before, then = self._last
        elapsed, step = at - since, at - then
        if step <= 0:
            return self._shown
        self._last = (progress, at)
        if elapsed < QUIET or progress - begun < LEAST:
            self._rate = (progress - begun) / elapsed
            return None
        memory = max(MEMORY, elapsed / 3)
        self._rate += (1 - exp(-step / memory)) * ((progress - before) / step - self._rate)
        return self._show((1 - progress) / max(self._rate, SLOWEST * (progress - begun) / elapsed), step)

    def _show(self, estimate: float, step: float) -> float:
        if self._shown is None:
            self._shown = estimate
        else:
            run_down = max(0.0, self._shown - step)
            self._shown = run_down + (1 - exp(-step / SETTLING)) * (estimate - run_down)
        return self._shown
