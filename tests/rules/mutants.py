"""Mutants of the rules: each lacks one condition, one `allow`, or one method of an `allow`."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import reduce
from typing import Any

from infra.local.rules.syntax import Allow, Binary, Expression, Literal, Match, Source, Span, children, operands_of

_PARTS = {"read": ("get", "list"), "write": ("create", "update", "delete")}


@dataclass(frozen=True)
class Mutant:
    """A changed source, how it was changed, and which piece of the source that concerns."""

    change: str
    span: Span
    source: Source

    def __str__(self) -> str:
        return f"line {self.span.position.line}: {self.change}"


def mutants(source: Source) -> Iterator[Mutant]:
    """Every mutant of a source."""
    for service in source.services:
        for function in service.functions:
            yield from _of_condition(source, function.result)
        for match in service.matches:
            yield from _of_match(source, match)


def _of_match(source: Source, match: Match) -> Iterator[Mutant]:
    for function in match.functions:
        yield from _of_condition(source, function.result)
    for allow in match.allows:
        yield from _of_allow(source, allow)
    for nested in match.matches:
        yield from _of_match(source, nested)


def _of_allow(source: Source, allow: Allow) -> Iterator[Mutant]:
    yield _mutant(source, allow, None, f"without {source.excerpt(allow.span)}")
    methods = tuple(part for name in allow.methods for part in _PARTS.get(name, (name,)))
    for method in methods if len(methods) > 1 else ():
        fewer = replace(allow, methods=tuple(other for other in methods if other != method))
        yield _mutant(source, allow, fewer, f"without {method} in {source.excerpt(allow.span)}")
    if allow.condition:
        yield from _of_condition(source, allow.condition)


def _of_condition(source: Source, condition: Expression) -> Iterator[Mutant]:
    """Without each operand of its chains of `&&` or `||`; a condition that has none becomes true."""
    chains = list(_chains(condition))
    if not chains:
        yield _mutant(source, condition, Literal(condition.span, True), f"true for {source.excerpt(condition.span)}")
    for chain in chains:
        operands = list(operands_of(chain))
        for dropped in operands:
            kept = reduce(
                lambda left, right: replace(chain, left=left, right=right),
                (operand for operand in operands if operand is not dropped),
            )
            yield _mutant(source, chain, kept, f"without {source.excerpt(dropped.span)}")


def _chains(node: Expression) -> Iterator[Binary]:
    if isinstance(node, Binary) and node.operator in ("&&", "||"):
        yield node
        for operand in operands_of(node):
            yield from _chains(operand)
    else:
        for child in children(node):
            yield from _chains(child)


def _mutant(source: Source, old: Allow | Expression, new: Allow | Expression | None, change: str) -> Mutant:
    return Mutant(change, old.span, _replaced(source, old, new))


def _replaced(node: Any, old: Allow | Expression, new: object) -> Any:
    """A tree in which `new` stands for `old`, or nothing if it is None. Only what the span of `old` lies in is gone through."""
    if node is old:
        return new
    span = getattr(node, "span", None)
    if span is not None and not span.start <= old.span.start <= old.span.end <= span.end:
        return node
    if isinstance(node, tuple):
        parts = [_replaced(part, old, new) for part in node]
        if all(part is was for part, was in zip(parts, node, strict=True)):
            return node
        return tuple(part for part, was in zip(parts, node, strict=True) if was is not old or new is not None)
    if is_dataclass(node) and not isinstance(node, type | Span):
        changed = {each.name: _replaced(getattr(node, each.name), old, new) for each in fields(node)}
        if any(changed[name] is not getattr(node, name) for name in changed):
            return replace(node, **changed)
    return node
