"""The collector: what a program calls. No call waits, and none of those that track raises."""

import contextlib
import logging
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .configuration import Configuration
from .documents import Tracked
from .measuring import Measured, measured
from .scrubbing import READ_OF_MESSAGE, copy_parameters
from .shipper import Shipper
from .tally import Stats

log = logging.getLogger("kompo_events")

F = TypeVar("F", bound=Callable[..., Any])
UserOf = str | Callable[..., str]

MAX_SEQUENCE = 16
_NOTHING: dict[str, object] = {}


class AnalyticsCollector:
    """Collects what one program does; make one and keep it.

    Settings are those of `Configuration`, by name; what is not given comes from the environment. Without an endpoint, or with
    `ANALYTICS_ENABLED=false`, every call does nothing: no thread, no file, no request."""

    def __init__(self, configuration: Configuration | None = None, **settings: Any) -> None:
        self.configuration = configuration or Configuration.of(settings)
        self.problem = self.configuration.problem
        self._shipper = None if self.problem else Shipper(self.configuration)
        if self._shipper is not None:
            weakref.finalize(self, self._shipper.retire).atexit = False
        elif self.configuration.enabled:
            log.warning("no events are collected: %s", self.problem)

    def track_operation(
        self,
        user_id: str,
        operation: str,
        parameters: Mapping[str, Any] | None,
        duration: float,
        success: bool,
        resource_usage: Mapping[str, Any] | None = None,
        **details: Any,
    ) -> None:
        """An operation has ended. `duration` in milliseconds; `resource_usage` has any of `cpu` (percent of one core),
        `memory` (MB at the peak), `disk` (reads and writes) and `gpu` (percent).

        `details` are any of `input_format`, `output_format`, `source_file_type` (video, audio, image, other), `file_size` and
        `output_size` (bytes), `error_code`, `error_message`, `workflow_type`, `workflow_id`, `sequence_position` (0-based),
        `batch_size` and `session_id`; others are left out."""
        if self._shipper is not None:
            self._put(user_id, "operation", operation, parameters, duration, success, resource_usage, details)

    def track_workflow(
        self,
        user_id: str,
        workflow_sequence: Sequence[str],
        total_duration: float,
        success_rate: float,
        **details: Any,
    ) -> None:
        """A workflow has ended: its operations in order (the first sixteen are told), milliseconds in all, and the share of
        them that succeeded, 0 to 1. `details` as for an operation."""
        if self._shipper is None:
            return
        with contextlib.suppress(Exception):
            sequence = [str(each)[:64] for each in workflow_sequence[:MAX_SEQUENCE]]
            details = {"batch_size": len(workflow_sequence), **details, "operations": sequence}
            told = {"success_rate": success_rate}
            self._put(user_id, "workflow", "workflow", told, total_duration, success_rate >= 1, None, details)
            return
        self._shipper.failed()

    def measure(
        self, user_id: str, operation: str, parameters: Mapping[str, Any] | None = None, **details: Any
    ) -> Measured:
        """A context manager, for `with` and `async with`, that times its block and tells of it as an operation."""
        copied: dict[str, Any] = {}
        with contextlib.suppress(Exception):
            copied = copy_parameters(parameters)
        return Measured(self.track_operation, user_id, operation, copied, details)

    def measured(
        self,
        operation: str | None = None,
        *,
        user_id: UserOf = "",
        parameters: Mapping[str, Any] | Callable[..., Mapping[str, Any]] | None = None,
        **details: Any,
    ) -> Callable[[F], F]:
        """A decorator: every call of the function, or coroutine function, is an operation, by default of the function's name.

        `user_id` and `parameters` are what they are, or are called with the function's arguments. Without `parameters` the
        function's named arguments are taken."""

        def decorate(function: F) -> F:
            name = str(operation or getattr(function, "__name__", "unknown"))

            def begin(arguments: tuple[Any, ...], named: dict[str, Any]) -> Measured:
                user: Any = user_id
                told: Any = named if parameters is None else parameters
                with contextlib.suppress(Exception):
                    user = user_id(*arguments, **named) if callable(user_id) else user_id
                    told = parameters(*arguments, **named) if callable(parameters) else told
                return self.measure(user, name, told, **details)

            return measured(begin)(function)

        return decorate

    def flush(self, timeout: float = 5.0) -> bool:
        """Send now what there is, and wait for it for so many seconds. Whether the server has answered for all of it."""
        return self._shipper is None or self._shipper.flush(timeout)

    def close(self, timeout: float = 2.0) -> bool:
        """Flush, and collect no more. What could not be sent in time is sent by the next process that uses the spool."""
        return self._shipper is None or self._shipper.close(timeout)

    def stats(self) -> Stats:
        """What has become of the events so far."""
        return Stats(problem=self.problem) if self._shipper is None else self._shipper.stats()

    def _put(
        self,
        user: Any,
        event_type: str,
        operation: Any,
        parameters: Any,
        duration: Any,
        success: Any,
        usage: Any,
        details: dict[str, Any],
    ) -> None:
        """Copy what was said, so that nothing of the caller's is held, and hand it on. Never raises."""
        assert self._shipper is not None
        try:
            message = details.get("error_message")
            if message is not None:
                details["error_message"] = str(message)[:READ_OF_MESSAGE]
            self._shipper.put(
                Tracked(
                    time.time(),
                    user if type(user) is str else str(user),
                    event_type,
                    operation if type(operation) is str else str(operation),
                    copy_parameters(parameters) if parameters else _NOTHING,
                    duration,
                    success,
                    copy_parameters(usage) if usage else _NOTHING,
                    details,
                )
            )
        except Exception:
            with contextlib.suppress(Exception):
                self._shipper.failed()
