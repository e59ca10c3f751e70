"""What importing a document gives."""

from dataclasses import dataclass, field
from enum import StrEnum

from shared.kompositions.importing.origin import Origin
from shared.kompositions.model import Komposition


class Severity(StrEnum):
    """An error keeps the document from being rendered; a warning tells what was understood or left out."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing in the document: where (an RFC 6901 JSON pointer into it as it was given), a stable code, what it means.

    `fix` says what to do about it, in words; `safe` tells that `fix=True` does it without changing what is seen or heard;
    `applied` that it was done, which leaves a warning."""

    pointer: str
    code: str
    detail: str
    severity: Severity = Severity.ERROR
    fix: str | None = None
    safe: bool = False
    applied: bool = False


@dataclass(frozen=True)
class Evidence:
    """A reason to take a document for one of a variant: `weight` points for it (against it when negative), and why in words."""

    variant: str
    weight: int
    reason: str


@dataclass(frozen=True)
class Imported:
    """A document read: the komposition (None when errors are left), which variant it was, and everything found."""

    komposition: Komposition | None
    variant: str
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    origin: Origin = field(default=Origin(), repr=False, compare=False)
    """Where every part came from; how `conversion` writes unknown fields as they stood."""

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What was understood or left out."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being rendered."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)
