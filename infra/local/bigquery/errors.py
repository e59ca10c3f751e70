"""What the server refuses, in the shape and with the reasons of Google's JSON errors.

The official client chooses the exception class by the HTTP status, so the status belongs to the error itself.
"""

from typing import Any

_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    413: "INVALID_ARGUMENT",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
}


class BigQueryError(Exception):
    """An error that the client is told. `location` names the field or the place (`query`) it is about."""

    def __init__(self, status: int, reason: str, message: str, location: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.location = location

    def proto(self) -> dict[str, Any]:
        """The ErrorProto: as it stands in a job's status and in insertErrors."""
        proto = {"reason": self.reason, "message": self.message}
        if self.location is not None:
            proto["location"] = self.location
        return proto

    def body(self) -> dict[str, Any]:
        """The body of the HTTP answer."""
        detail = {**self.proto(), "domain": "global"}
        if self.location is not None:
            detail["locationType"] = "parameter" if self.reason == "invalidQuery" else "other"
        return {
            "error": {
                "code": self.status,
                "message": self.message,
                "errors": [detail],
                "status": _STATUS_NAMES.get(self.status, "UNKNOWN"),
            }
        }


def not_found(kind: str, name: str) -> BigQueryError:
    """404 for a `kind` ("Dataset", "Table", "Job") called `name` in Google's colon notation."""
    return BigQueryError(404, "notFound", f"Not found: {kind} {name}")


def duplicate(kind: str, name: str) -> BigQueryError:
    """409: it is there already."""
    return BigQueryError(409, "duplicate", f"Already Exists: {kind} {name}")


def invalid(message: str, location: str | None = None) -> BigQueryError:
    """400: a value of the request is missing or wrong."""
    return BigQueryError(400, "invalid", message, location)


def invalid_query(message: str) -> BigQueryError:
    """400: the SQL is wrong, or asks for what this server does not do."""
    return BigQueryError(400, "invalidQuery", message, "query")
