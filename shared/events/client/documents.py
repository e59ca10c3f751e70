"""Documents: what was tracked becomes an event as the API takes it. What is out of range is left out, never refused."""

import math
import re
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .scrubbing import LARGEST, scrub_message, scrub_parameters

Document = dict[str, Any]

SESSION_GAP = 600.0
MAX_SESSIONS = 10_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_FORMAT = re.compile(r"[a-z0-9][a-z0-9_-]{0,15}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_FILE_TYPES = frozenset({"video", "audio", "image", "other"})
_WEEK_MS = 7 * 86_400_000


class Tracked(NamedTuple):
    """What a call said, as it said it: nothing of it is checked yet. `at` in Unix seconds, `duration` in milliseconds."""

    at: float
    user: str
    event_type: str
    operation: object
    parameters: Mapping[str, object]
    duration: object
    success: object
    usage: Mapping[str, object]
    details: Mapping[str, object]


@dataclass
class Documents:
    """Makes the documents of a collector. With `own_sessions` each user's work gets session ids of our own, a new one after a
    gap of ten minutes: the server sees one user, and could not tell theirs apart."""

    platform: str
    own_sessions: bool
    _sessions: "OrderedDict[str, tuple[str, float]]" = field(default_factory=OrderedDict)

    def of(self, tracked: Tracked) -> Document:
        """The event, under a new id that it keeps however often it is sent."""
        operation = _operation(tracked)
        metrics = _metrics(tracked)
        context = _context(tracked.details)
        if self.own_sessions and "sessionId" not in context:
            context["sessionId"] = self._session(tracked)
        return {
            "eventId": str(uuid.uuid4()),
            "timestamp": datetime.fromtimestamp(tracked.at, UTC).isoformat(),
            "schemaVersion": "1",
            "platform": self.platform,
            "eventType": tracked.event_type,
            "operation": operation,
            **({"metrics": metrics} if metrics else {}),
            **({"context": context} if context else {}),
        }

    def _session(self, tracked: Tracked) -> str:
        session, last = self._sessions.pop(tracked.user, ("", 0.0))
        started = tracked.at - (_number(tracked.duration, _WEEK_MS) or 0.0) / 1000
        if not session or started - last > SESSION_GAP:
            session = str(uuid.uuid4())
        self._sessions[tracked.user] = session, tracked.at
        while len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)
        return session


def name_of(said: object) -> str:
    """An operation's name as the API takes it: lower case, `_` for all that is neither letter nor digit."""
    text = re.sub(r"[^a-z0-9]+", "_", str(said)[:128].lower()).strip("_")
    text = text if text[:1].isalpha() else f"op_{text}"
    return text[:64] if _NAME.fullmatch(text[:64]) else "unknown"


def is_identifier(text: str) -> bool:
    """Whether the API takes this for an id."""
    return _IDENTIFIER.fullmatch(text) is not None


def _operation(tracked: Tracked) -> Document:
    said = tracked.details
    file_type = said.get("source_file_type")
    size = _whole(said.get("file_size"), LARGEST)
    told: Document = {
        "type": name_of(tracked.operation),
        "parameters": scrub_parameters(tracked.parameters) or None,
        "inputFormat": _format(said.get("input_format")),
        "outputFormat": _format(said.get("output_format")),
        "sourceFileType": file_type if isinstance(file_type, str) and file_type in _FILE_TYPES else None,
        "fileSize": size,
        "fileSizeCategory": _category(size),
        "outputSize": _whole(said.get("output_size"), LARGEST),
    }
    operations = said.get("operations")
    if isinstance(operations, list):
        told["parameters"] = {**(told["parameters"] or {}), "operations": [name_of(each) for each in operations]}
    return _without_nothing(told)


def _metrics(tracked: Tracked) -> Document:
    used, said = tracked.usage, tracked.details
    message = said.get("error_message")
    return _without_nothing(
        {
            "success": tracked.success if isinstance(tracked.success, bool) else None,
            "processingTime": _number(tracked.duration, _WEEK_MS),
            "errorCode": _matching(_CODE, said.get("error_code")),
            "errorMessage": scrub_message(message) if isinstance(message, str) and message else None,
            "cpuUsage": _number(used.get("cpu"), 100_000),
            "memoryUsage": _number(used.get("memory"), 100_000_000),
            "diskOperations": _whole(used.get("disk"), LARGEST),
            "gpuUsage": _number(used.get("gpu"), 100),
        }
    )


def _context(said: Mapping[str, object]) -> Document:
    kind = said.get("workflow_type")
    return _without_nothing(
        {
            "workflowType": name_of(kind) if isinstance(kind, str) and kind else None,
            "workflowId": _matching(_IDENTIFIER, said.get("workflow_id")),
            "sequencePosition": _whole(said.get("sequence_position"), 100_000),
            "batchSize": _whole(said.get("batch_size"), 100_000) or None,
            "sessionId": _matching(_IDENTIFIER, said.get("session_id")),
        }
    )


def _without_nothing(told: Document) -> Document:
    return {name: value for name, value in told.items() if value is not None}


def _number(value: object, most: float) -> float | None:
    """A number from 0 to `most`, or None: a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and 0 <= value <= most else None


def _whole(value: object, most: int) -> int | None:
    number = _number(value, most)
    return None if number is None else int(number)


def _matching(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _format(value: object) -> str | None:
    return _matching(_FORMAT, value.lower().removeprefix(".")) if isinstance(value, str) else None


def _category(size: int | None) -> str | None:
    if size is None:
        return None
    return "small" if size < 10_000_000 else "medium" if size < 100_000_000 else "large"
