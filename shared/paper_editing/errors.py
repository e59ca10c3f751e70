"""Errors of paper editing."""

from shared.core.errors import Conflict, InvalidInput


class UnknownWords(InvalidInput):
    """An operation names words that the transcript does not have, or puts words before one of themselves."""


class NothingToUndo(Conflict):
    """Every operation is undone already, or none is."""


class NothingLeft(Conflict):
    """All of the recording is cut: there is no film to make."""


class TranscriptGone(Conflict):
    """The transcript that was edited was deleted: what its words were is not known any more."""


class KompositionChanged(Conflict):
    """Somebody worked on the komposition since it last followed the paper."""
