"""The values of secrets that channels name. They are read when they are needed, and kept nowhere."""

import contextlib
import re

from shared.core.clients import secrets_client
from shared.core.errors import InvalidInput, Unavailable
from shared.core.settings import settings
from shared.notifications.channel import SECRET_PATTERN
from shared.notifications.errors import refused

_TIMEOUT = 10.0


def keep_secret(name: str, value: str) -> str:
    """Keep a value as the newest version of a secret, which is made if there is none; the version's number.

    Raises InvalidInput for a name that no channel can use, Unavailable."""
    from google.api_core.exceptions import Conflict, GoogleAPIError
    from google.cloud.secretmanager_v1.types import Replication, Secret, SecretPayload

    if re.fullmatch(SECRET_PATTERN, name) is None:
        raise InvalidInput(f"A secret of a channel is named notification-…, with letters, digits, - and _; not {name}.")
    client, project = secrets_client(), f"projects/{settings().project}"
    payload = SecretPayload(data=value.encode())
    secret = Secret(replication=Replication(automatic=Replication.Automatic()))
    try:
        with contextlib.suppress(Conflict):  # It is there already.
            client.create_secret(parent=project, secret_id=name, secret=secret, timeout=_TIMEOUT)
        made = client.add_secret_version(parent=f"{project}/secrets/{name}", payload=payload, timeout=_TIMEOUT)
    except (GoogleAPIError, OSError) as error:
        raise Unavailable(f"Secret Manager does not keep the secret {name}: {type(error).__name__}.") from error
    return str(made.name.rpartition("/")[2])


def secret_values(name: str, most: int = 1) -> list[str]:
    """The newest `most` enabled versions of a secret, the newest first. Raises NotSent if there is none, Unavailable."""
    from google.api_core.exceptions import GoogleAPIError, NotFound

    client, parent = secrets_client(), f"projects/{settings().project}/secrets/{name}"
    try:
        request = {"parent": parent, "filter": "state:ENABLED"}
        versions = list(client.list_secret_versions(request=request, timeout=_TIMEOUT, retry=None))
        newest = sorted(versions, key=lambda version: int(version.name.rpartition("/")[2]), reverse=True)[:most]
        found = [client.access_secret_version(name=version.name, timeout=_TIMEOUT, retry=None) for version in newest]
    except NotFound:
        found = []
    except (GoogleAPIError, OSError) as error:
        raise Unavailable(f"Secret Manager does not give the secret {name}: {type(error).__name__}.") from error
    if not found:
        raise refused(f"There is no secret {name} in Secret Manager, or none of its versions is enabled.")
    return [version.payload.data.decode().strip() for version in found]


def secret_value(name: str) -> str:
    """The newest enabled version of a secret. Raises NotSent if there is none, Unavailable."""
    return secret_values(name)[0]
