"""Jobs as the API takes them: checked, completed with defaults; when they fire, and how long a retry waits."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from infra.local.google_json import Duration, Message, duration, parse_duration
from infra.manifest import Function, Schedule

_METHODS = ("POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
_DEADLINES = (15, 1800)
"""Seconds that an attempt may at least and at most take."""


def _method(value: Any) -> Any:
    """The clients may send enums as numbers; POST is 1."""
    return _METHODS[value - 1] if isinstance(value, int) and 0 < value <= len(_METHODS) else value


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None
    return text


def _deadline(text: str) -> str:
    shortest, longest = _DEADLINES
    if not shortest <= parse_duration(text) <= longest:
        raise ValueError(f"must be between {shortest}s and {longest}s")
    return text


Base64 = Annotated[str, AfterValidator(_base64)]


class HttpTarget(Message):
    """An HTTP request."""

    uri: str = Field(pattern=r"^https?://")
    http_method: Annotated[
        Literal["POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"], BeforeValidator(_method)
    ] = "POST"
    headers: dict[str, str] = Field(default={})
    body: Base64 = ""


class PubsubTarget(Message):
    """A message; it has data or attributes."""

    topic_name: str = Field(pattern=r"^projects/[^/]+/topics/[^/]+$")
    data: Base64 = ""
    attributes: dict[str, str] = Field(default={})

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not (self.data or self.attributes):
            raise ValueError("data or attributes are required")
        return self


class RetryConfig(Message):
    """When a failed attempt is followed by another."""

    retry_count: int = Field(default=0, ge=0, le=5)
    max_retry_duration: Duration = "0s"
    min_backoff_duration: Duration = "5s"
    max_backoff_duration: Duration = "3600s"
    max_doublings: int = Field(default=5, ge=0, le=16)


class Job(Message):
    """The part of a job that clients set; the rest of it is output and not read."""

    model_config = ConfigDict(extra="ignore")

    description: str = ""
    http_target: HttpTarget | None = None
    pubsub_target: PubsubTarget | None = None
    schedule: str
    time_zone: str = "Etc/UTC"
    retry_config: RetryConfig = RetryConfig()
    attempt_deadline: Annotated[Duration, AfterValidator(_deadline)] = "180s"

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        if (self.http_target is None) == (self.pubsub_target is None):
            raise ValueError("exactly one of httpTarget and pubsubTarget is required")
        if len(self.schedule.split()) != 5 or not croniter.is_valid(self.schedule):
            raise ValueError(f"schedule {self.schedule!r} is not a cron expression of five fields")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"timeZone {self.time_zone!r} is not in the tz database") from None
        return self

    def next_time(self, after: float) -> float:
        """When the job fires next after that moment, both in seconds since 1970."""
        start = datetime.fromtimestamp(after, ZoneInfo(self.time_zone))
        following: datetime = croniter(self.schedule, start).get_next(datetime)
        return following.timestamp()


class NamedJob(Job):
    """A job with its full name; empty asks for one."""

    name: str = Field(default="", exclude=True)


def declared(schedule: Schedule, function: Function, functions_url: str) -> Job:
    """The job that the manifest declares."""
    shortest, longest = _DEADLINES
    return Job.model_validate(
        {
            "httpTarget": {"uri": f"{functions_url}/{function.name}"},
            "schedule": schedule.cron,
            "timeZone": schedule.timezone,
            "attemptDeadline": duration(min(max(function.timeout, shortest), longest)),
        }
    )


def retry_pause(config: RetryConfig, failures: int, since: float, now: float) -> float | None:
    """Seconds until the attempt after `failures` failed ones (1, 2, …) of a run begun at `since`; None: give up."""
    longest = parse_duration(config.max_retry_duration)
    if failures > config.retry_count and not (config.retry_count == 0 and longest > 0):
        return None
    if longest and now - since >= longest:
        return None
    # Doubles `max_doublings` times, then grows by the last doubled pause.
    doubled = parse_duration(config.min_backoff_duration) * 2.0 ** min(failures - 1, config.max_doublings)
    pause = doubled * (1 + max(0, failures - 1 - config.max_doublings))
    return min(pause, parse_duration(config.max_backoff_duration))
