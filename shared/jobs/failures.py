"""Failures: whether what has gone wrong is permanent, or another attempt could end better; and when that may begin."""

import errno
from dataclasses import dataclass
from datetime import timedelta
from random import uniform

from shared.core.errors import KompoError, RateLimited, Unavailable
from shared.jobs.job import JobError
from shared.media import FfmpegKilled, OutOfSpace

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(minutes=10)
_TRANSIENT = (Unavailable, RateLimited, OutOfSpace, FfmpegKilled)
_FULL = (errno.ENOSPC, errno.EDQUOT)
WORKER_LOST = JobError(
    type="worker-lost",
    detail="The worker ended without a word: it was killed, ran out of memory, or its machine was lost.",
)
NEVER_STARTED = JobError(
    type="never-started",
    detail="No machine took it up within a day. Retry it; if it happens again, the project has too few machines of this kind.",
)


@dataclass(frozen=True)
class Verdict:
    """What the owner hears, and whether to try again."""

    error: JobError
    transient: bool


def judge(error: Exception) -> Verdict:
    """Errors of the domain are about what was asked for and come again, except where a service, the disk or memory failed.

    Of the others, those that the network, Google's APIs (5xx, 429, conflicts) and the machine raise are transient. The rest
    are mistakes of ours: they come again too, and their text is not for the owner."""
    if isinstance(error, KompoError):
        where = error.errors[0].pointer if error.errors else None
        told = JobError(type=type(error).__name__, detail=error.detail, pointer=where)
        return Verdict(told, isinstance(error, _TRANSIENT))
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return Verdict(JobError(type="OutOfMemory", detail="The worker had not enough memory."), transient=True)
    if isinstance(error, OSError) and error.errno in _FULL:
        return Verdict(JobError(type="OutOfSpace", detail="The worker's disk was full."), transient=True)
    if _is_of_the_network(error):
        return Verdict(
            JobError(type="Unavailable", detail="A service that the job needs did not answer."), transient=True
        )
    detail = "Something broke on our side; it has been recorded. Your files are as they were."
    return Verdict(JobError(type="InternalError", detail=detail), transient=False)


def delay(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 10 s, doubled by each more, at most 10 min; of that, at random, half or more."""
    doubled: timedelta = FIRST_DELAY * 2 ** min(attempts - 1, 10)
    return min(LONGEST_DELAY, doubled) * uniform(0.5, 1.0)  # noqa: S311


def _is_of_the_network(error: Exception) -> bool:
    """Whether it is the error of a connection, or of a Google API that may answer well the next time."""
    from google.api_core import exceptions
    from google.auth.exceptions import TransportError
    from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
    from requests import RequestException

    if isinstance(error, InvalidResponse):
        status = error.response.status_code
        return bool(status == 429 or status >= 500)
    return isinstance(
        error,
        exceptions.ServerError
        | exceptions.TooManyRequests
        | exceptions.Aborted
        | exceptions.RetryError
        | TransportError
        | DataCorruption
        | RequestException
        | ConnectionError
        | TimeoutError,
    )
