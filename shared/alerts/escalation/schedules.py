"""On-call schedules: who is on call at which time.

A schedule has layers: in each, people take turns. The last layer that covers a time has it, and an override has it before all
layers, so there is one person on call at a time, or none. Hand-overs are at times of the wall clock in the schedule's zone. One
that the zone skips in spring is at the moment when the clocks jump; one that it repeats in autumn is at the first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from shared.alerts.routing.calendars import Calendar, Clock, minutes_of_day
from shared.alerts.routing.model import PersonId, SettingId, SettingsModel, Zone, zone_info

Person = str
LONGEST_LOOK = timedelta(days=400)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
"""Between these the days of schedules are: beyond, a moment of some zone may be one that no clock can tell."""
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class TurnUnit(StrEnum):
    """What the length of a turn is counted in."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


_LENGTHS = {TurnUnit.HOUR: timedelta(hours=1), TurnUnit.DAY: _DAY, TurnUnit.WEEK: timedelta(weeks=1)}


class Layer(SettingsModel):
    """People who take turns, the first from `starts_on` at `hand_over` on; weekly hand-overs are on its weekday.

    With `restrictions` it covers only the times that are in one of them, by the wall clock of the schedule's zone."""

    name: str = Field(min_length=1, max_length=100)
    people: tuple[PersonId, ...] = Field(
        min_length=1, max_length=100, description="Ids of contacts, in the order of their turns"
    )
    unit: TurnUnit = TurnUnit.WEEK
    length: int = Field(default=1, ge=1, le=1000, description="Units that a turn lasts")
    starts_on: date
    ends_on: date | None = Field(
        default=None, description="The first day, from the hand-over on, that it no longer covers"
    )
    hand_over: Clock = "09:00"
    restrictions: tuple[Calendar, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.hand_over == "24:00":
            raise ValueError("a hand-over at the end of the day is at 00:00 of the next")
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ValueError("a layer ends after it starts")
        if not all(FIRST_DAY <= day <= LAST_DAY for day in (self.starts_on, self.ends_on or LAST_DAY)):
            raise ValueError(
                f"a day of a schedule is from {FIRST_DAY} to {LAST_DAY}; leave `endsOn` out where it has no end"
            )
        return self

    @property
    def turn(self) -> timedelta:
        """How long a turn lasts on the wall clock."""
        return _LENGTHS[self.unit] * self.length

    def begins(self, number: int, zone: str) -> datetime:
        """When the turn of this number begins; the first is 0."""
        return moment_of(self._first + number * self.turn, zone)

    @property
    def _first(self) -> datetime:
        return datetime.combine(self.starts_on, time()) + minutes_of_day(self.hand_over) * _MINUTE

    def turn_at(self, at: datetime, zone: str) -> int:
        """The number of the turn at this time; negative before the first."""
        local = at.astimezone(zone_info(zone)).replace(tzinfo=None)
        number = (local - self._first) // self.turn
        while self.begins(number + 1, zone) <= at:
            number += 1
        while self.begins(number, zone) > at:
            number -= 1
        return number

    def ends(self, zone: str) -> datetime | None:
        """When it covers nothing any more."""
        if self.ends_on is None:
            return None
        return moment_of(datetime.combine(self.ends_on, self._first.time()), zone)

    def person_at(self, at: datetime, zone: str) -> Person | None:
        """Who has the turn, None where it does not cover the time."""
        number, end = self.turn_at(at, zone), self.ends(zone)
        if number < 0 or (end is not None and at >= end):
            return None
        local = at.astimezone(zone_info(zone)).replace(tzinfo=None)
        if self.restrictions and not any(each.contains(local) for each in self.restrictions):
            return None
        return self.people[number % len(self.people)]


class Override(SettingsModel):
    """Somebody else is on call from `start` until before `end`. Of several at a time the last in the list has it."""

    start: AwareDatetime
    end: AwareDatetime
    person: PersonId
    comment: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.start >= self.end:
            raise ValueError("an override ends after it starts")
        if not FIRST_DAY <= self.start.date() <= self.end.date() <= LAST_DAY:
            raise ValueError(f"an override is between {FIRST_DAY} and {LAST_DAY}")
        return self


class ScheduleContent(SettingsModel):
    """Who takes turns with whom, and who stands in."""

    name: str = Field(min_length=1, max_length=100)
    zone: Zone = "UTC"
    layers: tuple[Layer, ...] = Field(min_length=1, max_length=20)
    overrides: tuple[Override, ...] = Field(default=(), max_length=500)


class OnCallSchedule(ScheduleContent):
    """Documents of `on_call_schedules`."""

    id: SettingId

    def person_at(self, at: datetime) -> Person | None:
        """Who is on call."""
        for override in reversed(self.overrides):
            if override.start <= at < override.end:
                return override.person
        for layer in reversed(self.layers):
            if (person := layer.person_at(at, self.zone)) is not None:
                return person
        return None


@dataclass(frozen=True)
class Shift:
    """Who is on call from `start` until before `end`; None: nobody."""

    start: datetime
    end: datetime
    person: Person | None


def moment_of(local: datetime, zone: str) -> datetime:
    """The moment, in UTC, when the wall clock shows this time first; where it never does, when the clocks jump over it."""
    info = zone_info(zone)
    moment = local.replace(tzinfo=info).astimezone(UTC)
    if moment.astimezone(info).replace(tzinfo=None) == local:
        return moment
    before, after = (local.replace(tzinfo=info, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    low = moment - (
        after - before
    )  # In a gap, fold 0 has the offset of before: the moment is late by less than the jump.
    return _jump(low, moment, zone)


def _jump(low: datetime, high: datetime, zone: str) -> datetime:
    """The moment between the two, to the second, at which the offset of the zone changes."""
    info = zone_info(zone)
    offset = low.astimezone(info).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(info).utcoffset() == offset else (low, middle)
    return high


def shifts(schedule: OnCallSchedule, start: datetime, end: datetime) -> list[Shift]:
    """Who is on call from `start` to `end`, without gaps; neighbours are of different people."""
    found: list[Shift] = []
    moments = sorted({start, *(each for each in _changes(schedule, start, end) if start < each < end)})
    for begins, ends in zip(moments, [*moments[1:], end], strict=True):
        person = schedule.person_at(begins)
        if found and found[-1].person == person:
            found[-1] = Shift(found[-1].start, ends, person)
        elif begins < ends:
            found.append(Shift(begins, ends, person))
    return found


def next_hand_overs(schedule: OnCallSchedule, at: datetime, count: int) -> list[Shift]:
    """The shifts that begin after `at`, `count` at most, within the next 400 days; the last may be cut off there."""
    look = timedelta(days=8)
    while True:
        look = min(look * 4, LONGEST_LOOK)
        later = shifts(schedule, at, at + look)[1:]
        if len(later) > count or look == LONGEST_LOOK:
            return later[:count]


def _changes(schedule: OnCallSchedule, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment at which somebody else may be on call."""
    for override in schedule.overrides:
        yield from (override.start.astimezone(UTC), override.end.astimezone(UTC))
    for layer in schedule.layers:
        if (last := layer.ends(schedule.zone)) is not None:
            yield last
        number = max(layer.turn_at(start, schedule.zone), 0)
        while (begins := layer.begins(number, schedule.zone)) < end:
            yield begins
            number += 1
        if layer.restrictions:
            yield from _edges(layer, schedule.zone, start, end)


def _edges(layer: Layer, zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments at which a restriction may begin or end: midnights and the times of day that it names, each time that the clock
    shows them, and the moments at which clocks are put forward or back."""
    clocks = {0} | {
        minutes_of_day(text) for each in layer.restrictions for day in each.times for text in (day.start, day.end)
    }
    info = zone_info(zone)
    day = start.astimezone(info).date() - _DAY
    while day <= end.astimezone(info).date() + _DAY:
        midnight = datetime.combine(day, time())
        for minutes in clocks:
            local = midnight + minutes * _MINUTE
            first = moment_of(local, zone)
            yield first
            second = local.replace(tzinfo=info, fold=1).astimezone(UTC)
            if second > first:
                yield second
        noon, next_noon = moment_of(midnight + _DAY / 2, zone), moment_of(midnight + 3 * _DAY / 2, zone)
        if noon.astimezone(info).utcoffset() != next_noon.astimezone(info).utcoffset():
            yield _jump(noon, next_noon, zone)
        day += _DAY
