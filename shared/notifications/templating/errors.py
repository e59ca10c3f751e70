"""What can be wrong with a template."""

from shared.core.errors import InvalidInput


class BadTemplate(InvalidInput):
    """A part of a template cannot be read, or cannot be rendered; `errors` says where and why."""
