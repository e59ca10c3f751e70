"""Sign-in with the identity of another provider, told by an unsigned token or plain JSON, as the emulator protocol has it."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from infra.local.auth.accounts import Account, Federation, new_account
from infra.local.auth.calls import Answer, Body, Call, account_of_token
from infra.local.auth.errors import AuthError, require
from infra.local.auth.jwts import decode_unverified
from infra.local.auth.sessions import open_session


class IdpRequest(Body):
    """Body of signInWithIdp. `post_body` is a form: `providerId=google.com&id_token=…`."""

    post_body: str = ""
    request_uri: str | None = None
    id_token: str | None = None
    return_idp_credential: bool = False


class Identity(BaseModel):
    """The claims of the other provider's token."""

    model_config = ConfigDict(extra="allow")

    sub: str
    email: str | None = None
    email_verified: bool = True
    name: str | None = None
    picture: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    screen_name: str | None = None


def sign_in_with_idp(call: Call) -> Answer:
    """`accounts:signInWithIdp`: the account linked to the identity; else, by e-mail, one to link it to; else a new one.

    With an ID token the identity is linked to its account. Where another account holds an address that this provider cannot
    vouch for, the answer is `needConfirmation`. Raises AuthError FEDERATED_USER_ID_ALREADY_LINKED, EMAIL_EXISTS."""
    request = call.body(IdpRequest)
    fields = {key: values[0] for key, values in parse_qs(request.post_body).items()}
    fields |= {key: values[0] for key, values in parse_qs(urlsplit(request.request_uri or "").query).items()}
    provider_id = require(
        fields.get("providerId"), "INVALID_CREDENTIAL_OR_PROVIDER_ID : Invalid IdP response/credential"
    )
    token = require(fields.get("id_token") or fields.get("access_token"), "INVALID_IDP_RESPONSE : no token")
    identity = _read_identity(token)
    account, is_new = _account_for(call, request, provider_id, identity)
    answer = _described(provider_id, identity, token)
    if account is None:
        other = call.accounts.by_email(identity.email or "")
        return answer | {"needConfirmation": True, "verifiedProvider": other.sign_in_methods if other else []}
    session = open_session(call, account, provider_id)
    answer |= {"localId": account.local_id, "emailVerified": account.email_verified, **session}
    return answer | ({"isNewUser": True} if is_new else {})


def _account_for(call: Call, request: IdpRequest, provider_id: str, identity: Identity) -> tuple[Account | None, bool]:
    accounts = call.accounts
    linked = accounts.by_federation(provider_id, identity.sub)
    same_email = accounts.by_email(identity.email) if identity.email else None
    if request.id_token:
        account, _ = account_of_token(call, request.id_token)
        if linked and linked.local_id != account.local_id:
            raise AuthError("FEDERATED_USER_ID_ALREADY_LINKED")
        if same_email and same_email.local_id != account.local_id:
            raise AuthError("EMAIL_EXISTS")
        _link(account, provider_id, identity)
        return account, False
    if linked:
        _link(linked, provider_id, identity)
        return linked, False
    if same_email:
        if not _vouches(provider_id, identity):
            return None, False
        if not same_email.email_verified:
            # Nobody has shown to own the address before: a password that a stranger has set must not open this account.
            same_email.password, same_email.email_link = None, False
        _link(same_email, provider_id, identity)
        return same_email, False
    account = new_account()
    _link(account, provider_id, identity)
    return account, True


def _vouches(provider_id: str, identity: Identity) -> bool:
    return provider_id == "google.com" and identity.email_verified


def _link(account: Account, provider_id: str, identity: Identity) -> None:
    link = Federation(
        provider_id=provider_id,
        raw_id=identity.sub,
        federated_id=f"https://accounts.google.com/{identity.sub}" if provider_id == "google.com" else identity.sub,
        email=identity.email,
        display_name=identity.name,
        photo_url=identity.picture,
        screen_name=identity.screen_name,
    )
    account.federations = [kept for kept in account.federations if kept.provider_id != provider_id] + [link]
    account.display_name = account.display_name or identity.name
    account.photo_url = account.photo_url or identity.picture
    if identity.email and account.email in (None, identity.email.lower()):
        account.email = identity.email.lower()
        account.email_verified = account.email_verified or _vouches(provider_id, identity)


def _read_identity(token: str) -> Identity:
    try:
        claims: dict[str, Any] = json.loads(token) if token.startswith("{") else decode_unverified(token)[1]
        return Identity.model_validate(claims)
    except (ValidationError, ValueError) as error:
        raise AuthError("INVALID_IDP_RESPONSE : The token is neither JSON nor an unsigned JWT with a `sub`.") from error


def _described(provider_id: str, identity: Identity, token: str) -> Answer:
    described = {
        "kind": "identitytoolkit#VerifyAssertionResponse",
        "context": "",
        "providerId": provider_id,
        "federatedId": f"https://accounts.google.com/{identity.sub}" if provider_id == "google.com" else identity.sub,
        "email": identity.email,
        "displayName": identity.name,
        "fullName": identity.name,
        "firstName": identity.given_name,
        "lastName": identity.family_name,
        "photoUrl": identity.picture,
        "screenName": identity.screen_name,
        "rawUserInfo": json.dumps({**identity.model_dump(exclude_none=True), "id": identity.sub}),
        "oauthIdToken": token,
        "oauthAccessToken": f"local-{identity.sub}",
        "oauthExpireIn": 3600,
    }
    return {key: value for key, value in described.items() if value is not None}
