"""The one family of errors that the domain raises. Each subject subclasses it; the HTTP layer maps classes to problem types."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One thing wrong in a document: where (an RFC 6901 JSON pointer), a stable code, and what to do about it."""

    pointer: str
    detail: str
    code: str = "invalid"


class KompoError(Exception):
    """Root of the family. `detail` is a sentence for the user; `errors` lists every field that is wrong."""

    def __init__(self, detail: str, *, pointer: str | None = None, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors) or ((FieldError(pointer, detail),) if pointer is not None else ())


class InvalidInput(KompoError):
    """The request or document is wrong; the same request will fail again."""


class Unauthenticated(KompoError):
    """No credential, or one that is expired, revoked or forged."""


class Forbidden(KompoError):
    """The caller is known and may not do this."""


class NotFound(KompoError):
    """Nothing is there, or it is somebody else's: the answer is the same for both."""


class Conflict(KompoError):
    """The state of the resource does not allow this now."""


class PreconditionFailed(KompoError):
    """The document changed since the caller read it (If-Match)."""


class TooLarge(KompoError):
    """A body or file is over its limit."""


class RateLimited(KompoError):
    """Too many requests. `retry_after` is in seconds."""

    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(KompoError):
    """A service we depend on does not answer; the same request can succeed later."""
