"""Who asks, and whether they may. This is where `firestore.rules` are plugged in.

Callers are administrators (service accounts, the emulator's `Bearer owner`, on gRPC also who has no token) or end users, with
a Firebase ID token or not signed in. Administrators pass. For an end user the engine asks an `Authorizer` about every access:
for writes inside the commit, with the document before and after, so that the answer and the write see the same state.
"""

import base64
import binascii
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from .errors import PermissionDenied, Unauthenticated
from .messages import Document, StructuredQuery
from .names import DocumentName

_ISSUER = "https://securetoken.google.com/"
_SESSIONS = "https://session.firebase.google.com/"
"""Issuer of session cookies."""
_SIGN_IN = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
"""Audience of custom tokens."""


class Method(Enum):
    """What the rules distinguish."""

    GET = "get"
    LIST = "list"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request. `claims` are an end user's ID token, unverified signature; empty for one who is not signed in, None
    for an administrator."""

    claims: Mapping[str, Any] | None = None

    @property
    def expires(self) -> float:
        """When the ID token ends, in seconds since 1970; infinity for whoever has none, or one without an end.

        Raises Unauthenticated for an end that is no number."""
        end = (self.claims or {}).get("exp", math.inf)
        if not isinstance(end, int | float):
            raise Unauthenticated("The ID token says no time at which it expires.")
        return end

    def check_expiry(self) -> None:
        """Raise Unauthenticated once the ID token has expired. For streams, which outlive the request that opened them."""
        if self.expires < time.time():
            raise Unauthenticated("The ID token has expired.")


ADMIN = Caller()
SIGNED_OUT = Caller({})


@dataclass(frozen=True, slots=True)
class Access:
    """One thing that an end user wants to do.

    `path` is a document's for get, create, update and delete; for list it is the parent document's (or the root), and
    `query` says which of the collections below it are asked for and with what filters."""

    method: Method
    database: str
    path: str
    before: Document | None = None
    after: Document | None = None
    query: StructuredQuery | None = None


class Reader(Protocol):
    """How an authorizer looks at other documents, in the state that the access is judged in."""

    def __call__(self, name: DocumentName) -> Document | None: ...


class Authorizer(Protocol):
    """Decides for end users; never asked about administrators."""

    def authorize(self, caller: Caller, accesses: list[Access], before: Reader, after: Reader) -> None:
        """Return if all of the accesses, which belong to one request, are allowed. Raises PermissionDenied otherwise.

        `before` and `after` read other documents as `get()` and `getAfter()` of the rules do; for reads they are the same."""
        ...


class DenyUsers:
    """Denies everything, as a database without rules does."""

    def authorize(self, caller: Caller, accesses: list[Access], before: Reader, after: Reader) -> None:  # noqa: ARG002
        """Raises PermissionDenied."""
        raise PermissionDenied("Missing or insufficient permissions.")


def identify(authorization: str | None, project: str) -> Caller:
    """The caller that an Authorization header stands for. `project` is the one whose database is asked for.

    Raises Unauthenticated for an ID token of another project, one that has expired, and what users have in place of one: custom
    tokens and session cookies are for the Auth server."""
    scheme, _, token = (authorization or "").partition(" ")
    claims = _claims(token) if scheme.lower() == "bearer" else None
    issuer = str(claims.get("iss", "")) if claims is not None else ""
    if claims is not None and (issuer.startswith(_SESSIONS) or claims.get("aud") == _SIGN_IN):
        raise Unauthenticated("This is a custom token or a session cookie: sign in with it, and send the ID token.")
    if claims is None or not issuer.startswith(_ISSUER):
        return ADMIN
    if claims.get("aud") != project:
        raise Unauthenticated(f'The ID token is not one for the project "{project}".')
    caller = Caller(claims)
    caller.check_expiry()
    return caller


def _claims(token: str) -> dict[str, Any] | None:
    """What a JWT says, or None for any other kind of token."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    return claims if isinstance(claims, dict) else None
