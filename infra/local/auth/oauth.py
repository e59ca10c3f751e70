"""The OAuth token endpoint of service accounts (RFC 7523), where google-auth renews its access tokens."""

import secrets
import time

from infra.local.auth.calls import Answer, Call
from infra.local.auth.errors import OAuthError
from infra.local.auth.jwts import decode_verified, encode_unsigned

ACCESS_TOKEN_PREFIX = "ya29."  # noqa: S105
_LIFETIME = 3600
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def exchange_assertion(call: Call) -> Answer:
    """`POST /token`: an access token for an assertion signed by the local service account.

    An assertion that names a `target_audience` gets an ID token for it instead. Raises OAuthError invalid_grant."""
    form = call.form()
    if form.get("grant_type") != _GRANT:
        raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}")
    try:
        claims = decode_verified(form.get("assertion", ""))
        issuer, expiry = str(claims["iss"]), int(claims["exp"])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise OAuthError("invalid_grant", f"Invalid JWT Signature: {error}") from error
    now = int(time.time())
    if expiry <= now:
        raise OAuthError(
            "invalid_grant", "Invalid JWT: Token must be a short-lived token and in a reasonable timeframe."
        )
    if audience := claims.get("target_audience"):
        identity = {"iss": "https://accounts.google.com", "aud": audience, "sub": issuer, "email": issuer}
        return {"id_token": encode_unsigned({**identity, "email_verified": True, "iat": now, "exp": now + _LIFETIME})}
    token = ACCESS_TOKEN_PREFIX + secrets.token_urlsafe(32)
    return {"access_token": token, "expires_in": _LIFETIME, "token_type": "Bearer"}
