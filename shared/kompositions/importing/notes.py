"""Notes: the findings that gather while a document is read."""

from shared.kompositions.importing.imported import Finding, Severity
from shared.kompositions.importing.origin import Pointer, pointer_text


class Notes:
    """Errors and warnings, in the order found."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def error(self, at: Pointer, code: str, detail: str, fix: str | None = None) -> None:
        """Something that keeps the document from being rendered."""
        self.findings.append(Finding(pointer_text(at), code, detail, Severity.ERROR, fix))

    def warn(self, at: Pointer, code: str, detail: str, fix: str | None = None) -> None:
        """Something that was understood in a certain way, or left out."""
        self.findings.append(Finding(pointer_text(at), code, detail, Severity.WARNING, fix))

    @property
    def has_errors(self) -> bool:
        """Whether anything keeps the document from being rendered."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)
