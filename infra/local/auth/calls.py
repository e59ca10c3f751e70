"""A call of the Auth API as its operations see it."""

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from infra.local.auth.accounts import Account, Accounts
from infra.local.auth.errors import AuthError
from infra.local.auth.jwts import decode_unverified

Answer = dict[str, Any]


class Body(BaseModel):
    """Base of request bodies: camelCase on the wire; fields that an operation does not know are ignored, as Google does."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


B = TypeVar("B", bound=Body)


@dataclass(frozen=True)
class Call:
    """One request, inside its transaction."""

    connection: sqlite3.Connection
    project: str
    is_admin: bool
    """Whether the caller showed the credentials of a server (`Bearer owner` or an access token), not of a user."""
    raw: bytes
    query: Mapping[str, str]
    origin: str
    """Where this server is reached, for links: `http://host:port`."""

    @property
    def accounts(self) -> Accounts:
        """The project's accounts."""
        return Accounts(self.connection, self.project)

    def body(self, model: type[B]) -> B:
        """The request's JSON as `model`. Raises AuthError naming the first field that is wrong."""
        try:
            return model.model_validate(json.loads(self.raw or b"{}"))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "body"
            raise AuthError(f"INVALID_ARGUMENT : Invalid value at '{where}': {first['msg']}") from error
        except ValueError as error:
            raise AuthError("INVALID_ARGUMENT : Invalid JSON payload received.") from error

    def form(self) -> dict[str, str]:
        """The fields of a body that may be a form or JSON."""
        if self.raw.lstrip().startswith(b"{"):
            try:
                return {key: str(value) for key, value in json.loads(self.raw).items()}
            except ValueError as error:
                raise AuthError("INVALID_ARGUMENT : Invalid JSON payload received.") from error
        return dict(parse_qsl(self.raw.decode(errors="replace")))

    def require_admin(self) -> None:
        """Refuse callers that are not servers."""
        if not self.is_admin:
            raise AuthError("INSUFFICIENT_PERMISSION : This operation needs a server's credentials.", 403, "forbidden")


def account_of_token(call: Call, id_token: str) -> tuple[Account, dict[str, Any]]:
    """The account that an ID token stands for, and the token's claims.

    Raises AuthError INVALID_ID_TOKEN, TOKEN_EXPIRED (also when revoked), USER_NOT_FOUND, USER_DISABLED."""
    try:
        _, claims = decode_unverified(id_token)
        subject, expiry, issued = str(claims["sub"]), int(claims["exp"]), int(claims["iat"])
        str(claims["firebase"]["sign_in_provider"])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise AuthError("INVALID_ID_TOKEN") from error
    if claims.get("aud") != call.project or claims.get("iss") != f"https://securetoken.google.com/{call.project}":
        raise AuthError("INVALID_ID_TOKEN")
    account = call.accounts.get(subject)
    if account is None:
        raise AuthError("USER_NOT_FOUND")
    if expiry <= time.time() or issued < account.valid_since:
        raise AuthError("TOKEN_EXPIRED")
    if account.disabled:
        raise AuthError("USER_DISABLED")
    return account, claims
