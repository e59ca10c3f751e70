"""What goes wrong with a request, in the status codes of google.rpc."""

from enum import IntEnum


class Code(IntEnum):
    """The canonical status codes used here; the numbers are the wire's."""

    CANCELLED = 1
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    UNAUTHENTICATED = 16


class FirestoreError(Exception):
    """A request that fails; its subclasses fix the code."""

    code = Code.INTERNAL

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidArgument(FirestoreError):
    """The request can never succeed as it stands."""

    code = Code.INVALID_ARGUMENT


class NotFound(FirestoreError):
    """The document is not there."""

    code = Code.NOT_FOUND


class AlreadyExists(FirestoreError):
    """The document is there already."""

    code = Code.ALREADY_EXISTS


class FailedPrecondition(FirestoreError):
    """The state of the database does not allow it."""

    code = Code.FAILED_PRECONDITION


class Aborted(FirestoreError):
    """Someone else was faster; the client's retry starts over."""

    code = Code.ABORTED


class PermissionDenied(FirestoreError):
    """The rules do not allow it."""

    code = Code.PERMISSION_DENIED


class Unauthenticated(FirestoreError):
    """The caller's credentials are not valid."""

    code = Code.UNAUTHENTICATED


class ResourceExhausted(FirestoreError):
    """There is no room left."""

    code = Code.RESOURCE_EXHAUSTED


class Unavailable(FirestoreError):
    """The server cannot answer just now."""

    code = Code.UNAVAILABLE
