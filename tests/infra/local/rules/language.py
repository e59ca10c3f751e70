"""Conditions on their own: one expression, put into rules and evaluated."""

from typing import Any

from infra.local.rules import EvaluationError, Operation, Query, Request, Ruleset, Verdict
from infra.local.rules.values import Path, Timestamp, Value

NOW = Timestamp(1_800_000_000_000_000_000)
AUTH = {"uid": "me", "token": {"sub": "me", "role": "admin"}}


def rules_with(body: str) -> str:
    """Rules with these statements inside `match /databases/{database}/documents`."""
    return f"""rules_version = '2';
service cloud.firestore {{
  match /databases/{{database}}/documents {{
{body}
  }}
}}"""


def decide(
    rules: str | Ruleset, *operations: Operation, auth: Any = AUTH, before: Any = None, after: Any = None
) -> list[Verdict]:
    """The verdicts. `before` and `after` are the documents that are there, by path; `after` is `before` unless given."""
    states = {False: before or {}, True: (before or {}) if after is None else after}

    def fetch(path: Path, *, after: bool) -> dict[str, Value] | None:
        if path.segments[:3] != ("databases", "(default)", "documents"):
            raise EvaluationError(f"{path} is no document.")
        data = states[after].get("/".join(path.segments[3:]))
        return None if data is None else {"data": data, "id": path.segments[-1], "__name__": path}

    ruleset = Ruleset(rules) if isinstance(rules, str) else rules
    return ruleset.decide(Request(auth, NOW, operations, fetch))


def may_get(rules: str, path: str, data: Any = None, **options: Any) -> bool:
    """Whether the rules allow to get a document with this data."""
    return decide(rules, Operation("get", tuple(path.split("/")), data), **options)[0].allowed


def may_list(condition: str, query: Query, **options: Any) -> bool:
    """Whether `allow list: if condition` on things/{id} allows a query."""
    rules = rules_with(f"match /things/{{id}} {{ allow list: if {condition}; }}")
    return decide(rules, Operation("list", query.parent, query=query), **options)[0].allowed


def evaluate(expression: str, data: Any = None, **options: Any) -> Value:
    """The value of an expression; `resource.data` is `data`. Raises EvaluationError."""
    rules = rules_with(f"match /things/{{id}} {{ allow get: if debug({expression}) == 0; }}")
    finding = decide(rules, Operation("get", ("things", "one"), data), **options)[0].findings[0]
    if not finding.debugged and isinstance(finding.outcome, EvaluationError):
        raise finding.outcome
    return finding.debugged[-1]
