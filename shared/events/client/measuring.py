"""Measuring: a block of code, a function or a child process as one operation, timed and told when it ends."""

import contextlib
import functools
import inspect
import subprocess
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, TypeVar

from .usage import Child, Children, Reading, difference, read

F = TypeVar("F", bound=Callable[..., Any])


class Tell(Protocol):
    """How a measured operation is told: `AnalyticsCollector.track_operation`."""

    def __call__(
        self,
        user_id: str,
        operation: str,
        parameters: Any,
        duration: float,
        success: bool,
        resource_usage: Any = None,
        **details: Any,
    ) -> None: ...


class Measured:
    """An operation that is running: a context manager, in both colours. Told when the block ends, as failed if it raises.

    What is only known inside the block is set on it: `measured.details["output_format"] = "mp4"`,
    `measured.parameters["crf"] = 23`, `measured.success = False`."""

    def __init__(
        self, tell: Tell, user_id: str, operation: str, parameters: dict[str, Any], details: dict[str, Any]
    ) -> None:
        self.user_id = user_id
        self.operation = operation
        self.parameters = parameters
        self.details = details
        self.success: bool | None = None
        self._tell = tell
        self._children = Children()
        self._start: Reading | None = None

    def run(
        self,
        command: Any,
        *,
        input: Any = None,  # noqa: A002 (as subprocess.run calls it)
        timeout: float | None = None,
        check: bool = False,
        capture_output: bool = False,
        **options: Any,
    ) -> "subprocess.CompletedProcess[Any]":
        """`subprocess.run`, with the child's CPU time, peak memory and disk operations counted. Raises as that does.

        A child that fails makes the operation a failed one, unless `measured.success` says otherwise."""
        if capture_output:
            options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        if input is not None:
            options["stdin"] = subprocess.PIPE
        with self.start(command, **options) as child:
            try:
                output, errors = child.communicate(input, timeout)
            except BaseException:
                child.kill()
                raise
        if child.returncode and self.success is None:
            self.success = False
            self.details.setdefault("error_code", f"exit_{abs(child.returncode)}")
        if check and child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command, output, errors)
        return subprocess.CompletedProcess(command, child.returncode, output, errors)

    def start(self, command: Any, **options: Any) -> Child:
        """`subprocess.Popen`, whose usage counts once it was waited for. Raises as that does."""
        return Child(command, children=self._children, **options)

    def __enter__(self) -> "Measured":
        self._start = read()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._end(kind, error, own_cpu=True)

    async def __aenter__(self) -> "Measured":
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._end(kind, error, own_cpu=False)

    def _end(self, kind: type[BaseException] | None, error: BaseException | None, *, own_cpu: bool) -> None:
        start, end = self._start, read()
        if start is None:
            return
        with contextlib.suppress(Exception):  # Whatever was set on it: the block has its own outcome.
            details = self.details
            if kind is not None:
                details = {"error_code": kind.__name__, "error_message": error, **details}
            success = kind is None if self.success is None or kind is not None else self.success
            usage = difference(start, end, self._children, own_cpu=own_cpu)
            spent = (end.wall - start.wall) * 1000
            self._tell(self.user_id, self.operation, self.parameters, spent, success, usage, **details)


def measured(begin: Callable[[tuple[Any, ...], dict[str, Any]], Measured]) -> Callable[[F], F]:
    """A decorator for functions and coroutine functions; `begin` makes the measured operation of a call."""

    def decorate(function: F) -> F:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*arguments: Any, **named: Any) -> Any:
                async with begin(arguments, named):
                    return await function(*arguments, **named)

            return awaited  # type: ignore[return-value]

        @functools.wraps(function)
        def called(*arguments: Any, **named: Any) -> Any:
            with begin(arguments, named):
                return function(*arguments, **named)

        return called  # type: ignore[return-value]

    return decorate
