"""Findings while reading: each once a place, and not without end."""

from shared.kompositions.importing import Finding, Severity

MAX_FINDINGS = 500


class Findings:
    """What was found so far."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def warn(self, pointer: str, code: str, detail: str, fix: str | None = None) -> None:
        """Something was left out or understood in a certain way."""
        if len(self._found) < MAX_FINDINGS:
            self._found.append(Finding(pointer, code, detail, Severity.WARNING, fix))

    def refuse(self, pointer: str, code: str, detail: str, fix: str | None = None) -> None:
        """The document cannot be used like this."""
        self._found.append(Finding(pointer, code, detail, Severity.ERROR, fix))

    def all(self) -> tuple[Finding, ...]:
        """Everything, in the order in which it was found."""
        return tuple(self._found)
