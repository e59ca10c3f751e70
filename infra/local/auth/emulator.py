"""What only an emulator has: a wipe, the settings without credentials, and the page behind the links that are not mailed."""

import json
from dataclasses import replace

from infra.local.auth.calls import Answer, Call
from infra.local.auth.errors import AuthError
from infra.local.auth.oob import reset_password
from infra.local.auth.profiles import update


def delete_accounts(call: Call) -> Answer:
    """`DELETE /emulator/v1/projects/{p}/accounts`: forget every account of the project."""
    call.accounts.delete_all()
    return {}


def open_link(call: Call) -> Answer:
    """`/emulator/action`: do what the link says; a reset takes effect when `newPassword` is given.

    Sign-in links are for the app, which reads the code from the address: nothing happens here."""
    mode, code = call.query.get("mode"), call.query.get("oobCode", "")
    if mode == "resetPassword":
        return reset_password(_with_body(call, {"oobCode": code, "newPassword": call.query.get("newPassword", "")}))
    if mode in ("verifyEmail", "verifyAndChangeEmail"):
        return update(_with_body(call, {"oobCode": code}))
    if mode == "signIn":
        return {"authEmulator": {"success": "Open this link in the app to sign in."}}
    raise AuthError("INVALID_REQ_TYPE")


def no_codes(_call: Call) -> Answer:
    """`verificationCodes`: no text messages are sent."""
    return {"verificationCodes": []}


def _with_body(call: Call, body: dict[str, str]) -> Call:
    return replace(call, raw=json.dumps(body).encode())
