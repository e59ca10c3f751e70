"""A verdict as people, or programs, read it."""

from collections.abc import Iterator
from typing import Any

from .abstract import Abstract
from .errors import EvaluationError
from .ruleset import Finding, Verdict
from .run import Step
from .showing import show
from .syntax import Expression, Field, Index, Method, Name, Source
from .values import Value

_WIDTH = 64
"""Columns for the source of a sub-expression."""


def as_text(verdict: Verdict, source: Source, file: str, what: str) -> str:
    """A page for a terminal: the verdict, then every clause that was looked at, the decisive one last."""
    decisive = verdict.decisive
    lines = [f"{'ALLOWED' if verdict.allowed else 'DENIED'}  {what}"]
    if decisive is not None:
        lines.append(f"by {file}:{decisive.allow.span.position}")
    elif not verdict.findings:
        lines.append("No allow statement is for this method and path.")
    for finding in verdict.findings:
        lines += ["", f"{file}:{finding.allow.span.position}  {_clip(source.excerpt(finding.allow.span), 100)}"]
        lines += [f"  = {outcome_of(finding.outcome)}", *_step_lines(finding, source)]
    return "\n".join(lines) + "\n"


def as_json(verdict: Verdict, source: Source, file: str) -> dict[str, Any]:
    """The same for programs."""
    decisive = verdict.decisive
    return {
        "allowed": verdict.allowed,
        "decidedBy": f"{file}:{decisive.allow.span.position}" if decisive else None,
        "clauses": [
            {
                "at": f"{file}:{finding.allow.span.position}",
                "source": source.excerpt(finding.allow.span),
                "outcome": outcome_of(finding.outcome),
                "debug": [show(value, 1000) for value in finding.debugged],
                "expressions": [
                    {
                        "at": f"{file}:{step.node.span.position}",
                        "depth": step.depth,
                        "source": source.excerpt(step.node.span),
                        "value": outcome_of(step.outcome, 1000),
                    }
                    for step in finding.steps
                ],
            }
            for finding in verdict.findings
        ],
    }


def outcome_of(outcome: Value | EvaluationError, width: int = 80) -> str:
    """A value, `unknown`, or the error in words."""
    if isinstance(outcome, EvaluationError):
        return f"error: {outcome}"
    return str(outcome) if isinstance(outcome, Abstract) else show(outcome, width)


def _step_lines(finding: Finding, source: Source) -> Iterator[str]:
    for step in _worth_showing(finding.steps):
        text = "  " * (step.depth + 1) + _clip(source.excerpt(step.node.span), _WIDTH)
        yield f"  {step.node.span.position!s:>8} {text:<{_WIDTH + 8}} {outcome_of(step.outcome)}"
    for value in finding.debugged:
        yield f"     debug {show(value, 200)}"


def _worth_showing(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Without the pieces of `request.resource.data.title`: the whole says it."""
    pieces = {id(piece) for step in steps for piece in _pieces(step.node)}
    return (step for step in steps if id(step.node) not in pieces)


def _pieces(node: Expression) -> Iterator[Expression]:
    while isinstance(node, Field | Index | Method) and isinstance(node.base, Field | Name):
        node = node.base
        yield node


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
