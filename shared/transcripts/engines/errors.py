"""What can go wrong with speech. Every sentence is for the person whose recording it is: what is wrong, what to do."""

from shared.core.errors import InvalidInput, KompoError, Unavailable


class NoSound(InvalidInput):
    """The file has no sound that could be transcribed."""


class UnknownEngine(InvalidInput):
    """No engine of this name is installed."""


class UnknownLanguage(InvalidInput):
    """The engine does not know this language."""


class EngineMissing(KompoError):
    """The engine is known, and what it needs is not here: its package, its weights, or a GPU."""


class EngineUnready(KompoError):
    """The engine, or its model, cannot be loaded. `reason`: what its library says of it, in a line."""

    def __init__(self, detail: str, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason


class EngineFailed(Unavailable):
    """The engine ended in the middle of its work, as it does when memory runs out. `reason`: what its library says of it, in a
    line; empty when it ended without a word."""

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class TranscriptionCancelled(KompoError):
    """The caller asked to stop; nothing was written."""
