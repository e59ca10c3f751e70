"""Secrets of tests in Secret Manager."""

import base64
import contextlib
import os

from google.api_core.exceptions import Conflict
from google.cloud.secretmanager_v1.types import SecretPayload

from shared.core.clients import secrets_client
from shared.core.ids import new_id
from shared.core.settings import settings


def keep_secret(value: str, name: str | None = None) -> str:
    """A secret that holds `value`: a new one, or another version of `name`. Its name."""
    name = name or f"notification-{new_id()}"
    client, project = secrets_client(), f"projects/{settings().project}"
    secret = {"replication": {"automatic": {}}}
    with contextlib.suppress(Conflict):
        client.create_secret(parent=project, secret_id=name, secret=secret)
    client.add_secret_version(parent=f"{project}/secrets/{name}", payload=SecretPayload(data=value.encode()))
    return name


def disable_version(name: str, version: int) -> None:
    """Switch a version off."""
    full = f"projects/{settings().project}/secrets/{name}/versions/{version}"
    secrets_client().disable_secret_version(name=full)


def signing_secret() -> str:
    """A secret to sign webhooks with."""
    return f"whsec_{base64.b64encode(os.urandom(32)).decode()}"
