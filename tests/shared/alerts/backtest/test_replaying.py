"""What a rule makes of history, on readings that are made up."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from shared.alerts import AlertInstance, AlertRule, Comparison, Failure, Reading, Readings, evaluate
from shared.alerts.backtest.replaying import Replay

START = datetime(2026, 2, 27, tzinfo=UTC)
RULE = AlertRule(
    id="low", name="Low", kpi="success_rate", comparison=Comparison.BELOW, threshold=0.9, window=15, hold=2
)


def replayed(rule: AlertRule, *seen: Readings | Failure) -> Replay:
    replay = Replay(rule)
    for minute, each in enumerate(seen):
        replay.evaluate(START + timedelta(minutes=minute), each)
    return replay


def reading(*values: float) -> list[Readings]:
    return [{(): Reading(value, 100)} for value in values]


def test_it_tells_when_it_would_have_fired_for_how_long_and_how_bad_it_was() -> None:
    replay = replayed(RULE, *reading(1, 0.8, 0.8, 0.5, 0.7, 1, 0.8, 1))
    [episode] = replay.episodes(START + timedelta(minutes=8))
    assert (episode.started_at, episode.fired_at) == (START + timedelta(minutes=1), START + timedelta(minutes=3))
    assert (episode.minutes, episode.worst) == (2, 0.5)
    assert (replay.evaluations, replay.never_fired) == (8, 1)


def test_one_that_still_fires_lasts_to_the_end() -> None:
    [episode] = replayed(RULE, *reading(0.8, 0.8, 0.8, 0.8)).episodes(START + timedelta(minutes=10))
    assert (episode.resolved_at, episode.minutes) == (None, 8)


def test_evaluations_without_data_and_failed_ones_are_counted() -> None:
    replay = replayed(RULE, {}, Failure("no answer"), *reading(1))
    assert (replay.evaluations, replay.without_data, replay.failures) == (3, 1, 1)


@given(some.lists(some.one_of(some.none(), some.sampled_from([0.5, 0.95])), max_size=40))
def test_it_fires_exactly_when_it_would_have_live(values: list[float | None]) -> None:
    seen: list[Readings] = [{} if value is None else {(): Reading(value, 100)} for value in values]
    fired: list[datetime] = []
    alerts: list[AlertInstance] = []
    for minute, each in enumerate(seen):
        steps = evaluate(RULE, alerts, START + timedelta(minutes=minute), each)
        after = [step.after for step in steps if step.after is not None]
        fired += [alert.fired_at for alert in after if alert.fired_at == START + timedelta(minutes=minute)]
        alerts = [alert for alert in after if alert.is_open]
    told = [episode.fired_at for episode in replayed(RULE, *seen).episodes(START + timedelta(days=1))]
    assert told == fired
