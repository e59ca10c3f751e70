"""What a source must satisfy besides its syntax: limits, names, arities, types as far as they show."""

from collections.abc import Iterator

from .errors import InvalidRules, Position, Problem
from .inference import Inference
from .limits import MAX_ARGUMENTS, MAX_CALL_DEPTH, MAX_CAPTURES, MAX_LETS, MAX_MATCH_DEPTH, MAX_SEGMENTS
from .namespaces import FUNCTIONS, NAMESPACES, READS
from .scope import GLOBALS, Definition, Scope
from .syntax import Allow, Call, Capture, Expression, Function, Match, Source, Span, children

SERVICE = "cloud.firestore"
VERSION = "2"
_METHODS = ("read", "write", "get", "list", "create", "update", "delete")
_TAKEN = frozenset((*GLOBALS, *NAMESPACES, *FUNCTIONS, *READS))


def check(source: Source) -> None:
    """Raises InvalidRules with everything that is wrong."""
    problems = sorted(_Checker().problems(source), key=lambda problem: (problem.position.line, problem.position.column))
    if problems:
        raise InvalidRules(list(dict.fromkeys(problems)))


class _Checker:
    """Walks a source and yields problems."""

    def problems(self, source: Source) -> Iterator[Problem]:
        """All of them, in any order."""
        if source.version != VERSION:
            yield Problem(Position(1, 1), "Begin the file with rules_version = '2'; version 1 is not supported.")
        if not source.services:
            yield Problem(Position(1, 1), f"There is no service {SERVICE} {{ … }} in the file.")
        outside = Scope().inside(source.functions)
        yield from self._functions(source.functions, outside)
        for service in source.services:
            if service.name != SERVICE:
                yield _at(service.span, f"The service {service.name} is not known; there is {SERVICE}.")
            scope = outside.inside(service.functions)
            yield from self._functions(service.functions, scope)
            for match in service.matches:
                yield from self._match(match, (), 1, scope)

    def _match(self, match: Match, around: tuple[str | Capture, ...], depth: int, scope: Scope) -> Iterator[Problem]:
        segments = (*around, *match.pattern)
        captures = [segment for segment in segments if isinstance(segment, Capture)]
        if depth > MAX_MATCH_DEPTH:
            yield _at(match.span, f"Match statements are nested {depth} deep; at most {MAX_MATCH_DEPTH} are allowed.")
        if len(segments) > MAX_SEGMENTS:
            yield _at(match.span, f"The path has {len(segments)} segments; at most {MAX_SEGMENTS} are allowed.")
        if len(captures) > MAX_CAPTURES:
            yield _at(match.span, f"The path has {len(captures)} wildcards; at most {MAX_CAPTURES} are allowed.")
        if sum(isinstance(part, Capture) and part.recursive for part in match.pattern) > 1:
            yield _at(match.span, "A match statement can have one recursive wildcard {name=**}, not more.")
        inner = scope.inside(match.functions, match)
        yield from self._functions(match.functions, inner)
        for allow in match.allows:
            yield from self._allow(allow, inner)
        for nested in match.matches:
            yield from self._match(nested, segments, depth + 1, inner)

    def _allow(self, allow: Allow, scope: Scope) -> Iterator[Problem]:
        for method in allow.methods:
            if method not in _METHODS:
                yield _at(allow.span, f'There is no method "{method}"; there are {", ".join(_METHODS)}.')
        if allow.condition is not None:
            inference = Inference(scope)
            kind = inference.kind(allow.condition)
            yield from inference.problems
            if kind not in ("", "bool"):
                yield _at(allow.condition.span, f"A condition must be a bool, not {kind}.")

    def _functions(self, functions: tuple[Function, ...], scope: Scope) -> Iterator[Problem]:
        names = [function.name for function in functions]
        for position, function in enumerate(functions):
            if function.name in names[:position]:
                yield _at(function.span, f"The function {function.name} is declared twice here.")
            if function.name in _TAKEN:
                yield _at(function.span, f"{function.name} is built in: give the function another name.")
            yield from self._function(function, scope)

    def _function(self, function: Function, scope: Scope) -> Iterator[Problem]:
        if len(function.parameters) > MAX_ARGUMENTS:
            counted = f"{len(function.parameters)} parameters; at most {MAX_ARGUMENTS} are allowed."
            yield _at(function.span, f"The function {function.name} has {counted}")
        if len(function.lets) > MAX_LETS:
            counted = f"{len(function.lets)} let bindings; at most {MAX_LETS} are allowed."
            yield _at(function.span, f"The function {function.name} has {counted}")
        known = function.parameters
        if len(set(known)) < len(known):
            yield _at(function.span, f"The function {function.name} has two parameters of the same name.")
        for let in function.lets:
            yield from _typed(let.value, scope.within(known))
            if let.name in known:
                yield _at(let.span, f"{let.name} has a value here already.")
            known = (*known, let.name)
        yield from _typed(function.result, scope.within(known))
        yield from _depth(function, scope)


def _typed(node: Expression, scope: Scope) -> Iterator[Problem]:
    inference = Inference(scope)
    inference.kind(node)
    yield from inference.problems


def _depth(function: Function, scope: Scope) -> Iterator[Problem]:
    """Recursion, and calls that go too deep."""
    deepest = _call_depth(Definition(function, scope), ())
    if deepest is None:
        yield _at(function.span, f"The function {function.name} calls itself, directly or through others.")
    elif deepest > MAX_CALL_DEPTH:
        counted = f"{deepest} functions deep; at most {MAX_CALL_DEPTH} are allowed."
        yield _at(function.span, f"The calls of {function.name} go {counted}")


def _call_depth(definition: Definition, callers: tuple[int, ...]) -> int | None:
    """How deep the calls of a function go, itself counted; None if they never end."""
    function = definition.function
    if id(function) in callers:
        return None
    deepest = 1
    for name in _called((*(let.value for let in function.lets), function.result)):
        inner = definition.scope.functions.get(name)
        depth = _call_depth(inner, (*callers, id(function))) if inner else 0
        if depth is None:
            return None
        deepest = max(deepest, depth + 1)
    return deepest


def _called(nodes: tuple[Expression, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Call):
            yield node.name
        yield from _called(children(node))


def _at(span: Span, sentence: str) -> Problem:
    return Problem(span.position, sentence)
