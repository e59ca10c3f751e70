"""Profiles: look up, change and delete an account, by its user or by a server."""

import json
import re
import time
from typing import Literal

from pydantic import Field

from infra.local.auth.accounts import Account, Federation, profile, provider_infos
from infra.local.auth.calls import Answer, Body, Call, account_of_token
from infra.local.auth.config import read_config
from infra.local.auth.errors import AuthError, require
from infra.local.auth.oob import take_code
from infra.local.auth.passwords import hash_password
from infra.local.auth.sessions import open_session

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.?[^@\s]+")
_PHONE = re.compile(r"\+[0-9]{4,15}")
_MAX_CLAIMS = 1000
_RESERVED_CLAIMS = {
    "acr", "amr", "at_hash", "aud", "auth_time", "azp", "cnf", "c_hash", "exp", "firebase", "iat", "iss", "jti", "nbf",
    "nonce", "sub", "user_id",
}  # fmt: skip


class ProfileChange(Body):
    """The fields of a profile that may be set; what is absent stays."""

    email: str | None = None
    password: str | None = None
    display_name: str | None = None
    photo_url: str | None = None
    email_verified: bool | None = None
    phone_number: str | None = None
    custom_attributes: str | None = None


class UpdateRequest(ProfileChange):
    """Body of update. `valid_since` is in seconds."""

    local_id: str | None = None
    id_token: str | None = None
    oob_code: str | None = None
    disable_user: bool | None = None
    valid_since: int | None = None
    delete_attribute: list[Literal["DISPLAY_NAME", "PHOTO_URL", "EMAIL", "PASSWORD"]] = Field(default_factory=list)
    delete_provider: list[str] = Field(default_factory=list)
    link_provider_user_info: Federation | None = None
    return_secure_token: bool = False


def check_email(email: str) -> str:
    """The address in lower case. Raises AuthError INVALID_EMAIL."""
    if not _EMAIL.fullmatch(email):
        raise AuthError("INVALID_EMAIL")
    return email.lower()


def check_claims(custom_attributes: str) -> str:
    """The custom claims, a JSON object as text. Raises AuthError INVALID_CLAIMS, CLAIMS_TOO_LARGE, FORBIDDEN_CLAIM."""
    if len(custom_attributes) > _MAX_CLAIMS:
        raise AuthError("CLAIMS_TOO_LARGE")
    try:
        claims = json.loads(custom_attributes)
    except ValueError as error:
        raise AuthError("INVALID_CLAIMS") from error
    if not isinstance(claims, dict):
        raise AuthError("INVALID_CLAIMS")
    for reserved in sorted(_RESERVED_CLAIMS & claims.keys()):
        raise AuthError(f"FORBIDDEN_CLAIM : {reserved}")
    return custom_attributes


def change_profile(account: Account, change: ProfileChange) -> None:
    """Set what `change` names. A new address or password ends the sessions that were open. Raises AuthError."""
    if change.email is not None:
        email = check_email(change.email)
        if email != account.email:
            account.email, account.email_verified = email, False
            end_sessions(account)
    if change.password is not None:
        account.password = hash_password(change.password)
        account.password_updated_at = int(time.time() * 1000)
        end_sessions(account)
    if change.phone_number is not None:
        if not _PHONE.fullmatch(change.phone_number):
            raise AuthError("INVALID_PHONE_NUMBER : Invalid format.")
        account.phone_number = change.phone_number
    if change.custom_attributes is not None:
        account.custom_attributes = check_claims(change.custom_attributes)
    account.display_name = change.display_name if change.display_name is not None else account.display_name
    account.photo_url = change.photo_url if change.photo_url is not None else account.photo_url
    account.email_verified = change.email_verified if change.email_verified is not None else account.email_verified


def end_sessions(account: Account) -> None:
    """Make every token that was issued before this second void."""
    account.valid_since = int(time.time())


def update(call: Call) -> Answer:
    """`accounts:update`: by the user (ID token), by a server (any field), or by a code that was mailed."""
    request = call.body(UpdateRequest)
    if request.oob_code:
        return _apply_code(call, request.oob_code)
    provider = "password"
    if request.id_token:
        account, claims = account_of_token(call, request.id_token)
        provider = claims["firebase"]["sign_in_provider"]
        request = _what_users_may_change(request)
    elif call.is_admin:
        account = _existing(call, require(request.local_id, "MISSING_LOCAL_ID"))
        _change_as_admin(account, request)
    else:
        raise AuthError("INVALID_REQ_TYPE : Request must contain an ID token.")
    change_profile(account, request)
    _remove(account, request)
    call.accounts.save(account)
    answer = updated_answer(account)
    ended = request.id_token and (request.email or request.password)
    if request.id_token and (request.return_secure_token or ended):
        answer |= open_session(call, account, "password" if ended else provider)
    return answer


