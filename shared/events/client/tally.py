"""Tally: what has become of the events, counted."""

import threading
from dataclasses import dataclass, field

FINAL = frozenset({"accepted", "filtered", "invalid", "duplicate"})
"""The server's verdicts after which an event is not sent again."""
LIMITED = "limited"
"""The one after which it is."""


@dataclass(frozen=True)
class Stats:
    """What has become of the events of this process so far.

    `tracked` are the calls. Of those, `queued` are in memory and `spooled` on disk; `accepted`, `filtered`, `invalid` and
    `duplicate` are the server's verdicts; `refused` were in batches that the server would not take; `dropped` were the oldest
    when memory or disk was full, or had waited too long; `failed` could not be told at all. Together they are `tracked`, as
    long as no other process shares the spool: what that one left behind is counted by who sends it.

    `limited` is how often the server put an event off, `retries` how often it did not take a batch: those wait and are sent
    again."""

    tracked: int = 0
    queued: int = 0
    spooled: int = 0
    accepted: int = 0
    filtered: int = 0
    limited: int = 0
    invalid: int = 0
    duplicate: int = 0
    refused: int = 0
    dropped: int = 0
    failed: int = 0
    retries: int = 0
    problem: str | None = None
    """What went wrong last, or why nothing is collected."""


@dataclass
class Tally:
    """Counts that several threads add to."""

    counts: dict[str, int] = field(default_factory=dict)
    problem: str | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)  # type: ignore[type-arg,unused-ignore]

    def add(self, name: str, count: int = 1) -> None:
        """Add to the count of that name."""
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + count

    def stats(self, *, queued: int, spooled: int) -> Stats:
        """The counts as they are."""
        with self.lock:
            return Stats(**self.counts, queued=queued, spooled=spooled, problem=self.problem)
