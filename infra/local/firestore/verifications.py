"""The operation `verify` of a write: it changes nothing, and fails unless a document is as its precondition wants it.

Browsers send one for every document that a transaction has read and does not write. The protocol has it as field 5 of Write,
but Google's Python messages leave it out: there it is an unknown field, which protobuf keeps.
"""

from google.protobuf.unknown_fields import UnknownFieldSet
from google.protobuf.wrappers_pb2 import StringValue

from .messages import Write

_FIELD = 5
_LENGTH_DELIMITED = 2


def verification(document: str) -> bytes:
    """A serialised Write that verifies a document, by name."""
    tag = _FIELD << 3 | _LENGTH_DELIMITED
    counted = StringValue(value=document).SerializeToString()[1:]  # all but the tag, which is field 1 there
    return bytes([tag]) + (counted or bytes(1))


def verified_by(write: Write) -> str | None:
    """The name of the document that a write verifies; None for any other operation."""
    if write.WhichOneof("operation") is not None:
        return None
    unknown = UnknownFieldSet(write)
    fields = [unknown[position] for position in range(len(unknown))]
    names = [field.data for field in fields if (field.field_number, field.wire_type) == (_FIELD, _LENGTH_DELIMITED)]
    return bytes(names[-1]).decode(errors="replace") if names else None
