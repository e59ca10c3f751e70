"""Partials: files as they are being written, in a hidden folder beside the place that they take when they are whole.

That folder is locked for as long as its writer lives. Whoever writes beside it next takes away those that nobody holds any
more: of a process that was killed outright.
"""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import gettempdir

from shared.media.errors import OutOfSpace, RenderFailed

_PATTERN = ".kompo-*.partial"


@contextmanager
def partials(outputs: Sequence[Path], *, lasting: bool = True) -> Iterator[dict[Path, Path]]:
    """For each output where to write it. When the block ends they take their places, all together, and are on disk;
    not `lasting`, they are where every process sees them, and a power cut may take them.

    When the block raises they are gone, and what was there before stays. Raises `OutOfSpace`, and `RenderFailed` when a
    folder cannot be written to, or there can be no file of a name."""
    for output in outputs:
        _refuse_impossible(output)
    with ExitStack() as stack:
        parents = {output.parent for output in outputs}
        sweep_partials(parents)
        folders = {parent: stack.enter_context(_locked_folder(parent.absolute())) for parent in parents}
        asides = {output: folders[output.parent] / output.name for output in outputs}
        yield asides
        publish({aside: output for output, aside in asides.items()}, lasting=lasting)


@contextmanager
def scratch(parent: Path | None = None) -> Iterator[Path]:
    """A folder in `parent`, or among the system's temporary ones, that is gone when the block ends; of a process that was killed
    outright, when another process wants one there. Raises as `partials` does."""
    place = (parent or Path(gettempdir())).absolute()
    sweep_partials([place])
    with _locked_folder(place) as folder:
        yield folder


def sweep_partials(folders: Iterable[Path]) -> None:
    """Remove what dead processes have left in these folders."""
    for folder in folders:
        for path in folder.glob(_PATTERN):
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            except OSError:  # Its writer lives, or the disk has no locks.
                continue
            finally:
                os.close(descriptor)


def publish(files: Mapping[Path, Path], *, lasting: bool = True) -> None:
    """Make finished files appear under their names; `lasting`: all once all are on disk, and there through a power cut."""
    if lasting:
        for aside in files:
            _keep(aside)
    for aside, output in files.items():
        aside.replace(output)
    if lasting:
        for parent in {output.parent for output in files.values()}:
            _keep(parent)


def _refuse_impossible(output: Path) -> None:
    """Raise `RenderFailed` when no file can be put in this place, as is else seen only when all is done."""
    try:
        taken = stat.S_ISDIR(output.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise RenderFailed(f"There can be no result of this name: {reason}. Choose another.") from error
    if taken:
        raise RenderFailed(f"{output.name} is a folder. Name a file for the result.")


def _keep(path: Path) -> None:
    """Have a file's content, or a folder's names, on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked_folder(parent: Path) -> Iterator[Path]:
    try:
        path, descriptor = _create(parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace.on_disk() from error
        reason = (error.strerror or "it cannot be opened").lower()
        raise RenderFailed(f"The folder of the result cannot be written to: {reason}. Name another.") from error
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def _create(parent: Path) -> tuple[Path, int]:
    """A new folder and the descriptor that holds its lock. One that a sweeper saw before it was locked is gone: another."""
    while True:
        path = parent / _PATTERN.replace("*", token_hex(6))
        path.mkdir(0o700)
        descriptor = -1
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            _lock(descriptor)
            path.stat()
        except FileNotFoundError:
            if descriptor >= 0:
                os.close(descriptor)
            continue
        return path, descriptor


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOLCK, errno.EBADF):
            raise
        # A disk without locks: nothing is swept there either.
