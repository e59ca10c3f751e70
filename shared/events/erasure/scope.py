"""Scope: which events are meant: whose, from when to when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.events.query import Parameter

_LONG_AGO = timedelta(days=400)
"""Longer than events are kept."""
_AHEAD = timedelta(days=2)
"""Longer than a sender's clock may be ahead."""


@dataclass(frozen=True)
class Scope:
    """Events received before `received_before` that occurred in [start, end), as far as these are given; of whom `hashes` name,
    or, if that is None, of everybody."""

    received_before: datetime
    hashes: tuple[str, ...] | None = None
    start: datetime | None = None
    end: datetime | None = None

    def parameters(self) -> dict[str, Parameter]:
        """What the queries of this package take."""
        return {
            "everybody": self.hashes is None,
            "hashes": list(self.hashes or ("nobody",)),
            "pattern": "|".join(self.hashes or ("nobody",)),
            "start": self.start or self.received_before - _LONG_AGO,
            "end": self.end or self.received_before + _AHEAD,
            "received_before": self.received_before,
        }
