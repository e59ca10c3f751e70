"""Errors of chains."""

from shared.core.errors import InvalidInput


class InvalidChain(InvalidInput):
    """The chain cannot be run as it is, or not on what it was given. Pointers lead to /steps, /inputs and /params."""
