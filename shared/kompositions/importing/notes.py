"""Notes: the findings that gather while a document is read."""

from collections.abc import Iterable

from shared.kompositions.importing.imported import Finding, Severity
from shared.kompositions.importing.origin import Pointer, pointer_text
from shared.kompositions.importing.suggestions import did_you_mean

MAX_GUESSES = 20
"""Of one document: each is a search."""


class Notes:
    """Errors and warnings, in the order found."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._guesses = 0

    def error(self, at: Pointer, code: str, detail: str, fix: str | None = None) -> None:
        """Something that keeps the document from being rendered."""
        self.findings.append(Finding(pointer_text(at), code, detail, Severity.ERROR, fix))

    def warn(self, at: Pointer, code: str, detail: str, fix: str | None = None) -> None:
        """Something that was understood in a certain way, or left out."""
        self.findings.append(Finding(pointer_text(at), code, detail, Severity.WARNING, fix))

    def did_you_mean(self, name: str, candidates: Iterable[str]) -> str:
        """What was probably meant, as a sentence with a space before it; nothing when nothing is near, or for the umpteenth."""
        self._guesses += 1
        return did_you_mean(name, candidates) if self._guesses <= MAX_GUESSES else ""
