"""Structured logs: one JSON object a line on stdout, in the fields that Cloud Logging reads."""

import contextlib
import contextvars
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

_context: contextvars.ContextVar[dict[str, str]] = contextvars.ContextVar("log_context", default={})  # noqa: B039  (it is replaced, never changed)


class JsonFormatter(logging.Formatter):
    """severity, message, time, logger, the bound context, `extra={"fields": {...}}`, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        entry: dict[str, object] = {
            "severity": record.levelname,
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "logger": record.name,
            **_context.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def configure_logs(level: str = "INFO") -> None:
    """Send every log record of this process to stdout as JSON. Safe to call twice."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)


@contextlib.contextmanager
def log_context(**fields: str) -> Iterator[None]:
    """Add `fields` to every log line written inside (request id, trace, job)."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)
