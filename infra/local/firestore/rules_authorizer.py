"""RulesAuthorizer: how the Firestore server asks the rules."""

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path as FilePath

from infra.local.rules.abstract import Abstract
from infra.local.rules.errors import EvaluationError, InvalidRules, LimitExceeded
from infra.local.rules.ruleset import Finding, Request, Ruleset, Verdict
from infra.local.rules.values import Path, Timestamp, Value

from .authorization import Access, Caller, Method, Reader
from .errors import PermissionDenied
from .rules_adapter import Contents, to_auth, to_name, to_operation, to_timestamp

log = logging.getLogger(__name__)

_DENIED = "Missing or insufficient permissions."


class RulesAuthorizer:
    """Decides by the rules in a file, for end users. Satisfies infra.local.firestore.authorization.Authorizer.

    A change of the file counts from the next request on; a change for the worse is logged, and the rules before it stay.
    Raises InvalidRules when made from a file with problems. Safe to use from many threads."""

    def __init__(self, file: FilePath) -> None:
        self._file = file
        self._changed = file.stat().st_mtime_ns
        self._rules = Ruleset(file.read_text())
        self._lock = threading.Lock()

    def authorize(self, caller: Caller, accesses: list[Access], before: Reader, after: Reader) -> None:
        """Return if the rules allow all of the accesses. Raises PermissionDenied that names the first that they do not."""
        if not accesses:
            return
        if any(access.method is Method.LIST and access.query is None for access in accesses):
            raise PermissionDenied(f"{_DENIED} Only administrators may list collections.")
        rules = self.rules
        database = accesses[0].database
        contents = Contents()
        readers = {False: before, True: after}

        def fetch(path: Path, *, after: bool) -> dict[str, Value] | None:
            name = to_name(path, database)
            data = contents.of(readers[after](name))
            return None if data is None else {"data": data, "id": name.id, "__name__": path}

        request = Request(
            auth=to_auth(caller),
            time=request_time(accesses),
            operations=tuple(to_operation(access, contents) for access in accesses),
            fetch=fetch,
            database=database.rpartition("/")[2],
        )
        try:
            verdicts = rules.decide(request)
        except LimitExceeded as limit:
            raise PermissionDenied(f"{_DENIED} {limit}") from None
        for access, verdict in zip(accesses, verdicts, strict=True):
            if not verdict.allowed:
                raise PermissionDenied(denial(access.method.value, verdict))

    @property
    def rules(self) -> Ruleset:
        """The rules in force; they are read again if the file has changed."""
        try:
            changed = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return self._rules
        if changed != self._changed:
            with self._lock:
                self._reload(changed)
        return self._rules

    def _reload(self, changed: int) -> None:
        if changed == self._changed:
            return
        self._changed = changed
        try:
            self._rules = Ruleset(self._file.read_text())
        except (InvalidRules, OSError) as error:
            log.warning("%s is not valid; the rules before it stay in force:\n%s", self._file, error)


def request_time(accesses: Sequence[Access]) -> Timestamp:
    """When a request was made: for writes the time of the commit, which server timestamps equal."""
    for access in accesses:
        before, written = access.before, access.after
        if written is None or access.method not in (Method.CREATE, Method.UPDATE):
            continue
        if before is None or before.update_time != written.update_time:
            return to_timestamp(written.update_time)
    return Timestamp(time.time_ns() // 1000 * 1000)


def denial(method: str, verdict: Verdict) -> str:
    """Google's sentence, and what each clause said, as its emulator tells it: `false for 'get' @ L5`."""
    reasons = (
        f"{_reason(finding)} for '{method}' @ L{finding.allow.span.position.line}" for finding in verdict.findings
    )
    return f"{_DENIED} {', '.join(reasons) or f'No allow statement is for {method} here'}."


def _reason(finding: Finding) -> str:
    match finding.outcome:
        case EvaluationError() as error:
            return str(error).rstrip(".")
        case Abstract():
            return "not proven by the query's filters"
    return "false"