def updated_answer(account: Account) -> Answer:
    """What update and its relatives answer with."""
    shown = profile(account)
    kept = ("localId", "email", "displayName", "photoUrl", "emailVerified")
    answer = {key: shown[key] for key in kept if key in shown}
    return {"kind": "identitytoolkit#SetAccountInfoResponse", **answer, "providerUserInfo": provider_infos(account)}


def _what_users_may_change(request: UpdateRequest) -> UpdateRequest:
    return UpdateRequest(
        id_token=request.id_token,
        email=request.email,
        password=request.password,
        display_name=request.display_name,
        photo_url=request.photo_url,
        delete_attribute=request.delete_attribute,
        delete_provider=request.delete_provider,
        return_secure_token=request.return_secure_token,
    )


def _change_as_admin(account: Account, request: UpdateRequest) -> None:
    if request.disable_user is not None:
        account.disabled = request.disable_user
    if request.valid_since is not None:
        account.valid_since = request.valid_since
    if link := request.link_provider_user_info:
        if account.federation(link.provider_id):
            raise AuthError("PROVIDER_ALREADY_LINKED")
        account.federations.append(link)


def _remove(account: Account, request: UpdateRequest) -> None:
    if "DISPLAY_NAME" in request.delete_attribute:
        account.display_name = None
    if "PHOTO_URL" in request.delete_attribute:
        account.photo_url = None
    if "EMAIL" in request.delete_attribute:
        account.email, account.email_verified = None, False
    if "PASSWORD" in request.delete_attribute or "password" in request.delete_provider:
        account.password, account.email_link = None, False
    if "phone" in request.delete_provider:
        account.phone_number = None
    account.federations = [link for link in account.federations if link.provider_id not in request.delete_provider]


def _apply_code(call: Call, oob_code: str) -> Answer:
    code = take_code(call, oob_code, {"VERIFY_EMAIL", "VERIFY_AND_CHANGE_EMAIL"})
    account = call.accounts.by_email(code.email)
    if account is None:
        raise AuthError("INVALID_OOB_CODE")
    if code.new_email:
        account.email = code.new_email
        end_sessions(account)
    account.email_verified = True
    call.accounts.save(account)
    return updated_answer(account)


def _existing(call: Call, local_id: str) -> Account:
    account = call.accounts.get(local_id)
    if account is None:
        raise AuthError("USER_NOT_FOUND")
    return account


class FederatedId(Body):
    """An identity at another provider."""

    provider_id: str
    raw_id: str


class LookupRequest(Body):
    """Body of lookup: one ID token, or what a server wants to find."""

    id_token: str | None = None
    local_id: list[str] = Field(default_factory=list)
    email: list[str] = Field(default_factory=list)
    phone_number: list[str] = Field(default_factory=list)
    federated_user_id: list[FederatedId] = Field(default_factory=list)


def lookup(call: Call) -> Answer:
    """`accounts:lookup`: the accounts found, each once; `users` is left out when there is none."""
    request = call.body(LookupRequest)
    accounts = call.accounts
    found: list[Account | None]
    if request.id_token:
        found = [account_of_token(call, request.id_token)[0]]
    else:
        call.require_admin()
        found = [accounts.get(local_id) for local_id in request.local_id]
        found += [accounts.by_email(email) for email in request.email]
        found += [accounts.by_phone(phone) for phone in request.phone_number]
        found += [accounts.by_federation(link.provider_id, link.raw_id) for link in request.federated_user_id]
    users = {account.local_id: profile(account, with_password=call.is_admin) for account in found if account}
    answer: Answer = {"kind": "identitytoolkit#GetAccountInfoResponse"}
    return answer | ({"users": list(users.values())} if users else {})


class DeleteRequest(Body):
    """Body of delete."""

    id_token: str | None = None
    local_id: str | None = None


def delete(call: Call) -> Answer:
    """`accounts:delete`: by the user or by a server. Raises AuthError USER_NOT_FOUND."""
    request = call.body(DeleteRequest)
    if request.id_token:
        if read_config(call).client.permissions.disabled_user_deletion:
            raise AuthError("ADMIN_ONLY_OPERATION")
        local_id = account_of_token(call, request.id_token)[0].local_id
    else:
        call.require_admin()
        local_id = require(request.local_id, "MISSING_LOCAL_ID")
    if not call.accounts.delete(local_id):
        raise AuthError("USER_NOT_FOUND")
    return {"kind": "identitytoolkit#DeleteAccountResponse"}
