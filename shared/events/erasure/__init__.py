"""Erasure: rows of events counted, removed or made nobody's; and events that are still on their way kept out."""

from shared.events.erasure.rows import (
    TABLES,
    ErasureAction,
    Found,
    StillStreaming,
    count_rows,
    remove_rows,
    salts_in_use,
)
from shared.events.erasure.scope import Scope
from shared.events.erasure.withholding import withheld_until, withhold

__all__ = [
    "TABLES",
    "ErasureAction",
    "Found",
    "Scope",
    "StillStreaming",
    "count_rows",
    "remove_rows",
    "salts_in_use",
    "withheld_until",
    "withhold",
]
