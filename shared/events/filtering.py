"""Filtering: rows on their way whose users have opted out, or had their events erased, after the API took them in."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from shared.events.erasure.withholding import withheld_until

WITHHELD = "withheld"
_HASH = re.compile(r"[0-9a-f]{64}")


def withheld_rows(rows: Sequence[object]) -> frozenset[int]:
    """The `id()` of each row (which may be anything) that is not to be kept. Raises Unavailable."""
    sent = [(id(row), user, row.get("received_at")) for row in rows if isinstance(row, dict) and (user := _user(row))]
    until = withheld_until(user for _, user, _ in sent)
    return frozenset(row for row, user, at in sent if user in until and _is_before(at, until[user]))


def _user(row: dict[object, object]) -> str | None:
    user = row.get("user_id")
    return user if isinstance(user, str) and _HASH.fullmatch(user) else None


def _is_before(moment: object, until: datetime) -> bool:
    """Whether a row says that it was received before; one that says nothing sensible is refused elsewhere."""
    try:
        received = datetime.fromisoformat(moment) if isinstance(moment, str) else until
    except ValueError:
        return False
    return (received if received.tzinfo else received.replace(tzinfo=UTC)) < until
