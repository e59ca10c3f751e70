"""The processes that work on a job of the suite."""

import psutil


def workers_of(job_id: str) -> list[psutil.Process]:
    """The tasks that are at work on a job."""
    return [process for process in psutil.process_iter(["cmdline"]) if {job_id, "jobs"} <= _words(process)]


def ffmpegs_of(job_id: str) -> list[psutil.Process]:
    """The processes of FFmpeg that the tasks of a job have started."""
    found = []
    for worker in workers_of(job_id):
        try:
            found += [child for child in worker.children(recursive=True) if "ffmpeg" in child.name()]
        except psutil.NoSuchProcess:
            continue
    return found


def _words(process: psutil.Process) -> set[str]:
    """The words of a command line; a process that was forked has them in one text."""
    return set(" ".join(process.info["cmdline"] or []).split())
