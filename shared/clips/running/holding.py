"""Holding: a folder that is one run's for as long as it goes on; it is free again when that ends, however it ends."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.core.errors import Conflict


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make the folder, if it is not there, and keep other runs out of it inside. On a disk without locks nobody is kept out.

    Raises Conflict when another run has it, and OSError when it cannot be made or written to."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            if not _locked(descriptor):
                detail = f"Another run is making clips in {folder}. Wait until it ends, or name another folder with -o."
                raise Conflict(detail)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Whether the lock is ours now. Raises OSError on a disk without locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
