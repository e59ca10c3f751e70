"""Signed URLs: V4 signatures (GOOG4-RSA-SHA256) of the local service account, checked."""

import hashlib
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from infra.local.auth.service_account import load_public_key
from infra.local.storage.errors import StorageError

_ALGORITHM = "GOOG4-RSA-SHA256"
_MAX_SECONDS = 7 * 24 * 3600
_CLOCK_SKEW = timedelta(minutes=15)


def is_signed(query: Mapping[str, str]) -> bool:
    """Whether a request claims to be signed."""
    return "X-Goog-Signature" in query or "X-Goog-Algorithm" in query


def check_signature(method: str, raw_path: str, query_string: str, headers: Mapping[str, str]) -> None:
    """Let a request pass whose signature is good and not expired; `raw_path` and `query_string` are as they were sent.

    Raises StorageError 403 SignatureDoesNotMatch, 400 ExpiredToken, 400 for parameters that make no sense."""
    pairs = parse_qsl(query_string, keep_blank_values=True)
    parameters = dict(pairs)
    if parameters.get("X-Goog-Algorithm") != _ALGORITHM:
        raise _malformed(f"X-Goog-Algorithm must be {_ALGORITHM}.")
    _check_time(parameters)
    canonical = _canonical_request(method, raw_path, pairs, parameters, headers)
    scope = parameters.get("X-Goog-Credential", "").partition("/")[2]
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signed = "\n".join([_ALGORITHM, parameters["X-Goog-Date"], scope, digest])
    try:
        key = load_public_key(Path(os.environ.get("GOOGLE_APPLICATION_CREDENTIALS", "")))
        signature = bytes.fromhex(parameters.get("X-Goog-Signature", ""))
        key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, OSError, ValueError) as error:
        raise _mismatch() from error


def _check_time(parameters: Mapping[str, str]) -> None:
    try:
        signed_at = datetime.strptime(parameters["X-Goog-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        seconds = int(parameters["X-Goog-Expires"])
    except (KeyError, ValueError) as error:
        raise _malformed("X-Goog-Date and X-Goog-Expires are needed.") from error
    if not 0 < seconds <= _MAX_SECONDS:
        raise _malformed(f"X-Goog-Expires must be from 1 to {_MAX_SECONDS} seconds.")
    now = datetime.now(UTC)
    if now > signed_at + timedelta(seconds=seconds):
        raise StorageError(400, "invalid", "The provided token has expired.", "ExpiredToken")
    if signed_at - now > _CLOCK_SKEW:
        raise StorageError(403, "forbidden", "The signature is dated in the future.", "RequestTimeTooSkewed")


def _canonical_request(
    method: str, raw_path: str, pairs: list[tuple[str, str]], parameters: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    names = parameters.get("X-Goog-SignedHeaders", "").split(";")
    missing = [name for name in names if name not in headers]
    if "host" not in names or missing:
        # A request without a header that was signed is not the request that was signed.
        raise _mismatch()
    lines = [f"{name}:{' '.join(headers[name].split())}\n" for name in names]
    encoded = sorted((quote(key, safe=""), quote(value, safe="")) for key, value in pairs if key != "X-Goog-Signature")
    query = "&".join(f"{key}={value}" for key, value in encoded)
    payload = headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD") if "x-goog-content-sha256" in names else ""
    return "\n".join([method, raw_path, query, "".join(lines), ";".join(names), payload or "UNSIGNED-PAYLOAD"])


def _malformed(message: str) -> StorageError:
    return StorageError(400, "invalid", message, "AuthenticationQueryParametersError")


def _mismatch() -> StorageError:
    message = "The request signature we calculated does not match the signature you provided."
    return StorageError(403, "forbidden", message, "SignatureDoesNotMatch")
