"""What can be wrong with a search."""

from shared.core.errors import InvalidInput


class MiningError(InvalidInput):
    """What is searched for, or where, makes no sense."""
