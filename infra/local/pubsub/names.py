"""Names of resources: `projects/{project}/{topics|subscriptions|snapshots}/{id}`."""

import re
from typing import Literal

from infra.local.pubsub.errors import InvalidArgumentError

Kind = Literal["topics", "subscriptions", "snapshots"]

DELETED_TOPIC = "_deleted-topic_"
"""What a subscription or snapshot names as its topic once that has been deleted."""

_PROJECT = re.compile(r"projects/([^/]+)")
_RESOURCE = re.compile(r"projects/([^/]+)/(topics|subscriptions|snapshots)/([A-Za-z][A-Za-z0-9._~+%-]{2,254})")


def check_name(name: str, kind: Kind) -> None:
    """Raise InvalidArgumentError unless `name` is a well-formed name of a resource of that kind."""
    match = _RESOURCE.fullmatch(name)
    if match is None or match[2] != kind or match[3].startswith("goog"):
        raise InvalidArgumentError(f"Invalid [{kind}] name: (name={name})")


def check_project(name: str) -> None:
    """Raise InvalidArgumentError unless `name` is `projects/{project}`."""
    if not _PROJECT.fullmatch(name):
        raise InvalidArgumentError(f"Invalid [projects] name: (name={name})")


def project_of(name: str) -> str:
    """The project id in the name of a resource, or in `projects/{project}`."""
    return name.split("/", 2)[1]


def topic_name(project: str, topic: str) -> str:
    """The full name of a topic."""
    return f"projects/{project}/topics/{topic}"


def subscription_name(project: str, subscription: str) -> str:
    """The full name of a subscription."""
    return f"projects/{project}/subscriptions/{subscription}"
