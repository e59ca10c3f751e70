"""A database in memory, behind the rules: who acts, what is there, and what they may do to it."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Protocol

from infra.local.rules import Operation, Query, Request, Ruleset, Verdict
from infra.local.rules.values import Path, Timestamp

RULES = FilePath(__file__).parents[2] / "firestore.rules"
EARLIER = Timestamp(1_700_000_000_000_000_000)
NOW = Timestamp(1_800_000_000_000_000_000)

Data = dict[str, Any]
Writes = Mapping[str, Data | None]
"""Documents by path as a batch leaves them; None deletes."""


class Decider(Protocol):
    """Rules, or what stands before them."""

    def decide(self, request: Request) -> list[Verdict]: ...


@cache
def rules() -> Ruleset:
    """The rules as they are."""
    return Ruleset(RULES.read_text())


def signed_in(uid: str, **claims: Any) -> Data:
    """`request.auth` of a user with custom claims."""
    return {"uid": uid, "token": {"sub": uid, "email": f"{uid}@example.org", **claims}}


@dataclass
class World:
    """Documents by path, and the rules in front of them."""

    documents: dict[str, Data]
    rules: Decider = field(default_factory=rules)

    def may_get(self, auth: Data | None, path: str) -> bool:
        """Whether a user may read a document."""
        return self._ask(auth, {}, Operation("get", _split(path), before=self.documents.get(path)))

    def may_list(self, auth: Data | None, query: Query) -> bool:
        """Whether a user may run a query."""
        return self._ask(auth, {}, Operation("list", query.parent, query=query))

    def may_write(self, auth: Data | None, writes: Writes) -> bool:
        """Whether a user may commit these writes in one batch."""
        return self._ask(auth, writes, *(self._operation(path, after) for path, after in writes.items()))

    def write(self, auth: Data | None, writes: Writes) -> bool:
        """Commit the writes if the user may."""
        if not self.may_write(auth, writes):
            return False
        self.documents = self._after(writes)
        return True

    def _operation(self, path: str, after: Data | None) -> Operation:
        before = self.documents.get(path)
        method = "delete" if after is None else "create" if before is None else "update"
        return Operation(method, _split(path), before, after)

    def _after(self, writes: Writes) -> dict[str, Data]:
        merged = {**self.documents, **writes}
        return {path: deepcopy(data) for path, data in merged.items() if data is not None}

    def _ask(self, auth: Data | None, writes: Writes, *operations: Operation) -> bool:
        states = {False: self.documents, True: {**self.documents, **writes}}

        def fetch(path: Path, *, after: bool) -> Data | None:
            assert path.segments[:3] == ("databases", "(default)", "documents")
            data = states[after].get("/".join(path.segments[3:]))
            return None if data is None else {"data": data, "id": path.segments[-1], "__name__": path}

        verdicts = self.rules.decide(Request(auth, NOW, operations, fetch))
        return all(verdict.allowed for verdict in verdicts)


def _split(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))
