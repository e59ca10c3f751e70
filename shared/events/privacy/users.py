"""Users as analytics know them: hashes keyed with the salt that is in force when an event occurs (see `shared.core.salts`)."""

from datetime import datetime
from functools import lru_cache

from shared.core.clock import now
from shared.core.salts import Salt, salt_at, salts
from shared.core.settings import settings


def hash_user(user_id: str, at: datetime | None = None) -> str:
    """The hash of a user in events that occur at `at` (now unless given): 64 hexadecimal digits. Raises Unavailable."""
    return salt_at(at or now()).digest(user_id).hex()


def user_key(user_id: str | None, at: datetime) -> tuple[str, str] | tuple[None, None]:
    """The hash of the user of an event that occurred at `at`, and the version of its salt; None twice if it has no user.

    Raises Unavailable."""
    if user_id is None:
        return None, None
    salt = salt_at(at)
    return _hash(salt, user_id), salt.version


@lru_cache(maxsize=64)
def _hash(salt: Salt, user_id: str) -> str:
    """Events come in batches of one user's."""
    return salt.digest(user_id).hex()


def hashes_of(user_id: str) -> dict[str, str]:
    """Every hash that a user can still be found by, by the version of its salt, the newest first. Raises Unavailable."""
    return {salt.version: salt.digest(user_id).hex() for salt in salts()}


def analytics_allowed(user_id: str | None) -> bool:
    """Whether events of this user may be collected: analytics are on, and the user has not opted out."""
    if not settings().analytics_enabled:
        return False
    if user_id is None:
        return True
    from shared.core.clients import firestore_client

    profile = firestore_client().collection("users").document(user_id).get(["analyticsOptOut"])
    return not (profile.to_dict() or {}).get("analyticsOptOut", False)
