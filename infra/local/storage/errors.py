"""Errors of Cloud Storage: JSON for the JSON API, XML for the paths of signed URLs."""

import errno
import sqlite3
from typing import Any
from xml.sax.saxutils import escape

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_JSON_PATHS = ("/storage/v1/", "/upload/", "/download/", "/batch/")
_XML_CODES = {
    "conditionNotMet": "PreconditionFailed",
    "insufficientStorage": "InsufficientStorage",
    "invalid": "InvalidArgument",
    "forbidden": "AccessDenied",
    "required": "AccessDenied",
    "requestedRangeNotSatisfiable": "InvalidRange",
    "backendError": "InternalError",
}


class StorageError(Exception):
    """A refusal: HTTP status, the `reason` of Google's errors, a message for people."""

    def __init__(self, status: int, reason: str, message: str, xml_code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.xml_code = xml_code or _XML_CODES.get(reason, "InvalidArgument")

    def json(self) -> dict[str, Any]:
        """The body for the JSON API."""
        errors = [{"message": self.message, "domain": "global", "reason": self.reason}]
        return {"error": {"code": self.status, "message": self.message, "errors": errors}}

    def xml(self) -> str:
        """The body for the XML API."""
        message = escape(self.message)
        return (
            "<?xml version='1.0' encoding='UTF-8'?>"
            f"<Error><Code>{self.xml_code}</Code><Message>{message}</Message><Details>{message}</Details></Error>"
        )


def no_bucket(name: str) -> StorageError:
    """The bucket does not exist."""
    return StorageError(404, "notFound", f"The specified bucket does not exist: {name}", "NoSuchBucket")


def no_object(bucket: str, name: str) -> StorageError:
    """The object, or that generation of it, does not exist."""
    return StorageError(404, "notFound", f"No such object: {bucket}/{name}", "NoSuchKey")


def invalid(message: str) -> StorageError:
    """The request makes no sense."""
    return StorageError(400, "invalid", message)


def as_disk_full(error: BaseException) -> StorageError | None:
    """The answer to an error that means that the disk is full; None when it means something else."""
    full = isinstance(error, OSError) and error.errno in _NO_SPACE
    full |= isinstance(error, sqlite3.OperationalError) and "full" in str(error)
    return StorageError(507, "insufficientStorage", "The disk is full: nothing was stored.") if full else None


def is_json_api(path: str) -> bool:
    """Whether a path is the JSON API's; all others are the XML API's."""
    return path.startswith(_JSON_PATHS)
