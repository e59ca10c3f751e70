"""Replaying: a rule is evaluated over readings of the past, one evaluation after the other. Pure: no clock, no database."""

from collections.abc import Iterator
from datetime import datetime

from shared.alerts.backtest.result import BacktestEpisode, worst_of
from shared.alerts.evaluation import Finding, Step, evaluate
from shared.alerts.instances import AlertInstance
from shared.alerts.readings import Failure, Readings
from shared.alerts.rules import AlertRule, Comparison


class Replay:
    """The rule, its alerts so far, and what came of those that are over."""

    def __init__(self, rule: AlertRule) -> None:
        self._rule = rule
        self.above = rule.comparison is Comparison.ABOVE
        self._open: list[AlertInstance] = []
        self._worst: dict[str, float | None] = {}
        self._over: list[BacktestEpisode] = []
        self.evaluations = self.without_data = self.failures = self.never_fired = 0

    def evaluate(self, at: datetime, seen: Readings | Failure) -> None:
        """Evaluate the rule at a time, later than those before."""
        steps = evaluate(self._rule, self._open, at, seen)
        self.evaluations += 1
        self.failures += isinstance(seen, Failure)
        self.without_data += not isinstance(seen, Failure) and not _has_data(steps)
        after = [step.after for step in steps if step.after is not None]
        for alert in after:
            self._worst[alert.id] = worst_of((self._worst.get(alert.id), alert.value), above=self.above)
        for alert in after:
            if not alert.is_open:
                self._end(alert)
        self._open = [alert for alert in after if alert.is_open]

    def episodes(self, end: datetime) -> list[BacktestEpisode]:
        """All that fired up to `end`, in the order in which they did."""
        going_on = [self._episode(alert, end) for alert in self._open if alert.fired_at is not None]
        return sorted([*self._over, *going_on], key=lambda episode: (episode.fired_at, sorted(episode.labels.items())))

    def _end(self, alert: AlertInstance) -> None:
        assert alert.resolved_at is not None
        if alert.fired_at is None:
            self.never_fired += 1
        else:
            self._over.append(self._episode(alert, alert.resolved_at))
        del self._worst[alert.id]

    def _episode(self, alert: AlertInstance, end: datetime) -> BacktestEpisode:
        assert alert.fired_at is not None
        return BacktestEpisode(
            labels=alert.labels,
            condition=alert.condition,
            started_at=alert.started_at,
            fired_at=alert.fired_at,
            resolved_at=alert.resolved_at,
            minutes=(end - alert.fired_at).total_seconds() / 60,
            worst=self._worst[alert.id],
        )


def _has_data(steps: list[Step]) -> bool:
    return any(finding in (Finding.BREACHED, Finding.CLEAR) for finding in _findings(steps))


def _findings(steps: list[Step]) -> Iterator[Finding]:
    return (step.finding for step in steps)
