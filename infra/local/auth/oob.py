"""Out-of-band codes: the links that the real service mails, kept here for whoever asks."""

import secrets
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from infra.local.auth.accounts import new_account
from infra.local.auth.calls import Answer, Body, Call, account_of_token
from infra.local.auth.errors import AuthError, require
from infra.local.auth.passwords import hash_password
from infra.local.auth.sessions import open_session

SCHEMA = """
CREATE TABLE IF NOT EXISTS oob_codes (
    code TEXT PRIMARY KEY, project TEXT NOT NULL, local_id TEXT, kind TEXT NOT NULL, email TEXT NOT NULL,
    new_email TEXT, link TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS oob_codes_of_project ON oob_codes (project, expires);
"""

Kind = Literal["PASSWORD_RESET", "VERIFY_EMAIL", "EMAIL_SIGNIN", "VERIFY_AND_CHANGE_EMAIL"]
_LIFETIME = 3600
_MODES = {
    "PASSWORD_RESET": "resetPassword",
    "VERIFY_EMAIL": "verifyEmail",
    "EMAIL_SIGNIN": "signIn",
    "VERIFY_AND_CHANGE_EMAIL": "verifyAndChangeEmail",
}


@dataclass(frozen=True)
class Code:
    """A code that is good."""

    kind: Kind
    email: str
    new_email: str | None
    local_id: str | None


class CodeRequest(Body):
    """Body of sendOobCode."""

    request_type: Kind | None = None
    email: str | None = None
    new_email: str | None = None
    id_token: str | None = None
    continue_url: str | None = None
    return_oob_link: bool = False


def send_code(call: Call) -> Answer:
    """`accounts:sendOobCode`: nothing is mailed; servers get the link, everyone finds it under `/emulator`."""
    request = call.body(CodeRequest)
    kind: Kind | None = request.request_type
    if kind is None:
        raise AuthError("MISSING_REQ_TYPE")
    if request.return_oob_link:
        call.require_admin()
    email, local_id = _recipient(call, request, kind)
    code = secrets.token_urlsafe(32)
    parameters = {"mode": _MODES[kind], "lang": "en", "oobCode": code, "apiKey": call.query.get("key", "local")}
    if request.continue_url:
        parameters["continueUrl"] = request.continue_url
    link = f"{call.origin}/emulator/action?{urlencode(parameters)}"
    new_email = request.new_email.lower() if request.new_email and kind == "VERIFY_AND_CHANGE_EMAIL" else None
    call.connection.execute(
        "INSERT INTO oob_codes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (code, call.project, local_id, kind, email, new_email, link, int(time.time()) + _LIFETIME),
    )
    answer = {"kind": "identitytoolkit#GetOobConfirmationCodeResponse", "email": email}
    return answer | ({"oobCode": code, "oobLink": link} if call.is_admin and request.return_oob_link else {})


def _recipient(call: Call, request: CodeRequest, kind: Kind) -> tuple[str, str | None]:
    if request.id_token:
        account, _ = account_of_token(call, request.id_token)
        return require(account.email, "MISSING_EMAIL"), account.local_id
    email = require(request.email, "MISSING_EMAIL").lower()
    found = call.accounts.by_email(email)
    if kind == "EMAIL_SIGNIN":
        return email, found.local_id if found else None
    if kind != "PASSWORD_RESET" and not call.is_admin:
        raise AuthError("INVALID_ID_TOKEN")
    if found is None:
        raise AuthError("EMAIL_NOT_FOUND" if kind == "PASSWORD_RESET" else "USER_NOT_FOUND")
    return email, found.local_id


def _peek_code(call: Call, code: str) -> Code:
    """What a code is for. Raises AuthError INVALID_OOB_CODE, EXPIRED_OOB_CODE."""
    row = call.connection.execute("SELECT * FROM oob_codes WHERE code = ?", (code,)).fetchone()
    if row is None or row["project"] != call.project:
        raise AuthError("INVALID_OOB_CODE")
    if row["expires"] <= time.time():
        raise AuthError("EXPIRED_OOB_CODE")
    return Code(row["kind"], row["email"], row["new_email"], row["local_id"])


def take_code(call: Call, code: str, kinds: set[Kind]) -> Code:
    """Use a code up. Raises AuthError INVALID_OOB_CODE when it is for something else."""
    found = _peek_code(call, code)
    if found.kind not in kinds:
        raise AuthError("INVALID_OOB_CODE")
    call.connection.execute("DELETE FROM oob_codes WHERE code = ?", (code,))
    return found


def list_codes(call: Call) -> Answer:
    """`/emulator/…/oobCodes`: the codes that are still good, oldest first."""
    rows = call.connection.execute(
        "SELECT * FROM oob_codes WHERE project = ? AND expires > ? ORDER BY expires", (call.project, time.time())
    )
    codes = [
        {"email": row["email"], "requestType": row["kind"], "oobCode": row["code"], "oobLink": row["link"]}
        | ({"newEmail": row["new_email"]} if row["new_email"] else {})
        for row in rows
    ]
    return {"oobCodes": codes}


class ResetRequest(Body):
    """Body of resetPassword."""

    oob_code: str | None = None
    new_password: str | None = None


def reset_password(call: Call) -> Answer:
    """`accounts:resetPassword`: without a new password only says what the code is for."""
    request = call.body(ResetRequest)
    code = require(request.oob_code, "MISSING_OOB_CODE")
    kind: Kind = _peek_code(call, code).kind
    found = take_code(call, code, {"PASSWORD_RESET"}) if request.new_password else _peek_code(call, code)
    answer = {"kind": "identitytoolkit#ResetPasswordResponse", "requestType": kind, "email": found.email}
    if request.new_password:
        account = call.accounts.by_email(found.email)
        if account is None:
            raise AuthError("INVALID_OOB_CODE")
        account.password = hash_password(request.new_password)
        account.password_updated_at = int(time.time() * 1000)
        account.valid_since = int(time.time())
        # Whoever has read the mail owns the address.
        account.email_verified = True
        call.accounts.save(account)
    return answer | ({"newEmail": found.new_email} if found.new_email else {})


class EmailLinkRequest(Body):
    """Body of signInWithEmailLink; `id_token` links the address to the account that is signed in."""

    email: str | None = None
    oob_code: str | None = None
    id_token: str | None = None


def sign_in_with_email_link(call: Call) -> Answer:
    """`accounts:signInWithEmailLink`: the account is made when the address has none.

    Raises AuthError INVALID_OOB_CODE, INVALID_EMAIL."""
    request = call.body(EmailLinkRequest)
    email = require(request.email, "MISSING_EMAIL").lower()
    code = take_code(call, require(request.oob_code, "MISSING_OOB_CODE"), {"EMAIL_SIGNIN"})
    if code.email != email:
        raise AuthError("INVALID_EMAIL : The email provided does not match the sign-in email address.")
    known = call.accounts.by_email(email)
    if request.id_token:
        account, _ = account_of_token(call, request.id_token)
    else:
        account = known or new_account()
    account.email, account.email_verified, account.email_link = email, True, True
    session = open_session(call, account, "password")
    is_new = known is None and not request.id_token
    answer = {"kind": "identitytoolkit#EmailLinkSigninResponse", "email": email, "localId": account.local_id}
    return answer | {"isNewUser": is_new} | session
