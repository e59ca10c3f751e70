"""The raw protobuf classes of google.pubsub.v1 and the times in them.

The proto-plus wrappers around them would cost several times as much for each message. The package ships no type stubs for
the raw classes, hence `Proto`: they stay at the edges, and what the engine reads often is copied into dataclasses.
"""

import datetime
from typing import Any, Final, TypeAlias

from google.protobuf import duration_pb2, timestamp_pb2
from google.pubsub_v1.types import pubsub as types

Proto: TypeAlias = Any
"""A raw protobuf message, or the class of one."""


def raw(name: str) -> Proto:
    """The raw protobuf class of google.pubsub.v1 with that name."""
    return getattr(types, name).pb()


Topic: Final[Proto] = raw("Topic")
Subscription: Final[Proto] = raw("Subscription")
Snapshot: Final[Proto] = raw("Snapshot")
PubsubMessage: Final[Proto] = raw("PubsubMessage")

MICROSECONDS: Final = 1_000_000


def seconds(duration: duration_pb2.Duration) -> float:
    """A protobuf duration in seconds."""
    return duration.seconds + duration.nanos / 1e9


def microseconds(timestamp: timestamp_pb2.Timestamp) -> int:
    """A protobuf timestamp in microseconds since 1970."""
    return timestamp.seconds * MICROSECONDS + timestamp.nanos // 1000


def set_microseconds(timestamp: timestamp_pb2.Timestamp, value: int) -> None:
    """Set a protobuf timestamp to `value` microseconds since 1970."""
    timestamp.seconds, rest = divmod(value, MICROSECONDS)
    timestamp.nanos = rest * 1000


def rfc3339(value: int) -> str:
    """Microseconds since 1970 as the service prints times in JSON and attributes: UTC, milliseconds."""
    time = datetime.datetime.fromtimestamp(value / MICROSECONDS, datetime.UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
