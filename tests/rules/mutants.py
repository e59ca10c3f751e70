"""Mutants of the rules: each lacks one condition, one `allow`, or one method of an `allow`."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.local.rules.parser import parse
from infra.local.rules.syntax import Allow, Binary, Expression, Function, Match, Source, Span, children

_PARTS = {"read": ("get", "list"), "write": ("create", "update", "delete")}


@dataclass(frozen=True)
class Mutant:
    """A changed source, and where and how it was changed."""

    line: int
    change: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.change}"


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a source."""
    source = parse(text)
    for service in source.services:
        for function in service.functions:
            yield from _of_function(source, function)
        for match in service.matches:
            yield from _of_match(source, match)


def _of_match(source: Source, match: Match) -> Iterator[Mutant]:
    for function in match.functions:
        yield from _of_function(source, function)
    for allow in match.allows:
        yield from _of_allow(source, allow)
    for nested in match.matches:
        yield from _of_match(source, nested)


def _of_allow(source: Source, allow: Allow) -> Iterator[Mutant]:
    yield _changed(source, allow.span, "")
    condition = source.excerpt(allow.condition.span) if allow.condition else "true"
    methods = [part for name in allow.methods for part in _PARTS.get(name, (name,))]
    for method in methods if len(methods) > 1 else ():
        left = ", ".join(other for other in methods if other != method)
        yield _changed(source, allow.span, f"allow {left}: if {condition};")
    if allow.condition:
        yield from _of_condition(source, allow.condition)


def _of_function(source: Source, function: Function) -> Iterator[Mutant]:
    yield from _of_condition(source, function.result)


def _of_condition(source: Source, condition: Expression) -> Iterator[Mutant]:
    """Without each operand of its chains; a condition that is no chain becomes true."""
    chains = list(_chains(condition))
    if not chains:
        yield _changed(source, condition.span, "true")
    for operator, operands in chains:
        first, last = operands[0].span, operands[-1].span
        whole = Span(first.position, first.start, last.end)
        for dropped in operands:
            kept = [source.text[each.span.start : each.span.end] for each in operands if each is not dropped]
            yield _changed(source, whole, f" {operator} ".join(kept), f"without {source.excerpt(dropped.span)}")


def _chains(node: Expression) -> Iterator[tuple[str, list[Expression]]]:
    if isinstance(node, Binary) and node.operator in ("&&", "||"):
        operands = list(_operands(node, node.operator))
        yield node.operator, operands
        for operand in operands:
            yield from _chains(operand)
    else:
        for child in children(node):
            yield from _chains(child)


def _operands(node: Expression, operator: str) -> Iterator[Expression]:
    if isinstance(node, Binary) and node.operator == operator:
        yield from _operands(node.left, operator)
        yield from _operands(node.right, operator)
    else:
        yield node


def _changed(source: Source, span: Span, replacement: str, how: str = "") -> Mutant:
    text = source.text[: span.start] + replacement + source.text[span.end :]
    change = how or f"{source.excerpt(span)} -> {replacement or 'nothing'}"
    return Mutant(span.position.line, change, text)
