"""What can be wrong with a request. The gRPC layer turns each class into the status of the same name."""

from collections.abc import Mapping
from typing import ClassVar


class PubsubError(Exception):
    """Root of the errors that a caller is told about. `status` names the gRPC status code."""

    status: ClassVar[str] = "INTERNAL"


class NotFoundError(PubsubError):
    """The resource does not exist."""

    status = "NOT_FOUND"


class AlreadyExistsError(PubsubError):
    """A resource of that name exists."""

    status = "ALREADY_EXISTS"


class InvalidArgumentError(PubsubError):
    """The request cannot be right, whatever the state of the server."""

    status = "INVALID_ARGUMENT"


class FailedPreconditionError(PubsubError):
    """The request is right, but not in the state that the server is in."""

    status = "FAILED_PRECONDITION"


class InvalidAckIdsError(FailedPreconditionError):
    """Ack ids whose lease has ended, on a subscription with exactly-once delivery.

    `failures` maps each of them to the failure code that clients look for."""

    PERMANENT: ClassVar[str] = "PERMANENT_FAILURE_INVALID_ACK_ID"

    def __init__(self, ack_ids: list[str]) -> None:
        super().__init__(
            "Some acknowledgement ids in the request were invalid. This could be because they have expired."
        )
        self.failures: Mapping[str, str] = dict.fromkeys(ack_ids, self.PERMANENT)


def missing(resource: str) -> NotFoundError:
    """The error for a resource that is not there, in the service's words."""
    return NotFoundError(f"Resource not found (resource={resource}).")


def exists(resource: str) -> AlreadyExistsError:
    """The error for a name that is taken, in the service's words."""
    return AlreadyExistsError(f"Resource already exists in the project (resource={resource}).")


def invalid(argument: str, why: str = "") -> InvalidArgumentError:
    """The error for an argument out of its range, in the service's words."""
    reason = f" {why}" if why else ""
    return InvalidArgumentError(f"You have passed an invalid argument to the service (argument={argument}).{reason}")
