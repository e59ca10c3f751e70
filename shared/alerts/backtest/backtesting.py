"""Backtesting: readings of the past, as many as there is time for, and what the rule makes of them."""

import time
from datetime import datetime, timedelta

from shared.alerts.backtest.past import past_of
from shared.alerts.backtest.replaying import Replay
from shared.alerts.backtest.result import SHOWN, Backtest, per_week, totals
from shared.alerts.checking import check_rule
from shared.alerts.rules import AlertRule
from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.insights import Period

MOST_DAYS = 92
SECONDS = 40.0
"""What a backtest may take: a request has a minute."""


def backtest(rule: AlertRule, start: datetime, end: datetime, *, seconds: float = SECONDS) -> Backtest:
    """What the rule would have said from `start` to `end`; the time over, as far as it came.

    Raises InvalidRule when the rule cannot be kept, InvalidInput for a period that is empty, of the future or over 92 days, and
    Unavailable."""
    check_rule(rule)
    if not timedelta(0) < end - start <= timedelta(days=MOST_DAYS):
        raise InvalidInput(
            f"The period must end after it starts and be no longer than {MOST_DAYS} days.", pointer="/end"
        )
    if end > now() + timedelta(minutes=1):
        raise InvalidInput("The period must not reach into the future: nothing is known of it.", pointer="/end")
    begun, replay = time.monotonic(), Replay(rule)
    period = Period(_minute(start), _minute(end - timedelta(microseconds=1)) + timedelta(minutes=1))
    past, reached, complete = past_of(rule, period), period.start, True
    for at, seen in past.readings():
        if time.monotonic() - begun > seconds:
            complete = False
            break
        replay.evaluate(at, seen)
        reached = at + timedelta(minutes=past.every)
    return _result(replay, period.start, period.end if complete else reached, past.every, complete=complete)


def _result(replay: Replay, start: datetime, end: datetime, every: int, *, complete: bool) -> Backtest:
    episodes, length = replay.episodes(end), end - start
    return Backtest(
        start=start,
        end=end,
        complete=complete,
        every=every,
        evaluations=replay.evaluations,
        without_data=replay.without_data,
        failures=replay.failures,
        fired=len(episodes),
        never_fired=replay.never_fired,
        firing_minutes=sum(episode.minutes for episode in episodes),
        pages_per_week=per_week(len(episodes), length),
        by_label=totals(episodes, length, above=replay.above),
        episodes=episodes[:SHOWN],
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
