"""Privacy of events: who did it becomes a keyed hash, and of all else only what is known to tell of nobody is kept.

Everything is an allow-list: of parameters (`parameters`), of words in messages (`texts`), of names (`vocabulary`), of ids
(`identifiers`). What is on none of them is dropped, generalised, or replaced by a keyed hash."""

from shared.events.privacy.parameters import generalise, sanitise_parameters
from shared.events.privacy.sanitising import redact, sanitise
from shared.events.privacy.texts import MAX_TEXT, scrub_text
from shared.events.privacy.users import analytics_allowed, hash_user, hashes_of, user_key

__all__ = [
    "MAX_TEXT",
    "analytics_allowed",
    "generalise",
    "hash_user",
    "hashes_of",
    "redact",
    "sanitise",
    "sanitise_parameters",
    "scrub_text",
    "user_key",
]
