"""KPIs of any period, against brute force over the same events, and from kept hours as from events."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.core.clients import bigquery_client
from shared.core.errors import InvalidInput
from shared.events import event_messages, hashes_of, ingest
from shared.insights import Dimension, Period, Step, UnknownKpi, aggregate_metrics, kpi, kpis, measure
from shared.insights.comparing import measure_compared
from shared.insights.composing import Scope
from shared.insights.dashboard import View
from shared.insights.exporting import figures
from shared.insights.kept import cover, grains, not_believed_around
from shared.insights.kpi import Source
from shared.insights.measurement import Measurement
from tests.cloud import RunningCloud
from tests.shared.hours import this_hour
from tests.shared.insights.brute_force import Told, Window, random_events
from tests.shared.told import operation, tell

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
def history(cloud: RunningCloud) -> Iterator[Window]:
    """Three days of everything, of which the one in the middle is looked at; the two days around it are not aggregated."""
    start = this_hour() - timedelta(days=362)
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


def test_by_a_dimension_it_is_what_brute_force_says_of_the_events_with_that_value(aggregated: Window) -> None:
    for name in ("success_rate", "processing_time_p95", "cost", "unique_users", "satisfaction"):
        for found in measure([name], Period(aggregated.start, aggregated.end), by=[Dimension.PLATFORM]):
            [(_, platform)] = found.labels
            only = [told for told in aggregated.everything if told.event.platform == platform]
            assert found.value == about(name, replace(aggregated, everything=only).value(name)), (name, platform)


@pytest.mark.parametrize("every", [Step.HOUR, Step.DAY])
def test_steps_are_periods_of_their_own(every: Step, aggregated: Window) -> None:
    names = ["events", "success_rate", "generation_time_p95", "session_length", "unique_users", "retention", "cost"]
    found = measure(names, Period(aggregated.start, aggregated.end), every=every)
    assert len(found) == len(names) * len(list(Period(aggregated.start, aggregated.end).steps(every)))
    for each in found:
        assert each.at is not None
        start = max(each.at, aggregated.start) if each.kpi != "retention" else each.at
        end = min(every.after(each.at), aggregated.end)
        expected = replace(aggregated, start=start, end=end).value(each.kpi)
        if each.kpi == "retention" and end - start != every.after(each.at) - each.at:
            continue  # The last step is shorter than the one before.
        assert each.value == about(each.kpi, expected) and isinstance(each.samples, int), each


def test_people_are_counted_in_more_steps_than_an_integer_has_bits(aggregated: Window) -> None:
    period = Period(aggregated.start - 4 * DAY, aggregated.end - timedelta(minutes=17, microseconds=1))
    found = measure_compared(
        ["unique_users", "monthly_actives", "premium_adoption"], period, compare=True, every=Step.HOUR
    )
    assert len(found.series) > 3 * 62
    for each in (*found.series, *found.now, *found.before):
        end = period.start if each in found.before else period.end
        start = each.at or (period.before.start if each in found.before else period.start)
        window = replace(aggregated, start=start, end=min(Step.HOUR.after(each.at) if each.at else end, end))
        assert each.value == about(each.kpi, window.value(each.kpi)), each


@pytest.mark.parametrize(("minutes", "every"), [(17, Step.HOUR), (17, None), (0, Step.DAY)])
def test_compared_it_is_what_each_period_is_on_its_own(minutes: int, every: Step | None, aggregated: Window) -> None:
    """Read with the period before, even where both share an hour and a step."""
    start = aggregated.start + 8 * HOUR + timedelta(minutes=minutes)
    period = Period(start, start + 7 * HOUR)
    asked = ({"by": [Dimension.PLATFORM]}, {"where": {Dimension.PLATFORM: ["mcp"]}}, {})
    for chosen in asked:
        told_by = {*chosen.get("by", ()), *chosen.get("where", ())}
        names = [name for name in (*OF_EVENTS, "premium_adoption") if told_by <= set(kpi(name).dimensions)]
        found = measure_compared(names, period, compare=True, every=every, **chosen)  # type: ignore[arg-type]
        assert as_told(found.now) == as_told(measure(names, period, **chosen))  # type: ignore[arg-type]
        assert as_told(found.before) == as_told(measure(names, period.before, **chosen))  # type: ignore[arg-type]
        steps = measure(names, period, every=every, **chosen) if every else []  # type: ignore[arg-type]
        assert as_told(found.series) == as_told(steps)


@pytest.mark.parametrize("compare", [True, False])
@pytest.mark.parametrize("every", [Step.HOUR, Step.DAY])
def test_percentiles_of_steps_that_are_kept_leave_the_whole_what_it_is(
    every: Step, compare: bool, aggregated: Window
) -> None:
    """Steps are told as they are kept, the whole and the period before by their histograms; with parts of steps at the edges."""
    start = Step.DAY.floor(aggregated.start + DAY) - timedelta(minutes=17)
    period = Period(start, start + 30 * HOUR)
    names = [name for name in OF_EVENTS if kpi(name).aggregate.percentile]
    found = measure_compared(names, period, compare=compare, every=every)
    assert len(found.series) == len(names) * len(list(period.steps(every)))
    assert len(found.now) == len(names) and bool(found.before) is compare
    for of, told in ((period, [*found.series, *found.now]), (period.before, found.before)):
        for each in told:
            start, end = (max(each.at, of.start), min(every.after(each.at), of.end)) if each.at else (of.start, of.end)
            assert each.value == about(each.kpi, replace(aggregated, start=start, end=end).value(each.kpi)), each
    assert sum(each.samples for each in found.series) == sum(each.samples for each in found.now)


def test_whole_days_that_are_kept_answer_by_two_dimensions_what_their_events_do(aggregated: Window) -> None:
    """With hours and parts of hours around them, where the halves and the steps are whole days and where not."""
    window = replace(aggregated, start=aggregated.start - DAY, end=aggregated.end + DAY - timedelta(minutes=17))
    period = Period(window.start, window.end)
    platform, workflow, provider = Dimension.PLATFORM, Dimension.WORKFLOW, Dimension.PROVIDER
    only = {platform: ["mcp", "api"]}
    scope = Scope.of(period, [provider], None, only)
    days = cover(scope, grains(kpi("cost"), scope), not_believed_around(period.start, period.end)).days
    assert days, "nothing is answered by days"
    for name in OF_EVENTS:
        if name != "retention":
            assert value(name, window) == about(name, window.value(name))
    filtered = [t for t in window.everything if t.event.platform in ("mcp", "api")]
    for name in ("success_rate", "generation_time_p95", "cost"):
        found = measure([name], period, by=[provider], where=only, k_anonymous=False)
        assert found
        for each in found:
            told = [t for t in filtered if t.event.generation and t.event.generation.provider == each.labels[0][1]]
            assert each.value == about(name, replace(window, everything=told).value(name)), each
    pairs = measure(["operations"], period, by=[platform, workflow], where=only, every=Step.DAY, k_anonymous=False)
    assert len({each.labels for each in pairs}) == 4
    for labels in {each.labels for each in pairs}:
        told = [
            t
            for t in filtered
            if t.event.platform == labels[0][1] and t.event.context and t.event.context.workflow_type == labels[1][1]
        ]
        whole = sum(each.value or 0 for each in pairs if each.labels == labels)
        assert whole == replace(window, everything=told).value("operations")


def test_people_of_steps_that_are_kept_are_those_of_the_events(aggregated: Window) -> None:
    period = Period(aggregated.start - DAY, aggregated.end + DAY)
    for every in (Step.HOUR, Step.DAY):
        for chosen in ({}, {"by": [Dimension.PLATFORM]}):
            found = measure(["unique_users", "premium_conversion"], period, every=every, k_anonymous=False, **chosen)  # type: ignore[arg-type]
            for each in found:
                assert each.at is not None
                told = [t for t in aggregated.everything if not each.labels or t.event.platform == each.labels[0][1]]
                step = replace(aggregated, start=max(each.at, period.start), end=every.after(each.at), everything=told)
                assert each.value == about(each.kpi, step.value(each.kpi)), each
                if each.kpi == "unique_users":
                    assert each.samples == each.value


def as_told(found: list[Measurement]) -> list[object]:
    """But for what a different order of adding up makes of the last digit."""
    return [
        (each.kpi, each.labels, each.at, each.samples, None if each.value is None else f"{each.value:.9g}")
        for each in found
    ]


def test_monthly_actives_at_the_end_of_each_step(history: Window) -> None:
    for each in measure(["monthly_actives"], Period(history.start, history.end), every=Step.HOUR):
        assert each.at is not None
        assert each.value == len(history.people(each.at + HOUR - timedelta(days=30), each.at + HOUR))


@pytest.mark.parametrize("every", [Step.HOUR, Step.DAY, Step.WEEK])
def test_monthly_actives_where_the_last_step_ends_at_any_moment(every: Step, history: Window) -> None:
    """Also 30 days after events of the same step, of which some are in and some are not."""
    month = timedelta(days=30)
    last = sorted(told.at for told in history.everything if told.user)[-4]
    for end in (last + month, last + month + timedelta(milliseconds=1)):
        period = Period(end - 40 * DAY, end)
        found = [(each.at, each.value) for each in measure(["monthly_actives"], period, every=every)]
        untils = [min(every.after(at), end) for at, _ in found if at is not None]
        assert [value for _, value in found] == [len(history.people(until - month, until)) for until in untils]
        assert 0 < (found[-1][1] or 0) < len(PEOPLE)


def test_a_period_may_end_within_a_second(history: Window) -> None:
    period = Period(history.start, history.end - timedelta(milliseconds=300))
    measured = measure(["monthly_actives"], period, every=Step.HOUR)
    whole = measure(["monthly_actives"], Period(history.start, history.end), every=Step.HOUR)
    assert [each.value for each in measured] == [each.value for each in whole]


def test_a_filter_leaves_only_the_rows_with_one_of_its_values(aggregated: Window) -> None:
    period = Period(aggregated.start, aggregated.end)
    [found] = measure(["operations"], period, where={Dimension.PLATFORM: ["mcp", "api"]})
    only = [told for told in aggregated.everything if told.event.platform in ("mcp", "api")]
    assert found.value == replace(aggregated, everything=only).value("operations")
    of_mcp = {Dimension.PLATFORM: ["mcp"]}
    both = measure(["operations"], period, by=[Dimension.OPERATION], where=of_mcp, k_anonymous=False)
    trims = [
        t
        for t in aggregated.inside
        if t.event.platform == "mcp" and t.event.operation and t.event.operation.type == "trim"
    ]
    assert {each.labels: each.value for each in both}[("operation", "trim"),] == len(trims)


def test_ones_own_figures_are_of_ones_own_events(aggregated: Window) -> None:
    own = [told for told in aggregated.everything if told.user == PEOPLE[0]]
    period = Period(aggregated.start, aggregated.end)
    for name in ("events", "success_rate", "session_length", "processing_time_p50"):
        [found] = measure([name], period, users=hashes_of(PEOPLE[0]).values())
        assert found.value == about(name, replace(aggregated, everything=own).value(name))


def test_labels_of_fewer_than_five_people_are_left_out_unless_a_rule_asks(hour: datetime) -> None:
    for number in range(5):
        tell(f"user {number}", operation(hour, "trim"))
    for number in range(4):
        tell(f"user {number}", operation(hour, "render"))
    period = Period(hour, hour + HOUR)

    def shown(**chosen: bool) -> list[str]:
        return [each.labels[0][1] for each in measure(["operations"], period, by=[Dimension.OPERATION], **chosen)]

    assert shown() == ["trim"]
    assert shown(k_anonymous=False) == ["render", "trim"]
    [alone] = measure(["operations"], period, where={Dimension.OPERATION: ["render"]})
    assert (alone.value, alone.samples) == (None, 0)


def test_an_export_in_parts_tells_of_whom_there_are_enough_in_the_whole(
    hour: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = [hour + timedelta(minutes=10 * number) for number in range(5)]
    for number, at in enumerate(times):
        tell(f"user {number}", operation(at, "trim"))
    tell("user 0", operation(hour, "render"))
    monkeypatch.setattr(figures, "_CELLS_AT_A_TIME", 10)

    def told(**asked: Any) -> list[Any]:
        view = View(Period(hour, hour + HOUR), every=Step.MINUTE, **asked)
        return [tuple(row) for row in figures.Curves.of(["operations"], view).table("Operations").rows if row[-1]]

    assert told(by=(Dimension.OPERATION,)) == [(at, "trim", 1) for at in times]
    assert told(where={Dimension.OPERATION: ("trim",)}) == [(at, 1) for at in times]


def test_a_step_without_anything_counts_nothing_and_has_no_mean(hour: datetime) -> None:
    tell("ann", operation(hour + 2 * HOUR))
    found = measure(["operations", "success_rate"], Period(hour, hour + 3 * HOUR), every=Step.HOUR)
    assert [each.value for each in found] == [0, 0, 1, None, None, 1]


def test_late_and_erased_events_count_before_and_after_the_next_aggregation(lonely_hour: datetime) -> None:
    def events() -> float | None:
        [found] = measure(["events"], Period(lonely_hour - DAY, lonely_hour + DAY))
        return found.value

    tell("ann", operation(lonely_hour))
    aggregate_metrics(lonely_hour + DAY)
    tell("ann", operation(lonely_hour), operation(lonely_hour + HOUR))
    assert events() == 3
    aggregate_metrics(lonely_hour + DAY)
    assert events() == 3


def test_a_day_is_not_believed_while_its_hours_are_newer(lonely_hour: datetime) -> None:
    """Whoever is killed after the hours leaves the day as it was; the next run computes it."""
    noon = Step.DAY.floor(lonely_hour) + 12 * HOUR

    def outdated() -> bool:
        return Step.DAY.floor(noon) in not_believed_around(noon - DAY, noon + DAY).days

    tell("ann", operation(noon, success=False))
    assert outdated()
    aggregate_metrics(noon + DAY)
    assert not outdated()
    newer = f"UPDATE kompo.metrics_hourly SET computed_at = '{(noon + 2 * DAY).isoformat()}' WHERE hour = '{noon.isoformat()}'"
    bigquery_client().query_and_wait(newer)
    assert outdated()
    aggregate_metrics(noon + 2 * DAY)
    assert not outdated()


def test_an_unknown_kpi_is_refused_with_the_nearest_and_a_dimension_with_those_that_there_are(hour: datetime) -> None:
    period = Period(hour, hour + HOUR)
    with pytest.raises(UnknownKpi, match="Did you mean success_rate"):
        measure(["sucess_rate"], period)
    with pytest.raises(InvalidInput, match=r"retention cannot be told by operation\. It can be told by platform"):
        measure(["retention"], period, by=[Dimension.OPERATION])
    with pytest.raises(InvalidInput, match="nobody has a share"):
        measure(["quarantine_rate"], period, users=["0" * 64])
    with pytest.raises(InvalidInput, match="more than 10000 steps"):
        measure(["events"], Period(hour, hour + 30 * DAY), every=Step.MINUTE)
