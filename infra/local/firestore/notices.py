"""What listeners are told, as messages of the Listen stream."""

import struct
from collections.abc import Iterator

from .errors import FirestoreError
from .messages import ListenResponse, TargetChange
from .targets import Difference
from .timestamps import to_timestamp

TOKEN = struct.Struct(">Q")
"""A resume token: the version that the client has seen."""


def differences(number: int, difference: Difference, version: int) -> Iterator[ListenResponse]:
    """What has changed in the result of the target `number` by `version`."""
    for document in difference.changed:
        response = ListenResponse()
        response.document_change.document.CopyFrom(document)
        response.document_change.target_ids.append(number)
        yield response
    for name, gone in difference.removed:
        response = ListenResponse()
        removal = response.document_delete if gone else response.document_remove
        removal.document = name
        removal.removed_target_ids.append(number)
        removal.read_time.CopyFrom(to_timestamp(version))
        yield response


def target_change(kind: int, numbers: list[int], read_time: int | None = None) -> ListenResponse:
    """A change of state of targets (none for all), with a resume token when it says as of which version."""
    response = ListenResponse()
    change = response.target_change
    change.target_change_type = kind
    change.target_ids.extend(numbers)
    if read_time is not None:
        change.resume_token = TOKEN.pack(read_time)
        change.read_time.CopyFrom(to_timestamp(read_time))
    return response


def target_error(number: int, error: FirestoreError) -> ListenResponse:
    """The end of a target, and why."""
    response = target_change(TargetChange.REMOVE, [number])
    response.target_change.cause.code = int(error.code)
    response.target_change.cause.message = error.message
    return response
