"""Wording: findings for people, with the line and column of each, and as JSON."""

from collections.abc import Mapping
from typing import Any

from shared.kompositions.importing import Finding, Imported, locate

Places = Mapping[str, tuple[int, int]]


def findings_text(imported: Imported) -> list[str]:
    """A line for each finding, and one for what to do about it."""
    places = locate(imported, [finding.pointer for finding in imported.findings])
    lines: list[str] = []
    for finding in imported.findings:
        where = ":".join(map(str, places[finding.pointer])) if finding.pointer in places else ""
        done = " (repaired)" if finding.applied else ""
        lines.append(
            f"  {finding.severity}{done} {where + ' ' if where else ''}{finding.pointer or 'the document'} [{finding.code}]"
        )
        lines.append(f"      {finding.detail}")
        if finding.fix and not finding.applied:
            safe = " --fix does it." if finding.safe else ""
            lines.append(f"      Fix: {finding.fix}{safe}")
    return lines


def findings_json(imported: Imported) -> list[dict[str, Any]]:
    """Findings as JSON objects."""
    places = locate(imported, [finding.pointer for finding in imported.findings])
    return [_finding_json(finding, places) for finding in imported.findings]


def _finding_json(finding: Finding, places: Places) -> dict[str, Any]:
    told: dict[str, Any] = {
        "pointer": finding.pointer,
        "code": finding.code,
        "severity": finding.severity.value,
        "detail": finding.detail,
        "fix": finding.fix,
        "safe": finding.safe,
        "applied": finding.applied,
    }
    if finding.pointer in places:
        told["line"], told["column"] = places[finding.pointer]
    return told


def summary(imported: Imported) -> str:
    """What it is and how much was found, in a few words."""
    errors, warnings = len(imported.errors), len(imported.warnings)
    counts = [
        f"{count} {word}{'s' if count != 1 else ''}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return f"{imported.variant}: {', '.join(counts) or 'all is well'}"
