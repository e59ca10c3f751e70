"""What all settings of routing and escalation are made of: strict models, durations, zones, and ids."""

from datetime import timedelta
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from shared.alerts.durations import parse_duration, write_duration
from shared.core.ids import ID_PATTERN


class SettingsModel(BaseModel):
    """A part of what operators set: camelCase on the wire, what it does not know is refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


def _at_least(least: timedelta) -> AfterValidator:
    def check(duration: timedelta) -> timedelta:
        if duration < least:
            raise ValueError(f"at least {write_duration(least)}")
        return duration

    return AfterValidator(check)


def _zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"there is no time zone {name}; write one of the IANA database, like Europe/Berlin")
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def zone_info(name: str) -> ZoneInfo:
    """The rules of a zone, read once."""
    return ZoneInfo(name)


_AS_TEXT = (
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(\d{1,5}d)?(\d{1,5}h)?(\d{1,5}m)?(\d{1,5}s)?$", "examples": ["5m"]}
    ),
)
Duration = Annotated[timedelta, _at_least(timedelta(0)), *_AS_TEXT]
PositiveDuration = Annotated[timedelta, _at_least(timedelta(seconds=1)), *_AS_TEXT]
MinutesOrMore = Annotated[timedelta, _at_least(timedelta(minutes=1)), *_AS_TEXT]
Zone = Annotated[str, AfterValidator(_zone), Field(max_length=64, examples=["Europe/Berlin"])]
SettingId = Annotated[str, Field(pattern=ID_PATTERN, max_length=100)]
PersonId = Annotated[str, Field(pattern=ID_PATTERN, max_length=128)]
"""The id of a contact, which is that of a user if they have an account."""
