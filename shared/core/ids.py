"""Identifiers that people and URLs can carry."""

import re
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz"
_LENGTH = 20
_VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$"
"""What clients may choose as an id: 1–128 letters, digits, `_` and `-`, the first a letter or digit."""


def new_id() -> str:
    """A fresh id: 20 characters, about 114 bits, no look-alikes."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def is_id(text: str) -> bool:
    """Whether `text` can be an id."""
    return _VALID.fullmatch(text) is not None
