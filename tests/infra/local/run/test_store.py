"""What the Run server keeps, and for how long."""

import time
from pathlib import Path

import pytest

from infra.local.google_json import GoogleError
from infra.local.run.process import Outcome
from infra.local.run.store import Store

JOB = "projects/p/locations/l/jobs/j"


def test_completed_executions_are_forgotten_and_others_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "run.db")
    store.create_job(JOB, {})
    completed, operation = store.run(JOB, {}, task_count=1, parallelism=1, max_retries=0)
    assert store.start_next() is not None
    store.finish(completed, 0, Outcome(0, None, ""))
    waiting, _ = store.run(JOB, {}, task_count=1, parallelism=1, max_retries=0)
    assert store.forget(time.time() - 60) == []
    assert store.forget(time.time() + 60) == [completed]
    with pytest.raises(GoogleError, match="was not found"):
        store.operation(operation)
    assert [row["name"] for row in store.executions(JOB)] == [waiting]
