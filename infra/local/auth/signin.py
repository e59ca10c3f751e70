"""Ways in: sign up, password, anonymous, custom token, identity of another provider."""

import time
from typing import Any

from infra.local.auth.accounts import Account, new_account
from infra.local.auth.calls import Answer, Body, Call, account_of_token
from infra.local.auth.config import read_config
from infra.local.auth.errors import AuthError, require
from infra.local.auth.jwts import decode_verified
from infra.local.auth.passwords import hash_password, is_password
from infra.local.auth.profiles import ProfileChange, change_profile, check_email, updated_answer
from infra.local.auth.sessions import open_session

_CUSTOM_TOKEN_AUDIENCE = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"  # noqa: S105


class SignUpRequest(ProfileChange):
    """Body of signUp, and of `accounts` when a server creates a user."""

    local_id: str | None = None
    id_token: str | None = None
    disabled: bool = False


def sign_up(call: Call) -> Answer:
    """`accounts:signUp`: a new account, with e-mail and password or anonymous; with an ID token, a password for its own."""
    request = call.body(SignUpRequest)
    if call.is_admin and not request.id_token:
        return _create(call, request)
    if request.local_id:
        raise AuthError("UNEXPECTED_PARAMETER : User ID")
    if request.id_token:
        return _add_password(call, request)
    if read_config(call).client.permissions.disabled_user_signup:
        raise AuthError("ADMIN_ONLY_OPERATION")
    account = new_account()
    if request.email or request.password:
        account.email = account.initial_email = check_email(require(request.email, "MISSING_EMAIL"))
        account.password = hash_password(require(request.password, "MISSING_PASSWORD"))
        account.password_updated_at = account.created_at
        account.display_name = request.display_name
    session = open_session(call, account, "password" if account.email else "anonymous")
    answer = {"kind": "identitytoolkit#SignupNewUserResponse", "localId": account.local_id, **session}
    return answer | ({"email": account.email} if account.email else {})


def _create(call: Call, request: SignUpRequest) -> Answer:
    if request.local_id and call.accounts.get(request.local_id):
        raise AuthError("DUPLICATE_LOCAL_ID")
    account = new_account(request.local_id)
    change_profile(account, request)
    account.disabled = request.disabled
    account.initial_email = account.email
    call.accounts.save(account)
    answer = {"kind": "identitytoolkit#SignupNewUserResponse", "localId": account.local_id, "email": account.email}
    return {key: value for key, value in answer.items() if value is not None}


def _add_password(call: Call, request: SignUpRequest) -> Answer:
    account, _ = account_of_token(call, require(request.id_token, "INVALID_ID_TOKEN"))
    email = require(request.email, "MISSING_EMAIL")
    password = require(request.password, "MISSING_PASSWORD")
    change_profile(account, ProfileChange(email=email, password=password, display_name=request.display_name))
    session = open_session(call, account, "password")
    return updated_answer(account) | session | {"kind": "identitytoolkit#SignupNewUserResponse"}


class PasswordRequest(Body):
    """Body of signInWithPassword."""

    email: str | None = None
    password: str | None = None


def sign_in_with_password(call: Call) -> Answer:
    """`accounts:signInWithPassword`. Raises AuthError EMAIL_NOT_FOUND, INVALID_PASSWORD, USER_DISABLED; with e-mail privacy
    switched on, INVALID_LOGIN_CREDENTIALS for the first two."""
    request = call.body(PasswordRequest)
    email = check_email(require(request.email, "MISSING_EMAIL"))
    password = require(request.password, "MISSING_PASSWORD")
    is_private = read_config(call).email_privacy_config.enable_improved_email_privacy
    account = call.accounts.by_email(email)
    if account is None:
        raise AuthError("INVALID_LOGIN_CREDENTIALS" if is_private else "EMAIL_NOT_FOUND")
    if account.disabled:
        raise AuthError("USER_DISABLED")
    if account.password is None or not is_password(password, account.password):
        raise AuthError("INVALID_LOGIN_CREDENTIALS" if is_private else "INVALID_PASSWORD")
    session = open_session(call, account, "password")
    answer = {
        "kind": "identitytoolkit#VerifyPasswordResponse",
        "registered": True,
        "localId": account.local_id,
        "email": account.email,
        "displayName": account.display_name or "",
    }
    return answer | session | ({"profilePicture": account.photo_url} if account.photo_url else {})


class CustomTokenRequest(Body):
    """Body of signInWithCustomToken."""

    token: str | None = None


def sign_in_with_custom_token(call: Call) -> Answer:
    """`accounts:signInWithCustomToken`: the account is made when there is none; the token's claims stay with the session."""
    token = require(call.body(CustomTokenRequest).token, "MISSING_CUSTOM_TOKEN")
    claims = _custom_claims(token)
    uid = claims.get("uid") or claims.get("user_id")
    if not isinstance(uid, str) or not 0 < len(uid) <= 128:
        raise AuthError("INVALID_CUSTOM_TOKEN : MISSING_IDENTIFIER")
    known = call.accounts.get(uid)
    account = known or new_account(uid)
    account.custom_auth = True
    session = open_session(call, account, "custom", claims.get("claims") or {})
    return {"kind": "identitytoolkit#VerifyCustomTokenResponse", "isNewUser": known is None, **session}


def _custom_claims(token: str) -> dict[str, Any]:
    try:
        claims = decode_verified(token)
        expiry = float(claims.get("exp", "inf"))
    except (ValueError, TypeError) as error:
        raise AuthError(f"INVALID_CUSTOM_TOKEN : {error}") from error
    if claims.get("aud") != _CUSTOM_TOKEN_AUDIENCE:
        raise AuthError("INVALID_CUSTOM_TOKEN : The token's audience is not Firebase Auth.")
    if expiry <= time.time():
        raise AuthError("INVALID_CUSTOM_TOKEN : Token expired")
    if not isinstance(claims.get("claims") or {}, dict):
        raise AuthError("INVALID_CUSTOM_TOKEN : claims is not an object")
    return claims


class EmailRequest(Body):
    """Body of createAuthUri."""

    identifier: str | None = None
    continue_uri: str | None = None


def create_auth_uri(call: Call) -> Answer:
    """`accounts:createAuthUri`: the ways in of an e-mail address; nothing is told when e-mail privacy is on."""
    request = call.body(EmailRequest)
    email = check_email(require(request.identifier, "MISSING_IDENTIFIER"))
    require(request.continue_uri, "MISSING_CONTINUE_URI")
    answer: Answer = {"kind": "identitytoolkit#CreateAuthUriResponse", "sessionId": new_account().local_id}
    if read_config(call).email_privacy_config.enable_improved_email_privacy:
        return answer
    account: Account | None = call.accounts.by_email(email)
    methods = account.sign_in_methods if account else []
    providers = list(dict.fromkeys("password" if method == "emailLink" else method for method in methods))
    return answer | {"registered": account is not None, "allProviders": providers, "signinMethods": methods}
