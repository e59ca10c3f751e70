"""Jobs, executions, tasks and operations as the Admin API writes them."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from infra.local.google_json import Json, rfc3339
from infra.local.run.store import Store

_TYPE = "type.googleapis.com/google.cloud.run.v2"
_STATES = {
    "pending": "CONDITION_PENDING",
    "running": "CONDITION_RECONCILING",
    "succeeded": "CONDITION_SUCCEEDED",
    "failed": "CONDITION_FAILED",
    "cancelled": "CONDITION_FAILED",
}
_STATUSES = {
    "pending": "EXECUTION_PENDING",
    "running": "EXECUTION_RUNNING",
    "succeeded": "EXECUTION_SUCCEEDED",
    "failed": "EXECUTION_FAILED",
    "cancelled": "EXECUTION_CANCELLED",
}
_UNKNOWN = 2
_CANCELLED = 1


class Resources:
    """Writes what a store holds as JSON; `base_url` is where this server answers."""

    def __init__(self, store: Store, base_url: str) -> None:
        self._store = store
        self._base_url = base_url

    def job(self, name: str) -> Json:
        """A `Job`. Raises GoogleError NOT_FOUND."""
        row = self._store.job(name)
        latest = self._store.latest_execution(name)
        generation = str(row["generation"])
        body: Json = json.loads(row["body"])
        job = body | {
            "name": name,
            "uid": row["uid"],
            "generation": generation,
            "observedGeneration": generation,
            "createTime": rfc3339(row["created"]),
            "updateTime": rfc3339(row["updated"]),
            "launchStage": "GA",
            "terminalCondition": _condition("Ready", "CONDITION_SUCCEEDED", row["updated"]),
            "executionCount": row["executions"],
            "etag": _etag(row["uid"], generation),
        }
        return job | ({"latestCreatedExecution": self._reference(latest)} if latest else {})

    def _reference(self, row: sqlite3.Row) -> Json:
        state = _execution_state(row, self._store.counts(row["name"]))
        return {
            "name": row["name"].rpartition("/")[2],
            "createTime": rfc3339(row["created"]),
            **_time("completionTime", row["completed"]),
            "completionStatus": _STATUSES[state],
        }

    def execution(self, name: str) -> Json:
        """An `Execution`. Raises GoogleError NOT_FOUND."""
        row = self._store.execution(name)
        counts = self._store.counts(name)
        state = _execution_state(row, counts)
        return {
            "name": name,
            "uid": row["uid"],
            "generation": "1",
            "observedGeneration": "1",
            "createTime": rfc3339(row["created"]),
            **_time("startTime", row["started"]),
            **_time("completionTime", row["completed"]),
            "updateTime": rfc3339(row["updated"]),
            "launchStage": "GA",
            "job": row["job"].rpartition("/")[2],
            "parallelism": row["parallelism"],
            "taskCount": row["task_count"],
            "template": json.loads(row["template"]),
            "reconciling": row["completed"] is None,
            "conditions": _execution_conditions(row, state, counts),
            "runningCount": counts.get("running", 0),
            "succeededCount": counts.get("succeeded", 0),
            "failedCount": counts.get("failed", 0),
            "cancelledCount": counts.get("cancelled", 0),
            "retriedCount": counts["retried"],
            "logUri": self._log_uri(name),
            "etag": _etag(row["uid"], row["updated"]),
        }

    def task(self, row: sqlite3.Row) -> Json:
        """A `Task`."""
        execution = self._store.execution(row["execution"])
        template: Json = json.loads(execution["template"])
        attempt = {"lastAttemptResult": _attempt_result(row)} if row["message"] or row["exit_code"] == 0 else {}
        completed = _condition("Completed", _STATES[row["state"]], row["updated"], row["message"])
        return {
            "name": f"{row['execution']}/tasks/{row['execution'].rpartition('/')[2]}-task{row['number']}",
            "uid": row["uid"],
            "generation": "1",
            "observedGeneration": "1",
            "createTime": rfc3339(execution["created"]),
            "scheduledTime": rfc3339(execution["created"]),
            **_time("startTime", row["started"]),
            **_time("completionTime", row["completed"]),
            "updateTime": rfc3339(row["updated"]),
            "job": execution["job"].rpartition("/")[2],
            "execution": execution["name"].rpartition("/")[2],
            "containers": template["containers"],
            "maxRetries": execution["max_retries"],
            "timeout": template["timeout"],
            "reconciling": row["completed"] is None,
            "conditions": [completed],
            "index": row["number"],
            "retried": max(0, row["attempts"] - 1),
            **attempt,
            "logUri": f"{self._log_uri(row['execution'])}?task={row['number']}",
            "etag": _etag(row["uid"], row["updated"]),
        }

    def operation(self, name: str) -> Json:
        """An `Operation`; one that waits for an execution shows it as metadata. Raises GoogleError NOT_FOUND."""
        row = self._store.operation(name)
        if row["response"] is not None:
            return {"name": name, "done": True, **json.loads(row["response"])}
        execution = packed("Execution", self.execution(row["execution"]))
        done = "completionTime" in execution
        return {"name": name, "metadata": execution, "done": done} | ({"response": execution} if done else {})

    def _log_uri(self, execution: str) -> str:
        return f"{self._base_url}/logs/{execution}"


def packed(kind: str, resource: Json) -> Json:
    """A resource as the `Any` of an operation."""
    return {"@type": f"{_TYPE}.{kind}", **resource}


def _etag(*parts: object) -> str:
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def _time(key: str, seconds: float | None) -> Json:
    return {} if seconds is None else {key: rfc3339(seconds)}


def _condition(kind: str, state: str, since: float, message: str = "", **reason: str) -> Json:
    condition: dict[str, Any] = {"type": kind, "state": state, "lastTransitionTime": rfc3339(since), **reason}
    return condition | ({"message": message} if message else {})


def _execution_state(row: sqlite3.Row, counts: Mapping[str, int]) -> str:
    if row["completed"] is None:
        return "pending" if row["started"] is None else "running"
    if counts.get("succeeded", 0) == row["task_count"]:
        return "succeeded"
    return "failed" if row["cancelled"] is None else "cancelled"


def _execution_conditions(row: sqlite3.Row, state: str, counts: Mapping[str, int]) -> list[Json]:
    reason, message = {}, ""
    if state == "cancelled":
        reason, message = {"executionReason": "CANCELLED"}, "The execution was cancelled."
    elif state == "failed":
        reason = {"executionReason": "NON_ZERO_EXIT_CODE"}
        message = f"{counts.get('failed', 0)} of {row['task_count']} tasks failed."
    elif row["cancelled"] is not None:
        reason = {"executionReason": "CANCELLING"}
    started = row["started"]
    return [
        _condition("Completed", _STATES[state], row["updated"], message, **reason),
        _condition("ResourcesAvailable", "CONDITION_SUCCEEDED", row["created"]),
        _condition(
            "Started", "CONDITION_PENDING" if started is None else "CONDITION_SUCCEEDED", started or row["created"]
        ),
    ]


def _attempt_result(row: sqlite3.Row) -> Json:
    if not row["message"]:
        return {"status": {}, "exitCode": 0}
    ended = {"exitCode": row["exit_code"], "termSignal": row["term_signal"]}
    code = _CANCELLED if row["state"] == "cancelled" else _UNKNOWN
    status = {"code": code, "message": row["message"]}
    return {"status": status, **{key: value for key, value in ended.items() if value is not None}}
