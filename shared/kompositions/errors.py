"""What can go wrong with a komposition."""

from shared.core.errors import InvalidInput, NotFound


class InvalidKomposition(InvalidInput):
    """The document cannot be rendered as it is; `errors` lists every place with a code and what to do."""


class MissingMedia(NotFound):
    """A source's file was not given or is not there; `errors` points at each such source."""


class UnusableMedia(InvalidInput):
    """A source's file is there but cannot do what the komposition asks of it (too short, no picture, no sound)."""
