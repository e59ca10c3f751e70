"""The spool: a folder of events that are not yet answered for. Several processes share it; any of them can be killed.

A file is a list of lines, an event each. Who appends to a file or sends it holds its lock, which the system gives back
when that process dies; a line that was being written then has no end and is not read. The oldest files go first when the
folder is full, and those that have waited too long.
"""

import contextlib
import json
import os
import re
import secrets
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

try:
    import fcntl
except ImportError:  # Without locks between processes there is no spool: events then wait in memory.
    fcntl = None  # type: ignore[assignment,unused-ignore]


class Line(NamedTuple):
    """An event: whose it is, if that is to be told, its id, and the event as JSON."""

    user: str | None
    event_id: str
    text: str

    def encode(self) -> bytes:
        """The line of a file, with its end."""
        return f"{json.dumps(self.user)}\t{self.event_id}\t{self.text}\n".encode()

    @classmethod
    def decode(cls, line: bytes) -> "Line":
        """The event in the line of a file. Raises ValueError if there is none."""
        user, event_id, text = line.decode().split("\t")
        if not isinstance(json.loads(text), dict):
            raise ValueError("this is no event")
        told = json.loads(user)
        return cls(None if told is None else str(told), event_id, text)


MAX_LINES = 1_000
MAX_FILE = 1_000_000
_FILE = re.compile(r"(\d{19})-[0-9a-f]{12}\.jsonl")
_SLICE = 32
"""How many lines are read before other threads get their turn."""
_OWN, _OWN_FOLDER = 0o600, 0o700


@dataclass
class Claimed:
    """A file that this process alone may send."""

    path: Path
    handle: int
    lines: list[Line]
    torn: int
    """Lines that are no events."""

    def remove(self) -> None:
        """Every event of it is answered for, or given up."""
        self.path.unlink(missing_ok=True)


class Spool:
    """The events that wait in a folder. Every method can raise OSError, except where it says that it does not."""

    def __init__(self, folder: Path, *, most_bytes: int, most_seconds: float) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._file_bytes = max(1, min(MAX_FILE, most_bytes // 4))
        self._path: Path | None = None
        self._own: set[Path] = set()
        self._handle = -1
        self._size = self._lines = self._dropped = 0

    def append(self, waiting: "deque[Line]") -> None:
        """Put lines on disk, and take from `waiting` those that are."""
        while waiting:
            texts: list[bytes] = []
            size = self._size
            for line in islice(waiting, MAX_LINES - self._lines):
                text = line.encode()
                if size and size + len(text) > self._file_bytes:
                    break
                texts.append(text)
                size += len(text)
            if texts:
                self._write(texts, size)
                for _ in texts:
                    waiting.popleft()
            if waiting:
                self.seal()

    def seal(self) -> None:
        """Let go of the file that is being written: whoever comes next may send it. Raises nothing."""
        if self._handle >= 0:
            with contextlib.suppress(OSError):
                os.close(self._handle)
        self._path, self._handle, self._size, self._lines = None, -1, 0, 0

    def dropped(self) -> int:
        """How many events went since this was last asked: the oldest of a full folder, and those that waited too long."""
        dropped, self._dropped = self._dropped, 0
        return dropped

    def claim(self) -> Iterator[Claimed]:
        """The files that nobody writes or sends, the oldest first, each locked until the next is asked for."""
        self._trim()
        for path in self._paths():
            with self._claim(path) as claimed:
                if claimed is not None:
                    yield claimed

    def elsewhere(self) -> bool:
        """Whether another process is sending what this one has written. Raises nothing."""
        self._own = {path for path in self._own if path.exists()}
        return not self._own <= {self._path}

    def waiting(self) -> int:
        """How many events are on disk, whoever put them there. Raises nothing."""
        count = 0
        for path in self._paths():
            with contextlib.suppress(OSError):
                count += path.read_bytes().count(b"\n")
        return count

    def _paths(self) -> list[Path]:
        try:
            return sorted(path for path in self.folder.iterdir() if _FILE.fullmatch(path.name))
        except OSError:
            return []

    def _too_old(self, path: Path) -> bool:
        found = _FILE.fullmatch(path.name)
        return found is not None and time.time() - int(found[1]) / 1e9 > self._most_seconds

    def _trim(self) -> None:
        """Remove the oldest files until there is room for another, and those that are too old."""
        sizes: dict[Path, int] = {}
        for path in self._paths():
            with contextlib.suppress(FileNotFoundError):  # Another process has sent it.
                sizes[path] = path.stat().st_size
        total = sum(sizes.values())
        for path, size in sizes.items():
            if total <= self._most_bytes - self._file_bytes and not self._too_old(path):
                break
            with self._claim(path) as claimed:
                if claimed is not None:
                    claimed.remove()
                    self._dropped += len(claimed.lines)
                    total -= size

    def _open(self) -> None:
        if fcntl is None:
            raise OSError("this system has no locks between processes")
        self._trim()
        self.folder.mkdir(mode=_OWN_FOLDER, parents=True, exist_ok=True)
        path = self.folder / f"{time.time_ns():019d}-{secrets.token_hex(6)}.jsonl"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWN)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            path.unlink(missing_ok=True)
            raise
        self._path, self._handle = path, handle
        self._own.add(path)

    def _write(self, texts: list[bytes], size: int) -> None:
        if self._handle < 0:
            self._open()
        _write(self._handle, b"".join(texts), self._size)
        self._size = size
        self._lines += len(texts)

    @contextlib.contextmanager
    def _claim(self, path: Path) -> Iterator[Claimed | None]:
        """The file under its lock; None if another has it, or had it and has removed it."""
        if path == self._path:
            yield None
            return
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            yield None
            return
        try:
            yield _locked(path, handle)
        finally:
            os.close(handle)


def _locked(path: Path, handle: int) -> Claimed | None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    if os.fstat(handle).st_nlink == 0:
        return None
    lines: list[Line] = []
    torn = 0
    for count, text in enumerate(_read(handle).split(b"\n")[:-1]):
        if count % _SLICE == 0:
            time.sleep(0)
        try:
            lines.append(Line.decode(text))
        except (ValueError, RecursionError):
            torn += 1
    return Claimed(path, handle, lines, torn)


def _read(handle: int) -> bytes:
    content = b""
    while part := os.pread(handle, MAX_FILE, len(content)):
        content += part
    return content


def _write(handle: int, data: bytes, start: int) -> None:
    """Write all of `data` at `start`, or leave the file as it was and raise OSError."""
    written = 0
    try:
        while written < len(data):
            written += os.pwrite(handle, data[written:], start + written)
    except OSError:
        os.ftruncate(handle, start)
        raise
