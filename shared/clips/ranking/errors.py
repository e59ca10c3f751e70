"""What can go wrong with ranking. Every sentence is for the person whose recording it is."""

from shared.core.errors import InvalidInput, Unavailable


class UnknownRanker(InvalidInput):
    """There is no ranker of that name, or not with these settings."""


class RankerUnavailable(Unavailable):
    """A ranker has no answer: its model does not answer, or not with what was asked for."""
