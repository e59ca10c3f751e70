"""The database: group commits, one piece of work's failure, and a full disk."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from infra.local.pubsub.database import Database
from tests.infra.local.pubsub.test_retention import Engine, on_engine


def on_database(folder: Path, steps: Callable[[Database], Awaitable[None]]) -> None:
    """Run `steps` on a database in `folder`."""

    async def run() -> None:
        database = Database(folder)
        try:
            await steps(database)
        finally:
            database.close()

    asyncio.run(run())


def insert(number: int) -> Callable[[sqlite3.Connection], int]:
    """Work that adds a topic of that id (twice the same fails) and gives the id back."""

    def work(db: sqlite3.Connection) -> int:
        db.execute("INSERT INTO topics VALUES (?, ?, x'')", (number, f"topic-{number}"))
        return number

    return work


def test_work_is_done_and_told_in_order(tmp_path: Path) -> None:
    told: list[int] = []

    async def steps(database: Database) -> None:
        results = await asyncio.gather(*(database.submit(insert(number), told.append) for number in range(1500)))
        assert results == told == list(range(1500))

    on_database(tmp_path, steps)


def test_a_failure_undoes_only_its_own_work(tmp_path: Path) -> None:
    async def steps(database: Database) -> None:
        numbers = [1, 2, 2, 3]
        results = await asyncio.gather(*(database.submit(insert(n)) for n in numbers), return_exceptions=True)
        assert [results[0], results[1], results[3]] == [1, 2, 3]
        assert isinstance(results[2], sqlite3.IntegrityError)
        assert database.rows("SELECT id FROM topics") == [(1,), (2,), (3,)]

    on_database(tmp_path, steps)


def test_what_follows_a_commit_happens_even_if_nobody_waits_any_more(tmp_path: Path) -> None:
    async def steps(database: Database) -> None:
        told: list[int] = []
        given_up = database.submit(insert(1), told.append)
        given_up.cancel()
        await database.submit(insert(2), told.append)
        assert told == [1, 2]

    on_database(tmp_path, steps)


def test_a_full_disk_refuses_messages_and_loses_none(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        subscription = await engine.subscribe()
        await engine.publish(10)
        database = engine.broker.database
        await database.submit(lambda db: db.execute("PRAGMA max_page_count = 20").fetchall())
        with pytest.raises(sqlite3.OperationalError, match="full"):
            for _ in range(100):
                await engine.publish(100)
        delivered = len(subscription.backlog.pending)
        assert engine.kept() == delivered
        await database.submit(lambda db: db.execute("PRAGMA max_page_count = 100000").fetchall())
        await engine.publish(10)
        assert engine.kept() == len(subscription.backlog.pending) == delivered + 10

    on_engine(tmp_path, steps)
