"""Which rules are in force: those that a project was given while the server ran, or those of the suite for all others."""

import logging
import os
import re
import threading
from pathlib import Path

from infra.local.firestore.authorization import Access, Authorizer, Caller, DenyUsers, Reader
from infra.local.firestore.errors import InvalidArgument

_PROJECT = re.compile(r"[a-z0-9][a-z0-9:.-]{0,62}", re.IGNORECASE)
_LOG = logging.getLogger(__name__)


class Rulebook:
    """Keeps the rules that projects were given in `folder`, so that a restart changes nothing; other projects have those in the
    file `default`. Satisfies Authorizer. Rules are loaded when the first end user comes: they would cost every start 0.2 s."""

    def __init__(self, folder: Path, default: Path) -> None:
        self._folder = folder
        self._default = default
        self._replaced = {file.stem for file in folder.glob("*.rules")}
        self._authorizers: dict[Path, Authorizer] = {}
        self._lock = threading.Lock()

    def authorize(self, caller: Caller, accesses: list[Access], before: Reader, after: Reader) -> None:
        """Ask the rules of the project. Raises PermissionDenied."""
        project = accesses[0].database.split("/")[1] if accesses else ""
        file = self._file(project) if project in self._replaced else self._default
        self._authorizer(file).authorize(caller, accesses, before, after)

    def replace(self, project: str, source: str) -> None:
        """From now on these rules count for `project`. Raises InvalidArgument that says where they are wrong."""
        from infra.local.rules import InvalidRules, Ruleset

        if not _PROJECT.fullmatch(project):
            raise InvalidArgument(f'"{project}" is no project id.')
        try:
            Ruleset(source)
        except InvalidRules as error:
            raise InvalidArgument(f"The rules are not valid.\n{error}") from None
        with self._lock:
            self._folder.mkdir(exist_ok=True)
            _write(self._file(project), source)
            self._replaced.add(project)

    def _authorizer(self, file: Path) -> Authorizer:
        with self._lock:
            if file not in self._authorizers:
                loaded = _load(file)
                if loaded is None:
                    return DenyUsers()
                self._authorizers[file] = loaded
            return self._authorizers[file]

    def _file(self, project: str) -> Path:
        return self._folder / f"{project}.rules"


def _load(file: Path) -> Authorizer | None:
    """The rules in a file, or None, with the reason in the log, while they are missing or not valid."""
    from infra.local.firestore.rules_authorizer import RulesAuthorizer
    from infra.local.rules import InvalidRules

    try:
        return RulesAuthorizer(file)
    except (OSError, InvalidRules) as error:
        _LOG.error("Nobody but administrators is let in, for want of rules. %s: %s", file, error)
        return None


def _write(path: Path, text: str) -> None:
    """The file has all of the text or what it had before, also after a power cut."""
    aside = path.with_suffix(".tmp")
    with aside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
