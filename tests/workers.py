"""The processes that work on a job of the suite."""

from pathlib import Path

import psutil

from infra.local.run import process as run_process


def workers_of(job_id: str) -> list[psutil.Process]:
    """The tasks that are at work on a job."""
    return [
        process for process in psutil.process_iter(["cmdline"]) if {job_id, "jobs"} <= words(process.info["cmdline"])
    ]


def ffmpegs_of(job_id: str) -> list[psutil.Process]:
    """The processes of FFmpeg that the tasks of a job have started."""
    found = []
    for worker in workers_of(job_id):
        try:
            found += [child for child in worker.children(recursive=True) if "ffmpeg" in child.name()]
        except psutil.NoSuchProcess:
            continue
    return found


def index_of(worker: psutil.Process) -> str | None:
    """Which task of its execution a worker is. Raises psutil.Error if it has just ended."""
    return _told(worker).get(run_process.INDEX)


def scratch_of(worker: psutil.Process) -> Path:
    """Where the temporary files of a worker are."""
    return run_process.scratch_of(_told(worker)[run_process.MARK])


def words(command: list[str] | None) -> set[str]:
    """The words of a command line; a process that was forked has them in one text."""
    return set(" ".join(command or []).split())


def _told(worker: psutil.Process) -> dict[str, str]:
    return dict(word.split("=", 1) for word in words(worker.cmdline()) if "=" in word)
