"""The project's settings that change how Auth behaves, kept in the database."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from infra.local.auth.calls import Answer, Call
from infra.local.auth.errors import AuthError

SCHEMA = "CREATE TABLE IF NOT EXISTS configs (project TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"


class _Setting(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class Permissions(_Setting):
    """What end users may not do themselves."""

    disabled_user_signup: bool = False
    disabled_user_deletion: bool = False


class Client(_Setting):
    """Settings for end users' clients."""

    permissions: Permissions = Permissions()


class EmailPrivacy(_Setting):
    """Whether answers hide which addresses have accounts."""

    enable_improved_email_privacy: bool = False


class Config(_Setting):
    """The settings that this server heeds."""

    client: Client = Client()
    email_privacy_config: EmailPrivacy = EmailPrivacy()


def read_config(call: Call) -> Config:
    """The project's settings."""
    row = call.connection.execute("SELECT body FROM configs WHERE project = ?", (call.project,)).fetchone()
    return Config.model_validate_json(row["body"]) if row else Config()


def get_config(call: Call) -> Answer:
    """`config` for servers."""
    call.require_admin()
    return show_config(call)


def patch_config(call: Call) -> Answer:
    """Change the settings that the body names; the others stay."""
    call.require_admin()
    return change_config(call)


def show_config(call: Call) -> Answer:
    """The settings as the API shows them."""
    return {"name": f"projects/{call.project}/config", **read_config(call).model_dump(by_alias=True)}


def change_config(call: Call) -> Answer:
    """Merge the body into the settings."""
    try:
        merged = _merge(read_config(call).model_dump(by_alias=True), json.loads(call.raw or b"{}"))
        config = Config.model_validate(merged)
    except (ValidationError, ValueError, TypeError, AttributeError) as error:
        raise AuthError("INVALID_CONFIG : The settings are not understood.") from error
    call.connection.execute(
        "INSERT INTO configs VALUES (?, ?) ON CONFLICT (project) DO UPDATE SET body = excluded.body",
        (call.project, config.model_dump_json(by_alias=True)),
    )
    return show_config(call)


def public_config(call: Call) -> Answer:
    """`projects`: what the JS SDK asks for before it opens a sign-in window."""
    return {"projectId": call.project, "authorizedDomains": ["localhost", "127.0.0.1"]}


def recaptcha_config(_call: Call) -> Answer:
    """`recaptchaConfig`: no challenge is asked for."""
    return {
        "recaptchaEnforcementState": [
            {"provider": "EMAIL_PASSWORD_PROVIDER", "enforcementState": "OFF"},
            {"provider": "PHONE_PROVIDER", "enforcementState": "OFF"},
        ]
    }


def recaptcha_params(_call: Call) -> Answer:
    """`recaptchaParams`: a key for a challenge that nobody shows."""
    return {
        "kind": "identitytoolkit#GetRecaptchaParamResponse",
        "recaptchaStoken": "local",
        "recaptchaSiteKey": "local",
    }


def password_policy(_call: Call) -> Answer:
    """`passwordPolicy`: six characters, nothing else."""
    return {
        "customStrengthOptions": {"minPasswordLength": 6, "maxPasswordLength": 4096},
        "schemaVersion": 1,
        "enforcementState": "OFF",
        "allowedNonAlphanumericCharacters": list("^$*.[]{}()?\"!@#%&/\\,><':;|_~"),
    }


def _merge(kept: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    nested = {key: _merge(kept[key], value) for key, value in change.items() if isinstance(kept.get(key), dict)}
    return {**kept, **change, **nested}
