"""Passwords: hashing and checking, with the parameters kept beside each hash."""

import base64
import hashlib
import hmac
import os
from typing import Literal

from pydantic import BaseModel

from infra.local.auth.errors import AuthError

_MIN_LENGTH = 6
_MEMORY_LIMIT = 256 * 1024 * 1024

Algorithm = Literal[
    "STANDARD_SCRYPT",
    "SCRYPT",
    "PBKDF_SHA1",
    "PBKDF2_SHA256",
    "MD5",
    "SHA1",
    "SHA256",
    "SHA512",
    "HMAC_MD5",
    "HMAC_SHA1",
    "HMAC_SHA256",
    "HMAC_SHA512",
]


class Hashing(BaseModel):
    """How hashes were made: named as in an import of users. Keys and separators are URL-safe base64."""

    algorithm: Algorithm = "STANDARD_SCRYPT"
    rounds: int = 0
    cost: int = 2**11
    """CPU and memory cost; for SCRYPT its logarithm, as Firebase counts it."""
    block_size: int = 8
    parallelization: int = 1
    length: int = 32
    key: str = ""
    separator: str = ""


class PasswordHash(BaseModel):
    """A password as it is kept."""

    hash: str
    salt: str
    hashing: Hashing = Hashing()


def hash_password(password: str) -> PasswordHash:
    """Hash a new password with scrypt and a salt of its own. Raises AuthError WEAK_PASSWORD."""
    if len(password) < _MIN_LENGTH:
        raise AuthError(f"WEAK_PASSWORD : Password should be at least {_MIN_LENGTH} characters")
    salt = encode(os.urandom(16))
    return PasswordHash(hash=encode(_derive(password, decode(salt), Hashing())), salt=salt)


def is_password(password: str, kept: PasswordHash) -> bool:
    """Whether `password` is the one that `kept` was made of."""
    return hmac.compare_digest(_derive(password, decode(kept.salt), kept.hashing), decode(kept.hash))


def encode(data: bytes) -> str:
    """URL-safe base64, the form in which hashes, salts and keys travel."""
    return base64.urlsafe_b64encode(data).decode()


def decode(text: str) -> bytes:
    """Bytes of either alphabet of base64, padded or not. Raises ValueError."""
    text = text.replace("+", "-").replace("/", "_").rstrip("=")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derive(password: str, salt: bytes, how: Hashing) -> bytes:
    secret = password.encode()
    match how.algorithm:
        case "STANDARD_SCRYPT":
            return hashlib.scrypt(
                secret,
                salt=salt,
                n=how.cost,
                r=how.block_size,
                p=how.parallelization,
                dklen=how.length,
                maxmem=_MEMORY_LIMIT,
            )
        case "SCRYPT":
            return _firebase_scrypt(secret, salt, how)
        case "PBKDF_SHA1":
            return hashlib.pbkdf2_hmac("sha1", secret, salt, max(how.rounds, 1))
        case "PBKDF2_SHA256":
            return hashlib.pbkdf2_hmac("sha256", secret, salt, max(how.rounds, 1))
    if how.algorithm.startswith("HMAC_"):
        return hmac.digest(decode(how.key), secret + salt, how.algorithm.removeprefix("HMAC_").lower())
    digest = hashlib.new(how.algorithm.lower(), salt + secret).digest()
    for _ in range(how.rounds - 1):
        digest = hashlib.new(how.algorithm.lower(), digest).digest()
    return digest


def _firebase_scrypt(secret: bytes, salt: bytes, how: Hashing) -> bytes:
    # Firebase's variant: the derived key encrypts the project's signer key, and the ciphertext is the hash.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    salted = salt + decode(how.separator)
    key = hashlib.scrypt(secret, salt=salted, n=2**how.cost, r=how.rounds, p=1, dklen=32, maxmem=_MEMORY_LIMIT)
    encryptor = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()
    return encryptor.update(decode(how.key)) + encryptor.finalize()
