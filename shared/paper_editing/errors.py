"""Errors of paper editing."""

from shared.core.errors import Conflict, InvalidInput


class UnknownWords(InvalidInput):
    """An operation names words that the transcript does not have, or puts words before one of themselves."""


class NothingToUndo(Conflict):
    """Every operation is undone already, or none is."""


class NothingLeft(Conflict):
    """Every word is cut: there is no film to make."""
