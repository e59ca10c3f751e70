"""Hashes: ours, and those that are imported from elsewhere."""

import hashlib
import hmac

import pytest

from infra.local.auth.errors import AuthError
from infra.local.auth.passwords import Hashing, PasswordHash, encode, hash_password, is_password

SALT, SECRET = b"pepper", b"secret1"


def test_a_password_is_known_again_and_another_is_not() -> None:
    kept = hash_password("secret1")
    assert is_password("secret1", kept)
    assert not is_password("secret2", kept)
    assert hash_password("secret1").hash != kept.hash


def test_a_short_password_is_weak() -> None:
    with pytest.raises(AuthError, match="WEAK_PASSWORD : Password should be at least 6 characters"):
        hash_password("12345")


def test_firebases_own_scrypt_is_understood() -> None:
    """The example that Firebase publishes with its variant of scrypt."""
    key = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
    kept = PasswordHash(
        hash="lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
        salt="42xEC+ixf3L2lw==",
        hashing=Hashing(algorithm="SCRYPT", key=key, separator="Bw==", rounds=8, cost=14),
    )
    assert is_password("user1password", kept)
    assert not is_password("user2password", kept)


@pytest.mark.parametrize(
    ("hashing", "hashed"),
    [
        (Hashing(algorithm="MD5", rounds=1), hashlib.md5(SALT + SECRET).digest()),
        (Hashing(algorithm="SHA512", rounds=2), hashlib.sha512(hashlib.sha512(SALT + SECRET).digest()).digest()),
        (Hashing(algorithm="HMAC_SHA256", key=encode(b"key")), hmac.digest(b"key", SECRET + SALT, "sha256")),
        (Hashing(algorithm="PBKDF2_SHA256", rounds=10), hashlib.pbkdf2_hmac("sha256", SECRET, SALT, 10)),
        (Hashing(cost=16, block_size=8, length=64), hashlib.scrypt(SECRET, salt=SALT, n=16, r=8, p=1, dklen=64)),
    ],
    ids=lambda value: value.algorithm if isinstance(value, Hashing) else "",
)
def test_imported_hashes_are_understood(hashing: Hashing, hashed: bytes) -> None:
    kept = PasswordHash(hash=encode(hashed), salt=encode(SALT), hashing=hashing)
    assert is_password("secret1", kept)
    assert not is_password("secret2", kept)
