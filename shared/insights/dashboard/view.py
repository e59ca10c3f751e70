"""View: what somebody looks at: a period, how it is cut and grouped, what it is compared with, and whose events count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.errors import InvalidInput
from shared.insights.kpi import Dimension
from shared.insights.period import Period, Step

MOST_POINTS = 2_000
"""Points of one curve: no screen shows more. Exports have no such bound."""


@dataclass(frozen=True)
class View:
    """`every` cuts into steps; `by` tells apart; `where` keeps rows whose dimension has one of the values; `users` are the hashes
    of the one person whose events count, None for everybody's."""

    period: Period
    compare: bool = True
    every: Step | None = None
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    users: Sequence[str] | None = None

    @property
    def scope(self) -> str:
        """Whose events count."""
        return "everybody" if self.users is None else "own"

    @property
    def before(self) -> Period | None:
        """The period that this one is compared with."""
        return self.period.before if self.compare else None

    @property
    def since(self) -> datetime:
        """The start of all that is looked at."""
        return self.before.start if self.before is not None else self.period.start

    def check_points(self) -> None:
        """Raise InvalidInput if a curve would have more points than anybody can look at."""
        if self.every is None:
            return
        points = sum(1 for _ in self.period.steps(self.every))
        if points > MOST_POINTS:
            raise InvalidInput(
                f"There are {points} steps of a {self.every} in this period; {MOST_POINTS} are shown at most. "
                "Ask for longer steps, or export the figures."
            )


def usual_step(period: Period) -> Step:
    """The step that gives a curve of this period some dozens to some hundreds of points."""
    hours = period.length.total_seconds() / 3600
    if hours <= 3:
        return Step.MINUTE
    if hours <= 24 * 8:
        return Step.HOUR
    return Step.DAY if hours <= 24 * 200 else Step.WEEK
