"""What chance alone does to a share of few samples and to small counts is no anomaly; more than that is."""

import numpy as np
import pytest

from shared.forecasting import Findings, Sampling, examine

HOURS = 900


def failures(seed: int, runs: float, share: float) -> tuple[list[float | None], list[float]]:
    """The failure rate of each hour, with how many runs it is of: of some hours none, at night."""
    dice = np.random.default_rng(seed)
    wave = 1 + 0.6 * np.sin(2 * np.pi * np.arange(HOURS) / 24)
    counts = dice.poisson(runs * wave).tolist()
    failed = dice.binomial(counts, share).tolist()
    return [bad / count if count else None for bad, count in zip(failed, counts, strict=True)], counts


def examined(values: list[float | None], samples: list[float] | None, sampling: Sampling | None) -> Findings:
    found = examine(values, periods=(24, 168), weights=samples, sampling=sampling)
    assert isinstance(found, Findings)
    return found


@pytest.mark.parametrize(("runs", "share"), [(3, 0.02), (10, 0.01), (10, 0.05), (40, 0.03)])
def test_rates_that_are_mostly_nothing_have_no_anomalies(runs: float, share: float) -> None:
    found = [examined(*failures(seed, runs, share), Sampling.RATE) for seed in range(2)]
    assert sum(len(each.anomalies) + len(each.changes) for each in found) <= 1


def test_without_it_every_failure_of_such_a_rate_would_be_one() -> None:
    assert len(examined(*failures(1, 10, 0.01), None).anomalies) > 20


def test_an_hour_in_which_most_of_the_runs_fail_is_an_anomaly() -> None:
    rates, samples = failures(1, 20, 0.02)
    rates[500], samples[500] = 0.7, 20
    assert [anomaly.at for anomaly in examined(rates, samples, Sampling.RATE).anomalies] == [500]


def test_an_event_now_and_then_is_none_and_twelve_at_once_are() -> None:
    counts = [float(count) for count in np.random.default_rng(2).poisson(0.3, HOURS)]
    assert examined(list(counts), None, Sampling.COUNT).anomalies == ()
    counts[300] = 12.0
    assert [anomaly.at for anomaly in examined(list(counts), None, Sampling.COUNT).anomalies] == [300]
