"""Salts: the secrets that users become hashes with, versions of one secret in Secret Manager.

Each is in force for a stretch of time, from two days after it was made until the next one is; the first, from ever. Which salt
an event is hashed with follows from when it *occurred*, so that an event sent again after a rotation has the hash that it had
before, in every process: a new salt is known to all of them, and no sender's clock reaches it (23 hours ahead at most), before
it is in force. An old one is destroyed some time after (`rotate`); then nothing tells any more which hashes were one person's.
"""

import hmac
import logging
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from shared.core.clients import secrets_client
from shared.core.errors import Unavailable
from shared.core.settings import Settings, settings

log = logging.getLogger(__name__)

SECRET = "user-salt"  # noqa: S105  (its name in the manifest)
ANNOUNCED = timedelta(days=2)
"""How long a salt is known before it is in force."""
PERIOD = timedelta(days=90)
"""How long a salt is in force: what is learned looks back as far."""
OVERLAP = timedelta(days=30)
"""How long a salt that is no longer in force is kept: for late events, for a user's own figures, for erasures."""
_FRESH = 600.0
"""Seconds for which a process believes what it has read."""
_STALE = 86_400.0
"""Seconds for which it may go on with that when Secret Manager does not answer. Well under ANNOUNCED less 23 hours."""
_AGAIN = 30.0
"""Seconds until it is asked again then."""
_TIMEOUT = 10.0
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Salt:
    """A salt: its version, and from when on it is in force."""

    version: str
    since: datetime
    secret: bytes = field(repr=False)

    def digest(self, text: str) -> bytes:
        """HMAC-SHA256 of a text: 32 bytes."""
        return hmac.digest(self.secret, text.encode(), "sha256")


@dataclass
class _Known:
    """What this process knows: the salts, the newest first, by which settings they were read, when, and when they are to be read
    again (monotonic seconds)."""

    settings: Settings | None = None
    salts: tuple[Salt, ...] = ()
    read: float = 0.0
    due: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_known = _Known()


def salts() -> tuple[Salt, ...]:
    """The salts there are, the newest first. Raises Unavailable if they cannot be read and were not within a day."""
    if not _is_fresh():
        with _known.lock:
            if not _is_fresh():
                _refresh()
    return _known.salts


def salt_at(moment: datetime) -> Salt:
    """The salt that is in force at `moment`; of times before the oldest, the oldest. Raises Unavailable."""
    found = salts()
    return next((salt for salt in found if salt.since <= moment), found[-1])


def forget_salts() -> None:
    """Read them again at the next need: to be called by who has changed them."""
    _known.due = 0.0


@dataclass(frozen=True)
class Rotation:
    """What a rotation has done: the versions made and destroyed."""

    made: tuple[str, ...] = ()
    destroyed: tuple[str, ...] = ()


def rotate(at: datetime) -> Rotation:
    """Make a salt if the newest is due to be followed, and destroy those that were followed long enough ago.

    Run again, it does nothing. Two runs at once may make two salts, of which the older is in force for a moment only.
    Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError
    from google.cloud.secretmanager_v1.types import SecretPayload

    client, parent = secrets_client(), _parent()
    made: list[str] = []
    try:
        if not (versions := _versions()) or versions[0].create_time <= at - PERIOD:
            payload = SecretPayload(data=secrets.token_hex(32).encode())
            added = client.add_secret_version(parent=parent, payload=payload, timeout=_TIMEOUT)
            made.append(_number(added.name))
        # Of each pair of neighbours the older was followed when the younger came into force.
        old = [older.name for younger, older in pairwise(versions) if younger.create_time + ANNOUNCED + OVERLAP <= at]
        for name in old:
            client.destroy_secret_version(name=name, timeout=_TIMEOUT)
    except (GoogleAPIError, OSError) as error:
        raise Unavailable(f"Secret Manager does not answer: {error}") from error
    finally:
        forget_salts()
    return Rotation(tuple(made), tuple(_number(name) for name in old))


def _is_fresh() -> bool:
    return time.monotonic() < _known.due and _known.settings is settings()


def _refresh() -> None:
    from google.api_core.exceptions import GoogleAPIError

    moment = time.monotonic()
    try:
        found = _read()
    except (GoogleAPIError, OSError) as error:
        if _known.settings is not settings() or moment - _known.read > _STALE:
            raise Unavailable("Secret Manager does not answer, and users cannot be hashed without it.") from error
        log.warning("going on with the salts as they were: Secret Manager does not answer: %s", error)
        _known.due = moment + _AGAIN
        return
    if not found:
        raise Unavailable("There is no salt yet: the schedule rotate-salt makes the first. Run it now.")
    _known.settings, _known.salts, _known.read, _known.due = settings(), found, moment, moment + _FRESH


def _read() -> tuple[Salt, ...]:
    """The salts, the newest first."""
    versions = _versions()
    return tuple(_salt(version, oldest=version is versions[-1]) for version in versions)


def _salt(version: Any, *, oldest: bool) -> Salt:
    held = secrets_client().access_secret_version(name=version.name, timeout=_TIMEOUT)
    since = _EVER if oldest else version.create_time + ANNOUNCED
    return Salt(_number(version.name), since, bytes(held.payload.data))


def _versions() -> Sequence[Any]:
    """The versions that can be read, the newest first."""
    request = {"parent": _parent(), "filter": "state:ENABLED"}
    listed = secrets_client().list_secret_versions(request=request, timeout=_TIMEOUT)
    return sorted(listed, key=lambda version: int(_number(version.name)), reverse=True)


def _parent() -> str:
    return f"projects/{settings().project}/secrets/{SECRET}"


def _number(name: str) -> str:
    return name.rpartition("/")[2]
