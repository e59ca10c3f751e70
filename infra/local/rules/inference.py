"""The types of expressions, as far as they show without data, and what is wrong with them then."""

from difflib import get_close_matches

from .builtin import Builtin
from .errors import EvaluationError, Problem
from .methods import METHODS
from .methods import NAMES as METHOD_NAMES
from .namespaces import FUNCTIONS, NAMESPACES, READS
from .regex import compiled
from .scope import Scope
from .syntax import (
    Binary,
    Call,
    Expression,
    Field,
    Index,
    IsType,
    ListOf,
    Literal,
    MapOf,
    Method,
    Name,
    PathOf,
    Slice,
    Ternary,
    Unary,
    children,
)
from .values import NAMES, TYPES, type_name


class Inference:
    """Finds types in one scope. A type is a name such as "int", "number" for int or float, "" for one that is open."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.problems: list[Problem] = []

    def kind(self, node: Expression) -> str:
        """The type of an expression; problems inside are noted."""
        match node:
            case Literal(value=value):
                return type_name(value)
            case Name(name=name):
                return self._name(node, name)
            case ListOf() | MapOf():
                self._all(children(node))
                return "list" if isinstance(node, ListOf) else "map"
            case PathOf():
                self._all(children(node))
                return "path"
            case Field(base=base, name=name):
                self._expect(base, f".{name}", "map", "path")
                return self._field(base, name)
            case Index() | Slice():
                self._all(children(node))
            case Unary(operator="!", operand=operand):
                self._expect(operand, "!", "bool")
                return "bool"
            case Unary(operand=operand):
                return self._expect(operand, "-", "int", "float", "number", "duration")
            case Binary():
                return self._binary(node)
            case IsType(operand=operand, type_name=name):
                self.kind(operand)
                if name not in TYPES:
                    self._say(node, f'There is no type "{name}"; there are {", ".join(sorted(TYPES))}.')
                return "bool"
            case Ternary(test=test, then=then, otherwise=otherwise):
                self._expect(test, "?", "bool")
                kinds = {self.kind(then), self.kind(otherwise)}
                return kinds.pop() if len(kinds) == 1 else ""
            case Call():
                return self._call(node)
            case Method():
                return self._method(node)
        return ""

    def _say(self, node: Expression, sentence: str) -> None:
        self.problems.append(Problem(node.span.position, sentence))

    def _all(self, nodes: tuple[Expression, ...]) -> list[str]:
        return [self.kind(node) for node in nodes]

    def _expect(self, node: Expression, what: str, *kinds: str) -> str:
        kind = self.kind(node)
        if kind and kind not in kinds:
            self._say(node, f"{what} takes {' or '.join(kinds)}, not {kind}.")
        return kind

    def _name(self, node: Expression, name: str) -> str:
        if name in NAMESPACES and not self._scope.knows(name):
            self._say(node, f"{name} is a namespace: write {name}.{next(iter(NAMESPACES[name]))}(…).")
        elif not self._scope.knows(name):
            known = ["request", "resource", *self._scope.captures, *self._scope.variables]
            self._say(node, f"There is no variable {name} here.{_hint(name, known)}")
        return ""

    def _field(self, base: Expression, name: str) -> str:
        """The type of a field of `request`, `resource` or `request.resource`, all others are open."""
        match base:
            case Name(name="request" | "resource" as variable) if variable not in self._scope.variables:
                return _FIELDS.get(f"{variable}.{name}", "")
            case Field(base=Name(name="request"), name="resource") if "request" not in self._scope.variables:
                return _FIELDS.get(f"resource.{name}", "")
        return ""

    def _binary(self, node: Binary) -> str:
        symbol = node.operator
        if symbol in ("&&", "||"):
            self._expect(node.left, symbol, "bool")
            self._expect(node.right, symbol, "bool")
            return "bool"
        left, right = self._all((node.left, node.right))
        if symbol in ("==", "!=", "in"):
            if symbol == "in" and right not in ("", "list", "map", "set"):
                self._say(node.right, f"in takes list, map or set, not {right}.")
            return "bool"
        if left and right and not _fits(symbol, left, right):
            self._say(node, f"{left} {symbol} {right} is not defined.")
        return "bool" if symbol in ("<", "<=", ">", ">=") else _result(symbol, left, right)

    def _call(self, node: Call) -> str:
        kinds = self._all(node.arguments)
        if node.name in self._scope.functions:
            parameters = self._scope.functions[node.name].function.parameters
            self._count(node, node.name, len(parameters), len(node.arguments))
            return ""
        builtin = READS.get(node.name) or FUNCTIONS.get(node.name)
        if builtin is None:
            known = [*self._scope.functions, *FUNCTIONS, *READS]
            self._say(node, f"There is no function {node.name} here.{_hint(node.name, known)}")
            return ""
        return self._builtin(node, builtin, node.arguments, kinds)

    def _method(self, node: Method) -> str:
        base = node.base
        if isinstance(base, Name) and base.name in NAMESPACES and not self._scope.knows(base.name):
            return self._namespaced(node, base.name)
        kinds = self._all(node.arguments)
        if isinstance(base, PathOf) and node.name == "bind":
            return "path"
        kind = self.kind(base)
        owners = [table for owner, table in _TABLES.items() if node.name in table and kind in ("", owner)]
        if not owners:
            if kind:
                self._say(
                    node, f"The type {kind} has no method {node.name}.{_hint(node.name, list(_TABLES.get(kind, ())))}"
                )
            else:
                self._say(node, f"No type has a method {node.name}.{_hint(node.name, sorted(METHOD_NAMES))}")
            return ""
        counts = {len(table[node.name].takes) for table in owners}
        if len(node.arguments) not in counts:
            self._count(node, node.name, min(counts), len(node.arguments))
        elif len(owners) == 1:
            return self._builtin(node, owners[0][node.name], node.arguments, kinds)
        given = {table[node.name].gives for table in owners}
        return given.pop() if len(given) == 1 else ""

    def _namespaced(self, node: Method, namespace: str) -> str:
        kinds = self._all(node.arguments)
        builtin = NAMESPACES[namespace].get(node.name)
        if builtin is None:
            hint = _hint(node.name, list(NAMESPACES[namespace]))
            self._say(node, f"The namespace {namespace} has no function {node.name}.{hint}")
            return ""
        return self._builtin(node, builtin, node.arguments, kinds)

    def _builtin(self, node: Expression, builtin: Builtin, arguments: tuple[Expression, ...], kinds: list[str]) -> str:
        self._count(node, builtin.name, len(builtin.takes), len(arguments))
        for wanted, kind, argument in zip(builtin.takes, kinds, arguments, strict=False):
            if kind and wanted and kind not in wanted and not (kind == "number" and "int" in wanted):
                self._say(argument, f"{builtin.name} takes {' or '.join(sorted(wanted))}, not {kind}.")
        if builtin.name in ("matches", "replace", "split"):
            self._pattern(arguments)
        return builtin.gives

    def _pattern(self, arguments: tuple[Expression, ...]) -> None:
        match arguments:
            case (Literal(value=str() as pattern), *_):
                try:
                    compiled(pattern)
                except EvaluationError as error:
                    self._say(arguments[0], str(error))

    def _count(self, node: Expression, name: str, wanted: int, given: int) -> None:
        if wanted != given:
            self._say(node, f"{name} takes {wanted} argument{'' if wanted == 1 else 's'}, not {given}.")


_TABLES = {NAMES[kind]: table for kind, table in METHODS.items()}
_FIELDS = {
    "request.method": "string",
    "request.path": "path",
    "request.time": "timestamp",
    "resource.__name__": "path",
    "resource.data": "map",
    "resource.id": "string",
}
_NUMBERS = ("int", "float", "number")
_TIMES = {
    ("timestamp", "duration", "+"): "timestamp",
    ("duration", "timestamp", "+"): "timestamp",
    ("duration", "duration", "+"): "duration",
    ("duration", "duration", "-"): "duration",
    ("timestamp", "timestamp", "-"): "duration",
    ("timestamp", "duration", "-"): "timestamp",
}


def _fits(symbol: str, left: str, right: str) -> bool:
    if left in _NUMBERS and right in _NUMBERS:
        return symbol != "%" or "float" not in (left, right)
    if symbol in ("<", "<=", ">", ">="):
        return left == right and left in ("string", "bytes", "timestamp", "duration")
    return (left, right, symbol) in _TIMES or (symbol == "+" and left == right and left in ("string", "list", "bytes"))


def _result(symbol: str, left: str, right: str) -> str:
    if left in _NUMBERS and right in _NUMBERS:
        return left if left == right else "float" if "float" in (left, right) else "number"
    if left == right and left in ("string", "list", "bytes"):
        return left
    return _TIMES.get((left, right, symbol), "")


def _hint(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, 1)
    return f" Did you mean {close[0]}?" if close else ""
