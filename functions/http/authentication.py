"""Authentication: the Firebase ID token of a request becomes a Principal."""

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from flask import g, request

from shared.accounts import Account, get_account
from shared.core.clients import firebase_app
from shared.core.errors import Forbidden, Unauthenticated, Unavailable
from shared.core.principal import Principal, Role

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ALWAYS_ALLOWED = frozenset({"/v1/privacy/export"})
"""What a suspended account may ask for although it is no reading: a copy of what is its own."""
REMEMBERED_SECONDS = 30.0
"""How long a checked token is trusted before revocation, roles and suspension are looked up again."""
REMEMBERED_TOKENS = 10_000


@dataclass(frozen=True)
class Caller:
    """A checked token: who, the account's state, and until when (monotonic seconds, Unix seconds) this is believed."""

    principal: Principal
    account: Account
    fresh_until: float
    expires: float


_remembered: OrderedDict[bytes, Caller] = OrderedDict()
_lock = threading.Lock()


def authenticate() -> None:
    """Put the caller in `g.principal`. Raises Unauthenticated, or Forbidden when a suspended account wants to write."""
    caller = _caller(_bearer_token())
    g.principal = caller.principal
    if caller.account.suspended and request.method not in SAFE_METHODS and request.path not in ALWAYS_ALLOWED:
        raise Forbidden("This account is suspended: you can read and export your data, and change nothing.")


def principal() -> Principal:
    """Who asks, in a request that needs authentication."""
    found: Principal = g.principal
    return found


def require_role(*roles: Role) -> Principal:
    """The caller, who must have one of `roles`. Raises Forbidden."""
    if not principal().has(*roles):
        raise Forbidden(f"This needs the role {' or '.join(roles)}.")
    return principal()


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send a Firebase ID token in the header `Authorization: Bearer …`.")
    return token.strip()


def _caller(token: str) -> Caller:
    key = hashlib.sha256(token.encode()).digest()
    caller = _remembered.get(key)
    if caller is None or caller.fresh_until < time.monotonic():
        caller = _check(token)
        with _lock:
            _remembered[key] = caller
            while len(_remembered) > REMEMBERED_TOKENS:
                _remembered.popitem(last=False)
    if caller.expires <= time.time():
        raise Unauthenticated("This ID token has expired. Get a new one with your refresh token.")
    return caller


def _check(token: str) -> Caller:
    """Check the token and its user. Roles come from the user's record, so that a change counts for tokens already out."""
    from firebase_admin import auth
    from firebase_admin.exceptions import FirebaseError

    try:
        claims: dict[str, Any] = auth.verify_id_token(token, app=firebase_app())
        user = auth.get_user(claims["uid"], app=firebase_app())
    except (auth.InvalidIdTokenError, auth.UserNotFoundError, ValueError) as error:
        raise Unauthenticated("This is not a valid ID token of this project. Sign in again.") from error
    except FirebaseError as error:
        raise Unavailable("The sign-in service does not answer. Try again in a moment.") from error
    issued_at = claims.get("auth_time", claims.get("iat", 0))
    if user.disabled or issued_at * 1000 < user.tokens_valid_after_timestamp:
        raise Unauthenticated("This session was ended. Sign in again.")
    claims_of_user = user.custom_claims or {}
    found = Principal(
        uid=user.uid,
        email=user.email,
        roles=_roles(claims_of_user),
        plan="premium" if claims_of_user.get("plan") == "premium" else "free",
    )
    return Caller(found, get_account(found), time.monotonic() + REMEMBERED_SECONDS, float(claims.get("exp", 0)))


def _roles(claims: dict[str, Any]) -> frozenset[Role]:
    named = claims.get("roles", [])
    names = [*(named if isinstance(named, list) else []), claims.get("role")]
    return frozenset(role for role in Role if role.value in names)
