"""The service account of the local cloud: a key file as the Google console hands out, for signing URLs and tokens."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_KEY_BITS = 2048


def ensure_service_account(path: Path, project: str, token_uri: str) -> None:
    """Leave a service-account key file at `path` that belongs to `project` and fetches its tokens from `token_uri`.

    The RSA key is made when the file is missing or cannot be used, and kept ever after, so that URLs signed before a
    restart stay good. The file is replaced atomically and is readable by its owner only."""
    private_key = _kept_key(path) or _new_key()
    email = f"local@{project}.iam.gserviceaccount.com"
    account = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": hashlib.sha256(private_key.encode()).hexdigest()[:40],
        "private_key": private_key,
        "client_email": email,
        "client_id": "100000000000000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, json.dumps(account, indent=2))


def load_public_key(path: Path) -> rsa.RSAPublicKey:
    """The public half of the key in the key file at `path`. Raises OSError or ValueError when there is none."""
    try:
        pem = json.loads(path.read_text())["private_key"]
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a service account key") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError(f"{path} does not hold an RSA key")
    return key.public_key()


def _kept_key(path: Path) -> str | None:
    try:
        load_public_key(path)
    except (OSError, ValueError):
        return None
    kept: dict[str, Any] = json.loads(path.read_text())
    return str(kept["private_key"])


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
