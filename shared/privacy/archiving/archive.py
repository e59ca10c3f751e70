"""Archive: the zip. `README.txt` says what each entry is; `index.json` how many lines each has.

Documents are a line each, `{"path": …, "document": …}`, in an entry for each collection of the user's; events and what was
recommended are a line a row. Files stay where they are: `files.jsonl` has a line for each, with a link that is good for a week.
Documents of others that name the user are told by their path alone: what else is in them is not the user's. Those about the user
(how an operator is reached when on call) are told whole."""

import base64
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from shared.accounts.signing_in import find_sign_in
from shared.core.clock import now
from shared.core.links import link_to
from shared.events import run_query
from shared.privacy.documents import naming_documents, own_documents
from shared.privacy.files import own_files
from shared.privacy.places import Claim, places
from shared.privacy.subject import Subject

if TYPE_CHECKING:
    from google.cloud.firestore import DocumentSnapshot
    from google.cloud.storage import Blob

LINKS_VALID = timedelta(days=7)
_WINDOW = timedelta(days=30)
"""How much of the events is read at once."""
_EVER = timedelta(days=400)
"""Longer than events are kept."""
_AHEAD = timedelta(days=2)
_TIMEOUT = 120.0
_HERE = Path(__file__).parent

Line = dict[str, Any]


@dataclass
class _Entries:
    """What is written: an entry after the other, each line told to `on_line`."""

    zip: zipfile.ZipFile
    on_line: Callable[[], None]
    lines: dict[str, int] = field(default_factory=dict)

    def write(self, name: str, lines: Iterable[Line]) -> None:
        """An entry of JSON lines; none if there are no lines."""
        left = iter(lines)
        first = next(left, None)
        if first is None:
            return
        with self.zip.open(name, "w", force_zip64=True) as entry:
            for number, line in enumerate(_chain(first, left), 1):
                entry.write(json.dumps(line, default=_plain, ensure_ascii=False).encode() + b"\n")
                self.lines[name] = number
                self.on_line()


def write_archive(subject: Subject, file: IO[bytes], on_line: Callable[[], None] = lambda: None) -> int:
    """Write the archive of a user to `file`; how many lines it has. What changes meanwhile is in it as it was or as it is.

    Raises Unavailable; and what `on_line` raises, which is called after each line."""
    with closing(zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)) as archive:
        entries = _Entries(archive, on_line)
        entries.write("account.jsonl", (found for found in [find_sign_in(subject.user_id)] if found))
        for name, documents in groupby(own_documents(subject), _entry):
            entries.write(f"{name}.jsonl", map(_document, documents))
        for table in (name for name, place in places().tables.items() if place.claim is Claim.EVENTS):
            entries.write(f"{table}.jsonl", _rows(table, subject))
        entries.write("files.jsonl", map(_file, own_files(subject)))
        entries.write("mentions.jsonl", map(_mention, naming_documents(subject)))
        archive.writestr("index.json", json.dumps({"made": now().isoformat(), "lines": entries.lines}, indent=2))
        archive.writestr("README.txt", _readme(entries.lines))
    return sum(entries.lines.values())


def _entry(found: "DocumentSnapshot[Any]") -> str:
    """The entry that a document goes to: its collection's; for what is beneath `users/{uid}`, the one directly beneath."""
    names = found.reference.path.split("/")
    return names[2] if names[0] == "users" and len(names) > 2 else "profile" if names[0] == "users" else names[0]


def _document(found: "DocumentSnapshot[Any]") -> Line:
    return {"path": found.reference.path, "document": found.to_dict()}


def _mention(found: "DocumentSnapshot[Any]") -> Line:
    place = places().collections.get(found.reference.path.partition("/")[0])
    return _document(found) if place is not None and place.whole else {"path": found.reference.path}


def _file(blob: "Blob") -> Line:
    return {
        "bucket": blob.bucket.name,
        "name": blob.name,
        "size": blob.size,
        "contentType": blob.content_type,
        "updated": blob.updated,
        "url": link_to(blob, LINKS_VALID),
    }


def _rows(table: str, subject: Subject) -> Iterator[Line]:
    start, last = now() - _EVER, now() + _AHEAD
    named: dict[str, Any] = {
        "hashes": list(subject.hashes or ("nobody",)),
        "pattern": "|".join(subject.hashes) or "nobody",
    }
    while start < last:
        window = {**named, "start": start, "end": start + _WINDOW}
        yield from run_query(_HERE / f"{table}.sql", window, timeout=_TIMEOUT)
        start += _WINDOW


def _readme(lines: dict[str, int]) -> str:
    holds = {
        "account": "what the sign-in service knows of you",
        "profile": places().collections["users"].holds,
        "events": "operations that were told of, under a hash of your id",
        "events_rejected": "what could not be taken as an event",
        "recommendations_served": "what was recommended to you",
        "files": "your files; each link is good for a week",
        "mentions": "documents of others in which your id or address stands; how you are told of alerts",
        **{name: place.holds for name, place in places().collections.items() if place.claim is Claim.OWN},
        **places().of_users,
    }
    told = [f"{name}: {count} lines. {holds.get(name.removesuffix('.jsonl'), '')}" for name, count in lines.items()]
    return "\n".join(["All that is yours. Each line of an entry is one JSON value.", "", *told, ""])


def _plain(value: object) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return float(value) if isinstance(value, Decimal) else str(value)


def _chain(first: Line, left: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from left
