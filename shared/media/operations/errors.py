"""What can be wrong with asking for an operation."""

from shared.core.errors import InvalidInput, NotFound


class UnknownOperation(NotFound):
    """No operation has this name."""


class InvalidOperation(InvalidInput):
    """The operation cannot be done as asked; `errors` points at each input (`/inputs/0`) and parameter (`/params/start`)."""
