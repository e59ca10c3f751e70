"""Secrets of tests in Secret Manager."""

import base64
import os

from shared import notifications
from shared.core.clients import secrets_client
from shared.core.ids import new_id
from shared.core.settings import settings


def keep_secret(value: str, name: str | None = None) -> str:
    """A secret that holds `value`: a new one, or another version of `name`. Its name."""
    name = name or f"notification-{new_id()}"
    notifications.keep_secret(name, value)
    return name


def disable_version(name: str, version: int) -> None:
    """Switch a version off."""
    full = f"projects/{settings().project}/secrets/{name}/versions/{version}"
    secrets_client().disable_secret_version(name=full)


def signing_secret() -> str:
    """A secret to sign webhooks with."""
    return f"whsec_{base64.b64encode(os.urandom(32)).decode()}"
