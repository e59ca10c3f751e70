"""Ledger: which events were taken in during the last 7 days, and with what content, so that one that comes again counts once.

A user's entries are packed into pages of Firestore, 18 bytes each: `event_ledger/{owner}` first; when that is full, the 16 pages
`event_ledger/{owner}-{first digit of the key}`, then those of two digits, and so on. Entries are never moved. A light user's
message so takes one read and one write whatever it holds; a heavy user's at most some for each event.

Nothing is locked: a page is written on condition that it is as it was read. Who comes second reads again, and decides again.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.core.clients import firestore_client

if TYPE_CHECKING:
    from google.cloud import firestore

COLLECTION = "event_ledger"
KEPT = timedelta(days=7)
"""How long an event is remembered. Pub/Sub redelivers for as long, and senders' spools are asked to send within it."""
PAGE_ENTRIES = 1024
_ENTRY = struct.Struct("<8s8sH")
"""Key, fingerprint, day of arrival."""


class Mark(NamedTuple):
    """What an event is known by: whose it is, which one of theirs (8 bytes), and what it says (8 bytes)."""

    owner: str
    key: bytes
    fingerprint: bytes


@dataclass
class _Page:
    """A page as it was read, and what is to be added. `read_at` is its version in Firestore, None if it is not there yet."""

    name: str
    entries: dict[bytes, tuple[bytes, int]]
    overflowed: bool
    day: int
    read_at: Any
    promised: int = 0
    changed: bool = False

    def promise_room(self) -> bool:
        """Keep a place for one more entry, if there is one."""
        if len(self.entries) + self.promised >= PAGE_ENTRIES:
            return False
        self.promised += 1
        return True


@dataclass
class Reading:
    """What the ledger said of some marks, and where those that are new belong. Good for one `enter` and one `write_to`."""

    day: int
    known: dict[Mark, bytes] = field(default_factory=dict)
    _pages: dict[str, _Page] = field(default_factory=dict)
    _places: dict[Mark, list[_Page]] = field(default_factory=dict)

    def fingerprint(self, mark: Mark) -> bytes | None:
        """The content that the ledger knows the mark's event by; None if it is new."""
        return self.known.get(mark)

    def enter(self, marks: Iterable[Mark]) -> None:
        """Make entries for new marks, each of which was asked for when the ledger was read."""
        for mark in marks:
            *above, page = self._places[mark]
            page.entries[mark.key] = (mark.fingerprint, self.day)
            page.changed = True
            for passed in above:
                # A page that is only passed is touched once a day: it must live as long as those below it.
                passed.changed |= not passed.overflowed or passed.day != self.day
                passed.overflowed = True

    def write_to(self, batch: "firestore.WriteBatch") -> None:
        """Write the changed pages in `batch`. Its commit fails if one of them is not as it was read (see `CONFLICTS`)."""
        client = firestore_client()
        expires = datetime.fromtimestamp((self.day + 2) * 86_400, UTC) + KEPT
        for page in self._pages.values():
            if not page.changed:
                continue
            packed = b"".join(_ENTRY.pack(key, print_, day) for key, (print_, day) in page.entries.items())
            content = {"entries": packed, "overflowed": page.overflowed, "day": self.day, "expireAt": expires}
            reference = client.collection(COLLECTION).document(page.name)
            if page.read_at is None:
                batch.create(reference, content)
            else:
                batch.update(reference, content, option=client.write_option(last_update_time=page.read_at))

    def _look_up(self, marks: Sequence[Mark]) -> None:
        """Follow each mark from page to page until it is found or the pages end, keeping the first place with room."""
        depth, waiting = 0, [(mark, list[_Page]()) for mark in dict.fromkeys(marks)]
        while waiting:
            self._load({_page_name(mark, depth) for mark, _ in waiting})
            onward = []
            for mark, passed in waiting:
                page = self._pages[_page_name(mark, depth)]
                if entry := page.entries.get(mark.key):
                    self.known[mark] = entry[0]
                    self._places.pop(mark, None)
                    continue
                passed.append(page)
                if mark not in self._places and page.promise_room():
                    self._places[mark] = list(passed)
                if page.overflowed or mark not in self._places:
                    onward.append((mark, passed))
            depth, waiting = depth + 1, onward

    def _load(self, names: set[str]) -> None:
        client = firestore_client()
        references = [client.collection(COLLECTION).document(name) for name in names - self._pages.keys()]
        for snapshot in client.get_all(references) if references else ():
            stored: dict[str, Any] = snapshot.to_dict() or {}
            horizon = self.day - KEPT.days
            entries = {
                key: (print_, day)
                for key, print_, day in _ENTRY.iter_unpack(stored.get("entries", b""))
                if day >= horizon
            }
            name, written = snapshot.reference.id, stored.get("day", self.day)
            page = _Page(name, entries, stored.get("overflowed", False), written, snapshot.update_time)
            self._pages[name] = page


def read_ledger(marks: Sequence[Mark], at: datetime) -> Reading:
    """What the ledger knows of `marks` at the moment `at`. Raises GoogleAPIError."""
    reading = Reading(int(at.timestamp() // 86_400))
    reading._look_up(marks)
    return reading


def _page_name(mark: Mark, depth: int) -> str:
    return f"{mark.owner}-{mark.key.hex()[:depth]}" if depth else mark.owner
