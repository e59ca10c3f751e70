"""Served: what was recommended, remembered in part, so that it can be seen whether people do it.

A row of `recommendations_served` holds the hash of the person, as events do, and operations; nothing of what they work on. Rows
are written behind the answers, and those that a dying process has not written are not missed: they are a sample anyway."""

import atexit
import logging
import queue
import random
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

from shared.core.clients import bigquery_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.patterns.recommending.histories import Person

log = logging.getLogger(__name__)

TABLE = "recommendations_served"
_MOST = 5000
"""Rows that wait at most; what comes while they are as many is not remembered."""
_ROWS = 500
"""Rows in one insert."""
_PAUSE = 2.0
_TIMEOUT = 10.0


def remember(asking: Person, platform: str | None, model: str, operations: Sequence[str]) -> None:
    """Remember, for some answers that chance picks, what was recommended to this person, the likeliest first. Never fails."""
    if random.random() < settings().recommendations_remembered:  # noqa: S311
        row = {
            "served_id": new_id(),
            "served_at": now().isoformat(),
            "user_id": asking.hash,
            "salt_version": asking.salt_version,
            "platform": platform,
            "model": model,
            "operations": list(operations),
        }
        _writer().put(row)


class _Writer:
    """Writes rows, some at a time, in a thread of its own."""

    def __init__(self) -> None:
        self._rows: queue.Queue[dict[str, Any]] = queue.Queue(_MOST)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="remember-recommendations")
        self._thread.start()
        atexit.register(self.end)

    def put(self, row: dict[str, Any]) -> None:
        try:
            self._rows.put_nowait(row)
        except queue.Full:
            log.warning("a recommendation is not remembered: too many wait to be written")

    def end(self) -> None:
        self._ended.set()
        self._thread.join(_TIMEOUT)

    def _run(self) -> None:
        while not self._ended.wait(_PAUSE):
            self._write()
        self._write()

    def _write(self) -> None:
        while not self._rows.empty():
            rows = [self._rows.get_nowait() for _ in range(min(self._rows.qsize(), _ROWS))]
            try:
                client = bigquery_client()
                table = f"{client.project}.{settings().dataset}.{TABLE}"
                refused = client.insert_rows_json(table, rows, [row["served_id"] for row in rows], timeout=_TIMEOUT)
            except Exception as error:  # Whatever it is: what is lost is a part of a sample.
                log.warning("recommendations are not remembered", extra={"fields": {"error": str(error)}})
                return
            if refused:
                log.error("recommendations are refused", extra={"fields": {"error": str(refused[0])}})


@cache
def _writer() -> _Writer:
    return _Writer()
