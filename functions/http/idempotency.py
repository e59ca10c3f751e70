"""Idempotency keys: a POST that is sent again with the same key is carried out once and answered alike."""

import functools
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec

from flask import Response, g, make_response, request

from functions.http.authentication import principal
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput
from shared.core.ids import new_id

P = ParamSpec("P")

COLLECTION = "idempotency_keys"
KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=90)
"""How long a request may run before another with its key takes it for dead and carries on."""
MAX_KEY_LENGTH = 255
MAX_KEPT_BYTES = 900_000
"""The largest answer that is kept. A larger one is made again: a view that can give one does what it has done only once."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")


def resource_id() -> str:
    """The id of what this request creates: fresh, or derived from its idempotency key, so that a request that died half
    way is completed, not repeated, by the next one with its key."""
    digest = g.get("idempotency_digest")
    return digest[:20] if digest else new_id()


def idempotent(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let `view` honour the header Idempotency-Key (1–255 characters, kept 24 h, for one caller and path).

    The same key with another body is refused; one that is still being worked on answers 409."""

    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(*args, **kwargs)
        if not 1 <= len(key) <= MAX_KEY_LENGTH:
            raise InvalidInput(f"Idempotency-Key must have 1 to {MAX_KEY_LENGTH} characters.")
        digest = hashlib.sha256("\0".join((principal().uid, request.path, key)).encode()).hexdigest()
        fingerprint = hashlib.sha256(request.get_data(cache=True)).hexdigest()
        earlier = _claim(digest, fingerprint)
        if earlier is not None:
            return _replay(earlier)
        g.idempotency_digest = digest
        return _carry_out(digest, functools.partial(view, *args, **kwargs))

    return wrapper


def _claim(digest: str, fingerprint: str) -> dict[str, Any] | None:
    """Claim the key in a transaction; the kept answer if there is one. Raises Conflict or InvalidInput."""
    from google.cloud import firestore

    reference = firestore_client().collection(COLLECTION).document(digest)

    @firestore.transactional
    def claim(transaction: Any) -> dict[str, Any] | None:
        stored: dict[str, Any] | None = reference.get(transaction=transaction).to_dict()
        moment = now()
        if stored is not None and stored["expireAt"] > moment:
            if stored["fingerprint"] != fingerprint:
                raise InvalidInput("This Idempotency-Key was used with another body. Use a new key for a new request.")
            if "status" in stored:
                return stored
            if stored["claimedAt"] > moment - LEASE:
                raise Conflict(
                    "The request with this Idempotency-Key is still being worked on. Send it again in a moment."
                )
        claimed = {"userId": principal().uid, "fingerprint": fingerprint, "claimedAt": moment}
        transaction.set(reference, {**claimed, "expireAt": moment + KEPT})
        return None

    kept: dict[str, Any] | None = claim(firestore_client().transaction())
    return kept


def _carry_out(digest: str, view: Callable[[], Response]) -> Response:
    """Run the view and keep its answer. A failure frees the key, so that the request can be corrected or retried; so does an
    answer with Retry-After, which asks for just that."""
    reference = firestore_client().collection(COLLECTION).document(digest)
    try:
        response = view()
    except BaseException:
        reference.delete()
        raise
    if "Retry-After" in response.headers:
        reference.delete()
        return response
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = response.get_data()
    kept = {"status": response.status_code, "headers": headers, "body": body}
    reference.update(kept if len(body) <= MAX_KEPT_BYTES else {"claimedAt": _LONG_AGO})
    return response


def _replay(kept: dict[str, Any]) -> Response:
    response = make_response(kept["body"], kept["status"])
    response.headers.update(kept["headers"])
    response.headers["Idempotency-Replayed"] = "true"
    return response
