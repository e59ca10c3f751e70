"""Errors of the Auth server, in the shape that the Firebase clients read."""

from typing import Any


class AuthError(Exception):
    """A refusal. `message` starts with the code that clients look at, as in `WEAK_PASSWORD : too short`."""

    def __init__(self, message: str, status: int = 400, reason: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        errors = [{"message": self.message, "reason": self.reason, "domain": "global"}]
        return {"error": {"code": self.status, "message": self.message, "errors": errors}}


class OAuthError(AuthError):
    """A refusal by the OAuth token endpoint, whose errors have a shape of their own (RFC 6749, 5.2)."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"error": self.code, "error_description": self.message}


def require(value: str | None, code: str) -> str:
    """`value`, or AuthError `code` when it is missing or empty."""
    if not value:
        raise AuthError(code)
    return value
