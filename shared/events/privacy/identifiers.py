"""Identifiers that senders choose: kept if they are random, else replaced by a keyed hash.

An id is free text in disguise: `ann-smith-2` and an access token are both valid ones. Only what nobody can have written by hand
stays as it came. The replacement depends on the salt in force when the event occurred: the same id stays the same id, as long as
its user stays the same hash, and not longer.
"""

import re
import uuid
from datetime import datetime

from shared.core.salts import salt_at
from shared.events.privacy.vocabulary import is_known_word

_UUID = r"[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[1-8][0-9A-Fa-f]{3}-?[89ABab][0-9A-Fa-f]{3}-?[0-9A-Fa-f]{12}"
_OURS = r"(?=[^A-Z]{0,19}[A-Z])(?=[^a-z]{0,19}[a-z])[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{20}"
"""As `shared.core.ids.new_id` makes them."""
_RANDOM = re.compile(rf"((?:[a-z]{{2,20}}-){{0,2}})(?:{_UUID}|{_OURS})((?:-[a-z]{{2,20}}|-\d{{1,4}}){{0,3}})")

_TEMPLATE = re.compile(r"mined-[0-9a-f]{20}")
"""A template of the system's, made of the operations in it: what is run as one must be told to be."""
_HIDDEN = re.compile(r"other_[0-9a-f]{8}")


def is_random(identifier: str) -> bool:
    """Whether an id is a UUID or one of ours; known words and small numbers may stand around it (`render-…-2`)."""
    if _TEMPLATE.fullmatch(identifier):
        return True
    found = _RANDOM.fullmatch(identifier)
    around = f"{found[1]}-{found[2]}".split("-") if found else []
    return found is not None and all(part.isdigit() or is_known_word(part) for part in around)


def pseudonym(identifier: str, at: datetime) -> str:
    """The id itself if it is random, else a UUID (version 8) made of it with the salt in force at `at`. Raises Unavailable."""
    if is_random(identifier):
        return identifier
    digest = bytearray(_digest("identifier", identifier, at)[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


def name_or_pseudonym(name: str, at: datetime) -> str:
    """The name of an operation, a workflow or a failure, if its words tell of nobody; else `other_` with 8 digits made of it
    with the salt in force at `at`: what is done under it can be counted, and nobody can read it. Raises Unavailable."""
    if is_known_word(name) or _HIDDEN.fullmatch(name):
        return name
    return f"other_{_digest('name', name, at)[:4].hex()}"


def _digest(kind: str, text: str, at: datetime) -> bytes:
    return salt_at(at).digest(f"\x00{kind}\x00{text}")
