"""Operations: one thing done to media, by name, with typed parameters. Each makes one file of one or several.

Importing this package is cheap: PyAV, numpy and ffmpeg-python are loaded by the first operation that runs."""

from shared.media.operations.carrying_out import Outcome, Request, check_operation, probe_all, run_operation
from shared.media.operations.errors import InvalidOperation, UnknownOperation
from shared.media.operations.registry import OperationDescription, describe_operations, find_operation

__all__ = [
    "InvalidOperation",
    "OperationDescription",
    "Outcome",
    "Request",
    "UnknownOperation",
    "check_operation",
    "describe_operations",
    "find_operation",
    "probe_all",
    "run_operation",
]
