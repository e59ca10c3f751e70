"""The patterns that are planted, and how often each came to be: what mining must find, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo.history.catalogue import CHANGE, Workflow, catalogue
from demo.history.session import Session

_LONGEST = 5


@dataclass(frozen=True)
class Planted:
    """A workflow's operations, one right after the other.

    `sessions` hold it, `runs` times in all, by `users`; `success_rate` is the share of runs in which every operation succeeded.
    `parameters`: for each operation the usual value of each parameter, over the whole time. `part`: between which parts of the
    whole time it is done. `gapped`: people do other things in between, more often than not."""

    name: str
    operations: tuple[str, ...]
    workflow_type: str
    parameters: tuple[dict[str, Any], ...]
    part: tuple[float, float]
    gapped: bool
    sessions: int
    runs: int
    users: int
    success_rate: float


class Tally:
    """Counts the planted patterns in sessions as they come."""

    def __init__(self) -> None:
        self._works = [work for work in catalogue().workflows if work.type and 2 <= len(work.steps) <= _LONGEST]
        self._sessions = dict.fromkeys((work.name for work in self._works), 0)
        self._runs = dict.fromkeys(self._sessions, 0)
        self._good = dict.fromkeys(self._sessions, 0)
        self._users: dict[str, set[str]] = {name: set() for name in self._sessions}

    def count(self, session: Session) -> None:
        """Count what a session holds."""
        names = tuple(name for name, _ in session.operations)
        if len(names) < 2:
            return
        for work in self._works:
            if work.steps[0] in names:
                self._count(work, names, session)

    def _count(self, work: Workflow, names: Sequence[str], session: Session) -> None:
        length = len(work.steps)
        at = [i for i in range(len(names) - length + 1) if names[i : i + length] == work.steps]
        if at:
            self._sessions[work.name] += 1
            self._runs[work.name] += len(at)
            self._good[work.name] += sum(all(good for _, good in session.operations[i : i + length]) for i in at)
            self._users[work.name].add(session.person.user_id)

    def planted(self) -> tuple[Planted, ...]:
        """What was counted, the most frequent first."""
        found = [self._planted(work) for work in self._works if self._runs[work.name]]
        return tuple(sorted(found, key=lambda each: (-each.sessions, each.name)))

    def _planted(self, work: Workflow) -> Planted:
        runs = self._runs[work.name]
        return Planted(
            name=work.name,
            operations=work.steps,
            workflow_type=work.type or "",
            parameters=tuple(_usual(work, step) for step in work.steps),
            part=(work.start, work.until),
            gapped=work.gap > 0.5,
            sessions=self._sessions[work.name],
            runs=runs,
            users=len(self._users[work.name]),
            success_rate=self._good[work.name] / runs,
        )


def _usual(work: Workflow, step: str) -> dict[str, Any]:
    """The usual parameters of a step over the whole time: what changes late is not usual."""
    usual = work.usual_at(CHANGE / 2)
    return {name: usual.get(name, value) for name, (value, _, _) in catalogue().kinds[step].parameters.items()}
