"""What can be wrong with asking for a transcode."""

from shared.core.errors import InvalidInput


class InvalidTranscode(InvalidInput):
    """It cannot be made as asked; `errors` points at the source (`/inputs/0`) and at each parameter (`/params/profile`)."""
