"""Senders, API, function and what they stand on are killed at random: no event is lost, none is counted twice.

`KOMPO_KILL_EVENTS=100000` sends as many; the default is what a test can wait for."""

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest

from shared.core.clients import bigquery_client
from shared.events import hash_user
from shared.insights import aggregate_metrics
from tests.api import User, sign_up
from tests.cloud import ROOT, RunningCloud, local_cloud, wait_for
from tests.functions.event_sender import progress
from tests.shared.events.counting import counted

EVENTS = int(os.environ.get("KOMPO_KILL_EVENTS", "2000"))
KILLS = max(8, EVENTS // 1000)
DUPLICATES = 0.02
SENDERS = 2
SERVERS = ("pubsub", "firestore", "bigquery")
PAUSE = (0.2, 1.0)
"""Seconds between two kills."""
log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def cloud() -> Iterator[RunningCloud]:
    """A cloud of its own, whose users may send without end."""
    with (
        local_cloud(KOMPO_REQUESTS_PER_MINUTE="10000000", KOMPO_EVENTS_PER_MINUTE="10000000") as running,
        running.applied(),
    ):
        yield running


@dataclass
class Sender:
    """A sender process, started again whenever it has died before the end of its file."""

    cloud: RunningCloud
    user: User
    file: Path
    total: int
    kills: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def done(self) -> bool:
        """Whether all was answered for. Starts the process if there is none."""
        if progress(self.file) == self.total:
            if self.process is not None:
                self.process.wait(timeout=30)
            return True
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, "-m", "tests.functions.event_sender", self.cloud.url, self.user.token, self.file]
            self.process = subprocess.Popen(command, cwd=ROOT)
        return False

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            self.kills += 1


def make_event(chance: random.Random, kind: str, now: datetime) -> dict[str, Any]:
    return {
        "eventId": str(uuid4()),
        "timestamp": (now - timedelta(seconds=chance.uniform(0, 7200))).isoformat(),
        "platform": "mcp",
        "eventType": "operation",
        "operation": {"type": kind, "parameters": {"start": chance.random()}},
        "metrics": {"success": True, "processingTime": 10.0},
    }


def write_events(file: Path, chance: random.Random, count: int, now: datetime) -> tuple[set[str], int]:
    """Write events in no order, some of them twice. Their ids, and how many lines there are."""
    events = [make_event(chance, f"kind_{number % 7}", now) for number in range(count)]
    lines = [*events, *chance.sample(events, round(count * DUPLICATES))]
    chance.shuffle(lines)
    file.write_text("".join(json.dumps(event) + "\n" for event in lines))
    return {event["eventId"] for event in events}, len(lines)


def victims(chance: random.Random) -> Iterator[str]:
    """KILLS times what to kill: a sender, a worker of API and function, all of them, or a server below them."""
    for _ in range(0, KILLS, 4):
        yield from chance.sample(["sender", "worker", "functions", chance.choice(SERVERS)], 4)


def kill(what: str, cloud: RunningCloud, senders: list[Sender], chance: random.Random) -> None:
    if what == "sender":
        chance.choice(senders).kill()
    elif what == "worker":
        workers = psutil.Process(cloud.server("functions")["pid"]).children()
        if workers:
            os.kill(chance.choice(workers).pid, signal.SIGKILL)
    else:
        cloud.kill(what)


def counted_rows(user: User) -> tuple[int, set[str]]:
    """The user's events as every query sees them: how many, and their ids."""
    view = (ROOT / "shared/events/deduplicated_events.sql").read_text().replace("@start", "'2020-01-01'")
    sql = f"SELECT event_id FROM ({view.replace('@end', 'TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)')}) "
    sql = sql.replace("FROM events", "FROM kompo.events") + f"WHERE user_id = '{hash_user(user.uid)}'"
    ids = [row["event_id"] for row in bigquery_client().query_and_wait(sql)]
    return len(ids), set(ids)


def hourly_events(since: datetime) -> float:
    sql = (
        "SELECT SUM(value) FROM kompo.metrics_hourly "
        f"WHERE kpi = 'events' AND label = '' AND hour >= '{since.isoformat()}'"
    )
    [[value]] = [list(row.values()) for row in bigquery_client().query_and_wait(sql)]
    return float(value or 0)


@pytest.mark.timeout(1800)
def test_whatever_is_killed_every_event_counts_once(cloud: RunningCloud, tmp_path: Path) -> None:
    chance, now = random.Random(6), datetime.now(UTC)
    senders: list[Sender] = []
    told: list[set[str]] = []
    for number in range(SENDERS):
        ids, lines = write_events(tmp_path / f"{number}.jsonl", chance, EVENTS // SENDERS, now)
        senders.append(Sender(cloud, sign_up(cloud), tmp_path / f"{number}.jsonl", lines))
        told.append(ids)
    killed = Counter[str]()
    plan = victims(chance)
    with counted() as grown:
        while sum(not sender.done() for sender in senders):
            time.sleep(chance.uniform(*PAUSE))
            if what := next(plan, None):
                kill(what, cloud, senders, chance)
                killed[what] += 1
        for sender, ids in zip(senders, told, strict=True):
            wait_for(
                lambda s=sender, i=ids: len(counted_rows(s.user)[1]) >= len(i), "all arrived", seconds=150, pause=0.5
            )
        wait_for(lambda: not waiting(cloud), "no message is left", seconds=300, pause=0.5)
    rows = [counted_rows(sender.user) for sender in senders]
    assert rows == [(len(ids), ids) for ids in told]
    assert grown["accepted"] == grown["operations"] == sum(map(len, told))
    assert grown["invalid"] == 0
    aggregate_metrics(datetime.now(UTC))
    assert hourly_events(now - timedelta(hours=4)) == sum(map(len, told))
    log.info("%d events, killed %s, %d duplicates met in ingest", EVENTS, dict(killed), grown["duplicate"])


def waiting(cloud: RunningCloud) -> int:
    """Messages that the function has not acknowledged."""
    import sqlite3

    with sqlite3.connect(f"file:{cloud.data / 'pubsub' / 'pubsub.sqlite3'}?mode=ro", uri=True) as kept:
        sql = (
            "SELECT COUNT(*) FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id "
            "WHERE acked = 0 AND name LIKE '%/ingest-events'"
        )
        return int(kept.execute(sql).fetchone()[0])
