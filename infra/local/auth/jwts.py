"""JSON web tokens: unsigned ones as the Auth emulator protocol uses them, and RS256 of the local service account."""

import base64
import binascii
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from infra.local.auth.service_account import load_public_key

Claims = dict[str, Any]


def encode_unsigned(claims: Claims) -> str:
    """A token with `alg: none`."""
    return f"{_encode({'alg': 'none', 'typ': 'JWT'})}.{_encode(claims)}."


def decode_unverified(token: str) -> tuple[Claims, Claims]:
    """Header and claims, whatever the signature. Raises ValueError when `token` is no JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("a JWT has three parts")
    header, claims = _decode(parts[0]), _decode(parts[1])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("a JWT is made of JSON objects")
    return header, claims


def decode_verified(token: str) -> Claims:
    """The claims of a token that is unsigned, or signed (RS256) by the local service account.

    Signatures are checked when the key file named by GOOGLE_APPLICATION_CREDENTIALS can be read; they are taken as good
    when it cannot, for then there is nothing to check them with. Raises ValueError."""
    header, claims = decode_unverified(token)
    algorithm = header.get("alg")
    if algorithm == "none":
        if token.rpartition(".")[2]:
            raise ValueError("an unsigned token has no signature")
        return claims
    if algorithm != "RS256":
        raise ValueError(f"cannot check signatures of kind {algorithm}")
    _check_signature(token)
    return claims


def _check_signature(token: str) -> None:
    path = Path(os.environ.get("GOOGLE_APPLICATION_CREDENTIALS", ""))
    try:
        key = load_public_key(path)
    except (OSError, ValueError):
        return
    signed, _, signature = token.rpartition(".")
    try:
        key.verify(_from_base64(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise ValueError("the signature is not the local service account's") from error


def _encode(value: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(part: str) -> Any:
    try:
        return json.loads(_from_base64(part))
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not base64") from error


def _from_base64(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
