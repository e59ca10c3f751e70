"""Only what may end better is tried again, after a while that grows; the owner reads no stack of ours."""

import errno
from datetime import timedelta

import pytest
from google.api_core import exceptions as google
from google.auth.exceptions import TransportError
from requests import ConnectionError as ConnectionLost
from requests import Response

from shared.core.errors import Conflict, InvalidInput, RateLimited, Unavailable
from shared.jobs.failures import FIRST_DELAY, LONGEST_DELAY, delay, judge
from shared.media import FfmpegKilled, OutOfSpace, RenderFailed, RenderTimeout, UnreadableMedia


def storage_answer(status: int) -> Exception:
    from google.cloud.storage.exceptions import InvalidResponse

    response = Response()
    response.status_code = status
    return InvalidResponse(response)


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("The sign-in service does not answer."),
        RateLimited("Too many.", retry_after=1),
        OutOfSpace("No room."),
        FfmpegKilled("Killed."),
        google.ServiceUnavailable("503"),
        google.InternalServerError("500"),
        google.DeadlineExceeded("504"),
        google.TooManyRequests("429"),
        google.ResourceExhausted("429"),
        google.Aborted("contention"),
        storage_answer(503),
        storage_answer(429),
        TransportError("no token"),
        ConnectionLost("reset"),
        ConnectionResetError(errno.ECONNRESET, "reset"),
        TimeoutError("late"),
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EDQUOT, "full"),
        OSError(errno.ENOMEM, "no memory"),
        MemoryError(),
    ],
    ids=repr,
)
def test_what_network_machines_and_services_do_is_transient(error: Exception) -> None:
    assert judge(error).transient


@pytest.mark.parametrize(
    "error",
    [
        InvalidInput("Too short.", pointer="/segments/0"),
        UnreadableMedia("Damaged."),
        RenderFailed("FFmpeg could not."),
        RenderTimeout("Too long."),
        Conflict("Replaced."),
        google.NotFound("404"),
        google.Forbidden("403"),
        google.InvalidArgument("400"),
        storage_answer(404),
        OSError(errno.EACCES, "denied"),
        FileNotFoundError(errno.ENOENT, "gone"),
        KeyError("assetId"),
    ],
    ids=repr,
)
def test_what_would_come_again_is_permanent(error: Exception) -> None:
    assert not judge(error).transient


def test_an_error_of_the_domain_is_told_as_it_is() -> None:
    told = judge(InvalidInput("Too short.", pointer="/segments/0")).error
    assert (told.type, told.detail, told.pointer) == ("InvalidInput", "Too short.", "/segments/0")


@pytest.mark.parametrize("error", [KeyError("secret"), ConnectionLost("http://10.0.0.1/secret"), OSError(5, "secret")])
def test_an_error_of_ours_tells_nothing_of_the_inside(error: Exception) -> None:
    assert "secret" not in judge(error).error.model_dump_json()


def test_pauses_double_to_an_end_and_differ() -> None:
    for attempts in range(1, 30):
        longest = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempts - 1))
        pauses = {delay(attempts) for _ in range(50)}
        assert longest / 2 <= min(pauses) <= max(pauses) <= longest
        assert len(pauses) > 1
    assert timedelta(seconds=5) <= delay(1) <= timedelta(seconds=10)
