"""Anonymous: models learn what at least five people have run, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.events import K_ANONYMITY
from shared.patterns.recommending.session import Session

LONGEST = 8
"""Operations in a part of a session, at most."""


@dataclass(frozen=True)
class Told:
    """Sessions in which just these operations were run, and by whom: up to five hashes for each salt they are made with."""

    operations: tuple[str, ...]
    count: int
    users: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> "Told":
        """The sessions of a row of `sessions.sql`."""
        users = {row["salt_version"] or "": frozenset(row["users"].split())}
        return cls(tuple(row["operations"].split()), row["sessions"], users)


def anonymous(told: Sequence[Told]) -> list[Session]:
    """The parts of these sessions that at least K_ANONYMITY people have run each as a whole, of up to LONGEST operations.

    A part that follows another begins with as much of it as people shared, as context that is known already: so each operation is
    told of once, behind the longest context that is nobody's own."""
    shared = _shared(told)
    return [part for each in told for part in _parts(each, shared)]


def _shared(told: Sequence[Told]) -> set[tuple[str, ...]]:
    """Every run of operations that at least K_ANONYMITY people share, counted under one salt: there a hash is a person."""
    shared: set[tuple[str, ...]] = set()
    for length in range(1, LONGEST + 1):
        users: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for each in told:
            for run in set(_runs(each.operations, length)):
                if length == 1 or (run[1:] in shared and run[:-1] in shared):
                    for salt, hashes in each.users.items():
                        users[run][salt] |= hashes
        found = {run for run, by_salt in users.items() if max(map(len, by_salt.values()), default=0) >= K_ANONYMITY}
        if not found:
            break
        shared |= found
    return shared


def _runs(operations: tuple[str, ...], length: int) -> Iterable[tuple[str, ...]]:
    return (operations[start : start + length] for start in range(len(operations) - length + 1))


def _parts(told: Told, shared: set[tuple[str, ...]]) -> Iterator[Session]:
    operations = told.operations
    start, known, end = 0, 0, 0
    while end < len(operations):
        if operations[start : end + 1] in shared:
            end += 1
            continue
        if end > start + known:
            yield Session(operations[start:end], told.count, known, begins=start == 0)
        start = next((later for later in range(start + 1, end + 1) if operations[later : end + 1] in shared), end + 1)
        known = max(end - start, 0)
        end = max(start, end)
    if end > start + known:
        yield Session(operations[start:end], told.count, known, begins=start == 0)
