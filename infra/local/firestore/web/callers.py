"""Who sends an HTTP request.

Unlike on gRPC, where server clients of the emulator may come without credentials, a request without an Authorization header
comes from a user who is not signed in: that is how the JS SDK asks."""

import time

from infra.local.firestore.authorization import ADMIN, Caller, identify, token_claims
from infra.local.firestore.errors import Unauthenticated

SIGNED_OUT = Caller({})
_ID_TOKEN_ISSUER = "https://securetoken.google.com/"  # noqa: S105 - the issuer's name


def identify_http(authorization: str | None, project: str) -> Caller:
    """The caller that an Authorization header stands for. Raises Unauthenticated for an ID token that is not valid here."""
    if not authorization:
        return SIGNED_OUT
    caller = identify(authorization, project)
    claims = token_claims(authorization)
    if claims is None or not str(claims.get("iss", "")).startswith(_ID_TOKEN_ISSUER):
        return caller
    if caller is ADMIN:
        raise Unauthenticated(f'The ID token is not one for the project "{project}".')
    if not isinstance(claims.get("exp"), int | float) or claims["exp"] < time.time():
        raise Unauthenticated("The ID token has expired.")
    return caller
