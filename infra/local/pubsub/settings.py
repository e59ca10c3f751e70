"""What a subscription's and a topic's settings mean: the service's defaults and ranges, and the values read often."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from infra.local.pubsub.backlog import Backoff
from infra.local.pubsub.errors import InvalidArgumentError, invalid
from infra.local.pubsub.filters import Predicate, parse_filter
from infra.local.pubsub.names import check_name
from infra.local.pubsub.wire import Proto, seconds

ACK_DEADLINE: Final = range(10, 601)
ATTEMPTS: Final = range(5, 101)
_DEFAULT_ACK_DEADLINE: Final = 10
_DAY: Final = 86_400
_RETENTION: Final = (600, 31 * _DAY)
_DEFAULT_RETENTION: Final = 7 * _DAY
_DEFAULT_EXPIRATION: Final = 31 * _DAY
_MAX_BACKOFF: Final = 600
_DEFAULT_BACKOFF: Final = (10, 600)
_PUSH_BACKOFF: Final = Backoff(0.1, 60.0)
"""A push that failed always waits; a pull without a retry policy is redelivered at once."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A subscription's settings as the engine reads them; times are in seconds."""

    ack_deadline: int
    backoff: Backoff
    ordered: bool
    exactly_once: bool
    retain_acked: bool
    retention: float
    expiration: float | None
    """How long without use until it is deleted; None means never."""
    dead_letter_topic: str
    max_attempts: int
    push_endpoint: str
    wrapped: bool
    write_metadata: bool
    detached: bool
    matches: Predicate | None
    """Whether a message with these attributes is wanted; None means that every one is."""


def complete_subscription(proto: Proto) -> None:
    """Put the service's defaults where the caller has set nothing."""
    proto.ack_deadline_seconds = proto.ack_deadline_seconds or _DEFAULT_ACK_DEADLINE
    if not proto.HasField("message_retention_duration"):
        proto.message_retention_duration.seconds = _DEFAULT_RETENTION
    if not proto.HasField("expiration_policy"):
        proto.expiration_policy.ttl.seconds = _DEFAULT_EXPIRATION
    if proto.HasField("dead_letter_policy") and not proto.dead_letter_policy.max_delivery_attempts:
        proto.dead_letter_policy.max_delivery_attempts = ATTEMPTS.start
    if proto.HasField("retry_policy"):
        minimum, maximum = _DEFAULT_BACKOFF
        if not proto.retry_policy.HasField("minimum_backoff"):
            proto.retry_policy.minimum_backoff.seconds = minimum
        if not proto.retry_policy.HasField("maximum_backoff"):
            proto.retry_policy.maximum_backoff.seconds = maximum
    proto.state = proto.DESCRIPTOR.enum_types_by_name["State"].values_by_name["ACTIVE"].number


def read_settings(proto: Proto) -> Settings:
    """Check a completed subscription. Raises InvalidArgumentError naming what is out of range."""
    check_ack_deadline(proto.ack_deadline_seconds)
    _check_retention(seconds(proto.message_retention_duration))
    push = proto.push_config
    if push.push_endpoint and not _is_url(push.push_endpoint):
        raise InvalidArgumentError(f"Invalid push endpoint given (endpoint={push.push_endpoint}).")
    dead_letter = proto.dead_letter_policy
    if proto.HasField("dead_letter_policy"):
        check_name(dead_letter.dead_letter_topic, "topics")
        if dead_letter.max_delivery_attempts not in ATTEMPTS:
            raise invalid("dead_letter_policy.max_delivery_attempts", "It must be from 5 to 100.")
    return Settings(
        ack_deadline=proto.ack_deadline_seconds,
        backoff=_backoff(proto),
        ordered=proto.enable_message_ordering,
        exactly_once=proto.enable_exactly_once_delivery,
        retain_acked=proto.retain_acked_messages,
        retention=seconds(proto.message_retention_duration),
        expiration=_expiration(proto),
        dead_letter_topic=dead_letter.dead_letter_topic,
        max_attempts=dead_letter.max_delivery_attempts,
        push_endpoint=push.push_endpoint,
        wrapped=not push.HasField("no_wrapper"),
        write_metadata=push.no_wrapper.write_metadata,
        detached=proto.detached,
        matches=parse_filter(proto.filter) if proto.filter else None,
    )


def read_retention(topic: Proto) -> float:
    """How long a topic keeps its messages for seeks, in seconds; 0 is not at all. Raises InvalidArgumentError."""
    if not topic.HasField("message_retention_duration"):
        return 0.0
    retention = seconds(topic.message_retention_duration)
    _check_retention(retention)
    return retention


def check_ack_deadline(value: int) -> None:
    """Raise InvalidArgumentError unless `value` seconds is allowed as an ack deadline."""
    if value not in ACK_DEADLINE:
        raise InvalidArgumentError(
            f"Invalid ack deadline given (ack_deadline_secs={value}). "
            f"It must be between {ACK_DEADLINE.start} and {ACK_DEADLINE.stop - 1} seconds."
        )


def _check_retention(value: float) -> None:
    shortest, longest = _RETENTION
    if not shortest <= value <= longest:
        raise invalid("message_retention_duration", "It must be from 10 minutes to 31 days.")


def _backoff(proto: Proto) -> Backoff:
    if not proto.HasField("retry_policy"):
        return _PUSH_BACKOFF if proto.push_config.push_endpoint else Backoff()
    backoff = Backoff(seconds(proto.retry_policy.minimum_backoff), seconds(proto.retry_policy.maximum_backoff))
    if not 0 <= backoff.minimum <= backoff.maximum <= _MAX_BACKOFF:
        raise invalid("retry_policy", "Back-offs must be from 0 to 600 seconds, the minimum not above the maximum.")
    return backoff


def _expiration(proto: Proto) -> float | None:
    if not proto.expiration_policy.HasField("ttl"):
        return None
    ttl = seconds(proto.expiration_policy.ttl)
    if ttl < _DAY:
        raise invalid("expiration_policy.ttl", "It must be at least 1 day.")
    return ttl


def _is_url(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    return parts.scheme in ("http", "https") and bool(parts.netloc)
