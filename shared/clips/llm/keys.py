"""Keys of models' APIs: given by the environment, or kept in Secret Manager."""

from collections.abc import Callable

from shared.clips.ranking.errors import RankerUnavailable
from shared.core.clients import secrets_client
from shared.core.settings import settings

Key = Callable[[], str]
"""What gives the key when it is needed."""
_TIMEOUT = 10.0


def kept_key(secret: str) -> Key:
    """The newest version of a secret, read once it is needed, and then again for every ranker: keys are changed now and then.

    It raises RankerUnavailable if there is none, or if Secret Manager does not answer."""
    known: list[str] = []

    def key() -> str:
        if not known:
            known.append(_read(secret))
        return known[0]

    return key


def _read(secret: str) -> str:
    from google.api_core.exceptions import GoogleAPIError, NotFound

    name = f"projects/{settings().project}/secrets/{secret}/versions/latest"
    try:
        version = secrets_client().access_secret_version(name=name, timeout=_TIMEOUT, retry=None)
    except NotFound:
        raise RankerUnavailable(f"There is no secret {secret} in Secret Manager. Put the model's key there.") from None
    except (GoogleAPIError, OSError) as error:
        raise RankerUnavailable(f"Secret Manager does not give the secret {secret}: {type(error).__name__}.") from error
    return version.payload.data.decode().strip()
