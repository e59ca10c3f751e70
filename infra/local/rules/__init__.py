"""Security rules: the language of `firestore.rules`, version 2, checked and evaluated.

Source -> `parser` -> `syntax` -> `check` -> `compiler` -> closures. `Ruleset` is the whole; it knows nothing of protobuf or
servers; `infra.local.firestore.rules_authorizer` is how the Firestore server asks it."""

from .errors import EvaluationError, InvalidRules, LimitExceeded, Position, Problem
from .query import Both, Constraint, Either, Op, Query
from .ruleset import Finding, Operation, Request, Ruleset, Verdict

__all__ = [
    "Both",
    "Constraint",
    "Either",
    "EvaluationError",
    "Finding",
    "InvalidRules",
    "LimitExceeded",
    "Op",
    "Operation",
    "Position",
    "Problem",
    "Query",
    "Request",
    "Ruleset",
    "Verdict",
]
