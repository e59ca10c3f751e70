"""Links: signed URLs under which whoever has them can fetch an object for a while."""

from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from shared.core.clients import signing_credentials

if TYPE_CHECKING:
    from google.cloud.storage import Blob

VALID = timedelta(minutes=15)
"""How long a link is good for that is handed out on request; as long as the file is there, a new one can be asked for."""


def link_to(
    blob: "Blob",
    valid: timedelta = VALID,
    *,
    filename: str | None = None,
    shown: Literal["attachment", "inline"] = "attachment",
    generation: int | None = None,
) -> str:
    """A signed URL of an object, in exactly the generation if one is named; a browser saves it under `filename`."""
    url: str = blob.generate_signed_url(
        version="v4",
        expiration=valid,
        method="GET",
        credentials=signing_credentials(),
        generation=generation,
        response_disposition=_disposition(shown, filename) if filename else None,
    )
    return url


def _disposition(shown: str, filename: str) -> str:
    """Content-Disposition of RFC 6266: the name as it is, and for old clients one of ASCII without quotes."""
    plain = filename.encode("ascii", "replace").decode().translate({ord(sign): "_" for sign in '"\\?%'})
    exact = "" if plain == filename else f"; filename*=UTF-8''{quote(filename, safe='')}"
    return f'{shown}; filename="{plain}"{exact}'
