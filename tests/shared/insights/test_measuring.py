"""KPIs of any period, against brute force over the same events, and from kept hours as from events."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.events import event_messages, ingest
from shared.insights import Period, aggregate_metrics, kpi, kpis, measure
from shared.insights.kpi import Source
from tests.shared.insights.brute_force import Told, Window, random_events

pytestmark = pytest.mark.usefixtures("cloud")

PEOPLE = tuple(f"person {number}" for number in range(7))
OF_EVENTS = tuple(name for name, one in kpis().items() if one.source is Source.EVENTS)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def take_in(everything: list[Told]) -> None:
    """As `ingest_events` does, user by user."""
    by_user = defaultdict(list)
    for told in everything:
        by_user[told.user].append(told.event)
    for user, events in by_user.items():
        for message in event_messages(user, events):
            assert ingest(message).invalid == 0


@pytest.fixture(scope="module")
def history(running_cloud: object) -> Iterator[Window]:
    """Three days of everything, of which the one in the middle is looked at; the two days around it are not aggregated."""
    from tests.shared.conftest import _this_hour

    start = _this_hour() - timedelta(days=362)
    people = (*PEOPLE, None)
    everything = random_events(1, start - DAY, 3 * DAY, people, 900)
    take_in(everything)
    yield Window(start, start + DAY, everything)


@pytest.fixture(scope="module")
def aggregated(history: Window) -> Window:
    """The same, with its hours kept."""
    aggregate_metrics(history.end + DAY, 4 * DAY)
    return history


def value(kpi: str, window: Window, **chosen: object) -> float | None:
    [found] = measure([kpi], Period(window.start, window.end), **chosen)  # type: ignore[arg-type]
    return found.value


def about(kpi_name: str, expected: float | None) -> object:
    """As near as the KPI promises to be."""
    if expected is None:
        return None
    return pytest.approx(expected, rel=0.01 if kpi(kpi_name).aggregate.percentile else 1e-9)


@pytest.mark.parametrize("name", OF_EVENTS)
def test_it_is_what_brute_force_says(name: str, history: Window) -> None:
    expected = history.value(name)
    assert expected, "the history has nothing to measure"
    assert value(name, history) == about(name, expected)


@pytest.mark.parametrize("name", OF_EVENTS)
def test_it_is_the_same_from_kept_hours_with_parts_of_hours_at_the_edges(name: str, aggregated: Window) -> None:
    for edge in (timedelta(0), timedelta(minutes=17)):
        window = replace(aggregated, start=aggregated.start + edge, end=aggregated.end - edge)
        assert value(name, window) == about(name, window.value(name))
