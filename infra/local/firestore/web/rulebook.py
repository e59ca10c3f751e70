"""Which rules are in force: those that a project was given while the server ran, or the default for all others."""

import os
import re
import threading
from pathlib import Path

from infra.local.firestore.authorization import Access, Authorizer, Caller, Reader
from infra.local.firestore.errors import InvalidArgument

_PROJECT = re.compile(r"[a-z0-9][a-z0-9:.-]{0,62}", re.IGNORECASE)


class Rulebook:
    """Keeps the rules that projects were given in `folder`, so that a restart changes nothing. Satisfies Authorizer."""

    def __init__(self, folder: Path, default: Authorizer) -> None:
        self._folder = folder
        self._default = default
        self._replaced = {file.stem for file in folder.glob("*.rules")}
        self._authorizers: dict[str, Authorizer] = {}
        self._lock = threading.Lock()

    def authorize(self, caller: Caller, accesses: list[Access], before: Reader, after: Reader) -> None:
        """Ask the rules of the project. Raises PermissionDenied."""
        project = accesses[0].database.split("/")[1] if accesses else ""
        self._authorizer(project).authorize(caller, accesses, before, after)

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

    def _authorizer(self, project: str) -> Authorizer:
        if project not in self._replaced:
            return self._default
        with self._lock:
            if project not in self._authorizers:
                from infra.local.rules.authorizer import RulesAuthorizer  # only now: it costs a start 0.2 s

                self._authorizers[project] = RulesAuthorizer(self._file(project))
        return self._authorizers[project]

    def _file(self, project: str) -> Path:
        return self._folder / f"{project}.rules"


def _write(path: Path, text: str) -> None:
    """The file has all of the text or what it had before, also after a power cut."""
    aside = path.with_suffix(".tmp")
    with aside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
