"""Sessions: ID tokens, the refresh tokens that renew them, and session cookies."""

import hashlib
import json
import secrets
import time
from typing import Any

from pydantic import BaseModel

from infra.local.auth.accounts import Account, Accounts
from infra.local.auth.calls import Answer, Body, Call, account_of_token
from infra.local.auth.errors import AuthError, require
from infra.local.auth.jwts import Claims, encode_unsigned

SCHEMA = """
CREATE TABLE IF NOT EXISTS refresh_tokens (
    digest TEXT PRIMARY KEY, project TEXT NOT NULL, local_id TEXT NOT NULL, provider TEXT NOT NULL,
    claims TEXT NOT NULL, auth_time INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS refresh_tokens_of_account ON refresh_tokens (project, local_id);
"""

TOKEN_LIFETIME = 3600
"""Seconds that an ID token is good for."""
_COOKIE_LIFETIMES = range(5 * 60, 14 * 24 * 3600 + 1)


def open_session(call: Call, account: Account, provider: str, claims: Claims | None = None) -> Answer:
    """Sign the account in through `provider`: an ID token, a refresh token, and when they expire.

    `claims` go into every ID token of this session. Raises AuthError USER_DISABLED."""
    if account.disabled:
        raise AuthError("USER_DISABLED")
    now = time.time()
    account.last_login_at = account.last_refresh_at = int(now * 1000)
    call.accounts.save(account)
    refresh_token = secrets.token_urlsafe(48)
    call.connection.execute(
        "INSERT INTO refresh_tokens VALUES (?, ?, ?, ?, ?, ?)",
        (_digest(refresh_token), call.project, account.local_id, provider, json.dumps(claims or {}), int(now)),
    )
    return {
        "idToken": id_token(call.project, account, provider, int(now), claims or {}),
        "refreshToken": refresh_token,
        "expiresIn": str(TOKEN_LIFETIME),
    }


def id_token(project: str, account: Account, provider: str, auth_time: int, session_claims: Claims) -> str:
    """An ID token as Firebase makes it, but unsigned. Custom claims stand at the top and override nothing of Firebase's."""
    now = int(time.time())
    identities: dict[str, list[str]] = {link.provider_id: [link.raw_id] for link in account.federations}
    if account.email:
        identities["email"] = [account.email]
    if account.phone_number:
        identities["phone"] = [account.phone_number]
    claims: dict[str, Any] = {
        "name": account.display_name,
        "picture": account.photo_url,
        **json.loads(account.custom_attributes or "{}"),
        **session_claims,
        "iss": f"https://securetoken.google.com/{project}",
        "aud": project,
        "auth_time": auth_time,
        "user_id": account.local_id,
        "sub": account.local_id,
        "iat": now,
        "exp": now + TOKEN_LIFETIME,
        "email": account.email,
        "email_verified": account.email_verified if account.email else None,
        "phone_number": account.phone_number,
        "provider_id": "anonymous" if provider == "anonymous" else None,
        "firebase": {"identities": identities, "sign_in_provider": provider},
    }
    return encode_unsigned({key: value for key, value in claims.items() if value is not None})


class RefreshRequest(BaseModel):
    """Body of `/v1/token`, as JSON or as a form; the names are OAuth's."""

    grant_type: str | None = None
    refresh_token: str | None = None


def refresh(call: Call) -> Answer:
    """`token`: a new ID token for a refresh token, which stays good. Raises AuthError when the session has ended."""
    request = RefreshRequest.model_validate(call.form())
    if request.grant_type != "refresh_token":
        raise AuthError("INVALID_GRANT_TYPE" if request.grant_type else "MISSING_GRANT_TYPE")
    token = require(request.refresh_token, "MISSING_REFRESH_TOKEN")
    row = call.connection.execute("SELECT * FROM refresh_tokens WHERE digest = ?", (_digest(token),)).fetchone()
    if row is None:
        raise AuthError("INVALID_REFRESH_TOKEN")
    accounts = Accounts(call.connection, row["project"])
    account = accounts.get(row["local_id"])
    if account is None:
        raise AuthError("USER_NOT_FOUND")
    if account.disabled:
        raise AuthError("USER_DISABLED")
    if row["auth_time"] < account.valid_since:
        raise AuthError("TOKEN_EXPIRED")
    account.last_refresh_at = int(time.time() * 1000)
    accounts.save(account)
    renewed = id_token(row["project"], account, row["provider"], row["auth_time"], json.loads(row["claims"]))
    return {
        "id_token": renewed,
        "access_token": renewed,
        "refresh_token": token,
        "expires_in": str(TOKEN_LIFETIME),
        "token_type": "Bearer",
        "user_id": account.local_id,
        "project_id": row["project"],
    }


class CookieRequest(Body):
    """Body of createSessionCookie; `valid_duration` is in seconds."""

    id_token: str | None = None
    valid_duration: int = _COOKIE_LIFETIMES[-1]


def create_session_cookie(call: Call) -> Answer:
    """`createSessionCookie`: a cookie with the claims of an ID token and a longer life."""
    call.require_admin()
    request = call.body(CookieRequest)
    _, claims = account_of_token(call, require(request.id_token, "MISSING_ID_TOKEN"))
    if request.valid_duration not in _COOKIE_LIFETIMES:
        raise AuthError("INVALID_DURATION")
    now = int(time.time())
    claims |= {
        "iss": f"https://session.firebase.google.com/{call.project}",
        "iat": now,
        "exp": now + request.valid_duration,
    }
    return {"sessionCookie": encode_unsigned(claims)}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
