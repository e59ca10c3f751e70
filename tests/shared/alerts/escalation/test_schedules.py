"""Who is on call: turns, layers, restrictions, overrides, and clocks that are put forward and back."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.alerts.escalation import OnCallSchedule, Shift, moment_of, next_hand_overs, shifts

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns")
WEEKS = {"name": "weeks", "people": ["ann", "bob", "cid"], "starts_on": "2026-01-05", "hand_over": "09:00"}


def schedule(*layers: dict[str, Any], zone: str = "Europe/Berlin", **fields: Any) -> OnCallSchedule:
    return OnCallSchedule.model_validate({"id": "video", "name": "Video", "zone": zone, "layers": layers, **fields})


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Berlin"))  # type: ignore[arg-type]


def local(found: list[Shift], zone: str = "Europe/Berlin") -> list[tuple[str, str | None]]:
    """Where each shift begins on the wall clock, and who has it."""
    return [(f"{each.start.astimezone(ZoneInfo(zone)):%a %m-%d %H:%M}", each.person) for each in found]


def test_weekly_turns_hand_over_on_the_weekday_of_the_first_day() -> None:
    found = shifts(schedule(WEEKS), berlin(2026, 1, 7), berlin(2026, 1, 28))
    assert local(found) == [
        ("Wed 01-07 00:00", "ann"),
        ("Mon 01-12 09:00", "bob"),
        ("Mon 01-19 09:00", "cid"),
        ("Mon 01-26 09:00", "ann"),
    ]


def test_nobody_is_on_call_before_the_first_turn_and_from_the_last_day_on() -> None:
    layer = {**WEEKS, "ends_on": "2026-01-14"}
    found = shifts(schedule(layer), berlin(2026, 1, 5), berlin(2026, 1, 20))
    assert local(found) == [
        ("Mon 01-05 00:00", None),
        ("Mon 01-05 09:00", "ann"),
        ("Mon 01-12 09:00", "bob"),
        ("Wed 01-14 09:00", None),
    ]


@pytest.mark.parametrize(
    ("unit", "length", "days"),
    [("day", 1, [2, 3, 4]), ("day", 2, [3, 5, 7]), ("week", 2, [15, 29]), ("hour", 48, [3, 5, 7])],
)
def test_turns_last_as_long_as_they_say(unit: str, length: int, days: list[int]) -> None:
    layer = {**WEEKS, "starts_on": "2026-06-01", "unit": unit, "length": length}
    found = next_hand_overs(schedule(layer), berlin(2026, 6, 1, 12), len(days))
    assert [each.start for each in found] == [berlin(2026, 6, day, 9) for day in days]


def test_hand_overs_stay_at_the_time_of_the_wall_clock_when_clocks_are_put_forward_and_back() -> None:
    spring = next_hand_overs(schedule(WEEKS), berlin(2026, 3, 24), 2)
    assert [f"{each.start:%m-%d %H:%M}" for each in spring] == ["03-30 07:00", "04-06 07:00"]
    autumn = next_hand_overs(schedule(WEEKS), berlin(2026, 10, 20), 2)
    assert [f"{each.start:%m-%d %H:%M}" for each in autumn] == ["10-26 08:00", "11-02 08:00"]


def test_a_hand_over_that_the_zone_skips_is_when_the_clocks_jump_and_one_that_it_repeats_at_the_first() -> None:
    days = {**WEEKS, "unit": "day", "hand_over": "02:30"}
    spring = shifts(schedule(days), berlin(2026, 3, 28, 12), berlin(2026, 3, 30, 12))
    assert [each.start for each in spring[1:]] == [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
    ]
    autumn = shifts(schedule(days), berlin(2026, 10, 24, 12), berlin(2026, 10, 26, 12))
    assert [each.start for each in autumn[1:]] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


def test_the_last_layer_that_covers_a_time_has_it() -> None:
    nights = {
        "name": "nights",
        "people": ["zoe"],
        "starts_on": "2026-01-05",
        "hand_over": "00:00",
        "restrictions": [{"times": [{"start": "22:00", "end": "24:00"}, {"start": "00:00", "end": "06:00"}]}],
    }
    found = shifts(schedule(WEEKS, nights), berlin(2026, 1, 6, 12), berlin(2026, 1, 7, 12))
    assert local(found) == [("Tue 01-06 12:00", "ann"), ("Tue 01-06 22:00", "zoe"), ("Wed 01-07 06:00", "ann")]


def test_a_restriction_to_weekdays_leaves_the_weekend_to_nobody() -> None:
    layer = {**WEEKS, "restrictions": [{"weekdays": ["monday:friday"], "times": [{"start": "08:00", "end": "18:00"}]}]}
    found = shifts(schedule(layer), berlin(2026, 1, 9, 12), berlin(2026, 1, 12, 12))
    assert local(found) == [
        ("Fri 01-09 12:00", "ann"),
        ("Fri 01-09 18:00", None),
        ("Mon 01-12 08:00", "ann"),
        ("Mon 01-12 09:00", "bob"),
    ]


def test_a_restriction_within_the_hour_that_is_repeated_holds_twice() -> None:
    layer = {**WEEKS, "people": ["ann"], "restrictions": [{"times": [{"start": "02:30", "end": "03:00"}]}]}
    found = [each for each in shifts(schedule(layer), berlin(2026, 10, 25), berlin(2026, 10, 25, 12)) if each.person]
    assert [(each.start.hour, each.start.minute, each.end.hour, each.end.minute) for each in found] == [
        (0, 30, 1, 0),
        (1, 30, 2, 0),
    ]
    spring = shifts(schedule(layer), berlin(2026, 3, 29), berlin(2026, 3, 29, 12))
    assert [each.person for each in spring] == [None], "the clock never shows it that day"


def test_somebody_stands_in_and_the_last_override_has_it() -> None:
    times = [(6, 8, "zoe"), (7, 9, "yan")]
    overrides = [
        {"start": f"2026-01-{a:02}T09:00:00Z", "end": f"2026-01-{b:02}T09:00:00Z", "person": p} for a, b, p in times
    ]
    found = shifts(schedule(WEEKS, zone="UTC", overrides=overrides), berlin(2026, 1, 6), berlin(2026, 1, 10))
    assert [each.person for each in found] == ["ann", "zoe", "yan", "ann"]
    assert [each.start.day for each in found[1:]] == [6, 7, 9]


def test_the_same_person_twice_in_a_row_is_one_shift() -> None:
    assert [
        each.person for each in shifts(schedule({**WEEKS, "people": ["ann"]}), berlin(2026, 1, 6), berlin(2026, 3, 1))
    ] == ["ann"]


def test_the_hand_over_after_a_long_time_is_found_and_a_schedule_that_never_changes_has_none() -> None:
    yearly = {**WEEKS, "length": 50}
    assert [each.person for each in next_hand_overs(schedule(yearly), berlin(2026, 1, 6), 3)] == ["bob"]
    assert next_hand_overs(schedule({**WEEKS, "people": ["ann"]}), berlin(2026, 1, 6), 3) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": []},
        {"hand_over": "24:00"},
        {"hand_over": "9"},
        {"length": 0},
        {"ends_on": "2026-01-05"},
        {"ends_on": "9999-12-31"},
        {"starts_on": "9999-12-31"},
        {"starts_on": "0001-01-01"},
        {"restrictions": [{"times": [{"start": "22:00", "end": "06:00"}]}]},
    ],
)
def test_layers_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        schedule({**WEEKS, **wrong})


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_on_the_first_and_last_days_that_are_taken_everybody_can_be_told(zone: str) -> None:
    always = {**WEEKS, "starts_on": "1970-01-01", "ends_on": "2999-12-31", "hand_over": "23:59"}
    override = {"start": "1970-01-01T00:00:00+14:00", "end": "2999-12-31T23:59:00-12:00", "person": "zoe"}
    at = berlin(2026, 1, 6)
    assert schedule(always, zone=zone, overrides=[override]).person_at(at) == "zoe"
    assert shifts(schedule(always, zone=zone), at, at + timedelta(days=1))[0].person in WEEKS["people"]
    with pytest.raises(ValidationError):
        schedule(WEEKS, overrides=[{**override, "end": "9999-12-31T23:59:00-12:00"}])


layers = st.fixed_dictionaries(
    {
        "name": st.just("x"),
        "people": st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True),
        "unit": st.sampled_from(["hour", "day", "week"]),
        "length": st.integers(1, 30),
        "starts_on": st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(date.isoformat),
        "hand_over": st.times().map(lambda found: f"{found:%H:%M}"),
    }
)
restricted = st.lists(
    st.sampled_from(
        [
            {"times": [{"start": "02:10", "end": "02:50"}]},
            {"weekdays": ["saturday:sunday"]},
            {"days_of_month": ["-3:-1", "1"], "times": [{"start": "00:30", "end": "03:00"}]},
            {"months": ["march", "october"], "times": [{"start": "01:30", "end": "24:00"}]},
        ]
    ),
    max_size=2,
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda found: found.replace(tzinfo=UTC))


@settings(deadline=None, max_examples=60)
@given(layer=layers, zone=st.sampled_from(ZONES), start=moments)
def test_one_layer_that_covers_all_leaves_no_gap_and_no_double_cover(
    layer: dict[str, Any], zone: str, start: datetime
) -> None:
    found = shifts(schedule(layer, zone=zone), start, start + timedelta(days=40))
    assert (found[0].start, found[-1].end) == (start, start + timedelta(days=40))
    assert all(before.end == after.start and before.start < before.end for before, after in pairwise(found))
    assert all(each.person in layer["people"] for each in found)
    order = layer["people"]
    for before, after in pairwise(found):
        if len(order) > 1 and layer["unit"] != "hour":  # An hour that a zone skips has no turn of its own.
            assert order[(order.index(str(before.person)) + 1) % len(order)] == after.person


@settings(deadline=None, max_examples=40)
@given(first=layers, second=layers, held=restricted, zone=st.sampled_from(ZONES), start=moments, data=st.data())
def test_shifts_say_at_every_moment_what_the_schedule_says(
    first: dict[str, Any],
    second: dict[str, Any],
    held: list[dict[str, Any]],
    zone: str,
    start: datetime,
    data: st.DataObject,
) -> None:
    made = schedule(first, {**second, "restrictions": held}, zone=zone)
    found = shifts(made, start, start + timedelta(days=9))
    for minutes in data.draw(st.lists(st.integers(0, 9 * 1440 - 1), min_size=20, max_size=20)):
        at = start + timedelta(minutes=minutes)
        [shift] = [each for each in found if each.start <= at < each.end]
        assert shift.person == made.person_at(at)


@settings(max_examples=300)
@given(day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), clock=st.times(), zone=st.sampled_from(ZONES))
def test_moments_of_wall_clocks_are_in_order_and_show_that_time_where_it_exists(
    day: date, clock: time, zone: str
) -> None:
    wall = datetime.combine(day, clock.replace(second=0, microsecond=0, tzinfo=None))
    moment, later = moment_of(wall, zone), moment_of(wall + timedelta(minutes=1), zone)
    assert moment <= later
    shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown >= wall
    if shown > wall:
        before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert before < wall, "the clock jumps over it at that very moment"
