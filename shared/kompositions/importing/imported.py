"""What importing a document gives."""

from dataclasses import dataclass
from enum import StrEnum

from shared.kompositions.model import Komposition


class Severity(StrEnum):
    """An error keeps the document from being rendered; a warning tells what was understood or left out."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing in the document: where (an RFC 6901 JSON pointer into the document as it was given), a stable code, what it means.

    `fix` says what to do about it, in words; `safe` tells that `fix=True` does it without changing what is seen or heard."""

    pointer: str
    code: str
    detail: str
    severity: Severity = Severity.ERROR
    fix: str | None = None
    safe: bool = False


@dataclass(frozen=True)
class Imported:
    """A document read: the komposition (None when errors are left), which variant it was, and everything found."""

    komposition: Komposition | None
    variant: str
    findings: tuple[Finding, ...] = ()

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What was understood or left out."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being rendered."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)
