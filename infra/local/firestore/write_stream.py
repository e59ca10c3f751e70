"""The Write stream: a handshake, then commits one after the other, each answered with a new stream token."""

import secrets
from collections.abc import Iterator

from .authorization import Caller
from .commits import Commits
from .errors import InvalidArgument
from .messages import CommitRequest, WriteRequest, WriteResponse
from .names import parse_database


def write_stream(commits: Commits, requests: Iterator[WriteRequest], caller: Caller) -> Iterator[WriteResponse]:
    """Answer the requests of one stream, in order. Raises the error of the first commit that fails, Unauthenticated
    for one that comes after the caller's ID token has expired."""
    database = ""
    for number, request in enumerate(requests):
        caller.check_expiry()
        token = number.to_bytes(8, "big")
        if not database:
            if request.writes:
                raise InvalidArgument("The first request of a Write stream must not have writes.")
            database = parse_database(request.database)
            response = WriteResponse(stream_id=request.stream_id or secrets.token_hex(8))
        elif request.stream_token != token:
            raise InvalidArgument("The stream token is not the one of the last response.")
        else:
            committed = commits.commit(CommitRequest(database=database, writes=request.writes), caller)
            response = WriteResponse(write_results=committed.write_results, commit_time=committed.commit_time)
        response.stream_token = (number + 1).to_bytes(8, "big")
        yield response
