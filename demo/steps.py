"""Steps: how the demo tells what it does, one line each, and what a job must come to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from demo.client import ApiError, Client

ENDED = ("succeeded", "failed", "cancelled")

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """A line for a short step: what, and how long it took."""
    started = time.perf_counter()
    yield
    _line(title, time.perf_counter() - started)


@contextmanager
def bar(title: str) -> Iterator[Progress]:
    """A line for a long step: a bar while it runs, then what and how long."""
    started = time.perf_counter()
    columns = (TextColumn(f"  {title:<76}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress
    _line(title, time.perf_counter() - started)


def follow(client: Client, job: Any, title: str, seconds: float = 300) -> Any:
    """Follow a job with a bar; the job once it has succeeded. Raises ApiError with what went wrong."""
    with bar(title) as progress:
        task = progress.add_task("", total=1.0)
        ended = client.wait(
            f"/v1/jobs/{job['id']}",
            lambda job: job["state"] in ENDED,
            seconds=seconds,
            on_change=lambda job: progress.update(task, completed=job["progress"]),
        )
    return succeeded(ended)


def succeeded(job: Any) -> Any:
    """The job. Raises ApiError unless it has succeeded."""
    if job["state"] != "succeeded":
        raise ApiError(f"The job {job['kind']} has {job['state']}: {job['error']}")
    return job


def _line(title: str, seconds: float) -> None:
    console.print(f"  {title:<86}[dim]{seconds:6.2f} s[/]")
