"""Ruleset: a set of rules, ready to decide about requests."""

from collections.abc import Iterator
from dataclasses import dataclass

from .abstract import Abstract
from .check import check
from .compiler import Compiler
from .errors import EvaluationError, InvalidRules, LimitExceeded, Position, Problem
from .limits import MAX_READS, MAX_READS_OF_MANY
from .parser import parse
from .paths import Pattern, Subject, subject_of
from .query import Query
from .run import Code, Fetch, Reads, Run, Step
from .scope import Scope
from .syntax import Allow, Capture, Match, Source
from .values import Path, Timestamp, Value

METHODS = ("get", "list", "create", "update", "delete")
_SHORTHANDS = {"read": ("get", "list"), "write": ("create", "update", "delete")}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that somebody wants to do to the document `path` (or, with `query`, to what is below it).

    `before` and `after` are the document's data; None where there is none."""

    method: str
    path: tuple[str, ...]
    before: dict[str, Value] | None = None
    after: dict[str, Value] | None = None
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Operations that succeed or fail together. `auth` is `{uid, token}` or None; `database` the id of the database."""

    auth: dict[str, Value] | None
    time: Timestamp
    operations: tuple[Operation, ...]
    fetch: Fetch
    database: str = "(default)"

    @property
    def prefix(self) -> tuple[str, ...]:
        """What comes before the paths of documents in match statements."""
        return ("databases", self.database, "documents")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one `allow` said about an operation: True, False, unknown, or the error."""

    allow: Allow
    outcome: Value | EvaluationError
    steps: tuple[Step, ...] = ()
    debugged: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one operation, and how it came about. For a list query, `findings` are those of the alternative of
    its filters that decided."""

    allowed: bool
    findings: tuple[Finding, ...]

    @property
    def decisive(self) -> Finding | None:
        """The `allow` that allowed."""
        return next((finding for finding in self.findings if finding.outcome is True), None)


@dataclass(frozen=True, slots=True)
class _Rule:
    """An `allow` with the whole pattern that it is for."""

    pattern: Pattern
    allow: Allow
    methods: frozenset[str]
    condition: Code
    length: int | None
    """How many segments a path must have, None if that is open."""


class Ruleset:
    """Decides by the rules of one source, given as text or tree. Raises InvalidRules when made from one with problems.

    With `tracing`, verdicts tell the value of every sub-expression, and take longer."""

    def __init__(self, source: str | Source, *, tracing: bool = False) -> None:
        try:
            self.source = parse(source) if isinstance(source, str) else source
            check(self.source)
            rules = tuple(_rules(self.source, Compiler(tracing=tracing)))
        except RecursionError:
            raise InvalidRules([Problem(Position(1, 1), "An expression is nested too deeply.")]) from None
        self._rules = {method: tuple(rule for rule in rules if method in rule.methods) for method in METHODS}

    def decide(self, request: Request) -> list[Verdict]:
        """The verdict for every operation. Raises LimitExceeded: then all are denied."""
        single = len(request.operations) == 1
        reads = Reads(request.fetch, MAX_READS if single else MAX_READS_OF_MANY)
        verdicts = []
        for operation in request.operations:
            reads.next_operation()
            decided = self._decide_list if operation.query is not None else self._decide_document
            verdicts.append(decided(request, operation, reads))
        return verdicts

    def _decide_document(self, request: Request, operation: Operation, reads: Reads) -> Verdict:
        path = Path(request.prefix + operation.path)
        described = _describe(request, operation, path)
        described["resource"] = _resource(operation.after, path)
        run = Run(described, _resource(operation.before, path), reads)
        return self._decide(operation.method, path.segments, run)

    def _decide_list(self, request: Request, operation: Operation, reads: Reads) -> Verdict:
        """Every alternative of the query's filters must be allowed: each can bring results."""
        query = operation.query
        assert query is not None
        described = _describe(request, operation, Path((*request.prefix, *query.parent, query.collection_id)))
        described["query"] = query.properties()
        verdict = Verdict(allowed=False, findings=())
        for alternative in query.alternatives():
            resource = query.facts(alternative, request.prefix)
            subject = subject_of(query, request.prefix, resource.fields["id"])
            verdict = self._decide("list", subject, Run(described, resource, reads))
            if not verdict.allowed:
                break
        return verdict

    def _decide(self, method: str, subject: Subject, run: Run) -> Verdict:
        findings = []
        for rule in self._rules[method]:
            if rule.length is not None and rule.length != len(subject):
                continue
            captures = rule.pattern.bind(subject)
            if captures is None:
                continue
            run.captures = captures
            finding = _try(rule, run)
            findings.append(finding)
            if finding.outcome is True:
                return Verdict(True, tuple(findings))
        return Verdict(False, tuple(findings))


def _try(rule: _Rule, run: Run) -> Finding:
    run.steps, run.debugged = [], []
    outcome: Value | EvaluationError
    try:
        outcome = rule.condition(run, [])
        if not isinstance(outcome, bool | Abstract):
            outcome = EvaluationError("Type error. A condition must be bool.")
    except EvaluationError as error:
        outcome = error
    except RecursionError:
        raise LimitExceeded("A condition is nested too deeply.") from None
    run.check_spending()
    return Finding(rule.allow, outcome, tuple(run.steps), tuple(run.debugged))


def _describe(request: Request, operation: Operation, path: Path) -> dict[str, Value]:
    """`request`"""
    return {
        "auth": request.auth,
        "method": operation.method,
        "path": path,
        "time": request.time,
        "resource": None,
        "query": None,
    }


def _resource(data: dict[str, Value] | None, path: Path) -> dict[str, Value] | None:
    return None if data is None else {"data": data, "id": path.segments[-1], "__name__": path}


def _rules(source: Source, compiler: Compiler) -> Iterator[_Rule]:
    outside = Scope().inside(source.functions)
    for service in source.services:
        scope = outside.inside(service.functions)
        for match in service.matches:
            yield from _rules_of(match, (), scope, compiler)


def _rules_of(match: Match, around: tuple[str | Capture, ...], scope: Scope, compiler: Compiler) -> Iterator[_Rule]:
    segments = (*around, *match.pattern)
    inner = scope.inside(match.functions, match)
    pattern = Pattern(segments)
    length = len(segments) if pattern.has_fixed_length else None
    for allow in match.allows:
        methods = frozenset(method for name in allow.methods for method in _SHORTHANDS.get(name, (name,)))
        condition = compiler.compile(allow.condition, inner) if allow.condition else _always
        yield _Rule(pattern, allow, methods, condition, length)
    for nested in match.matches:
        yield from _rules_of(nested, segments, inner, compiler)


def _always(run: Run, frame: list[Value]) -> Value:  # noqa: ARG001
    return True
