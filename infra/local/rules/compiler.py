"""From expressions to Python closures. The source must have passed `check.py`: here every name is known."""

from collections.abc import Callable

from . import closures
from .logic import compile_chain, compile_ternary
from .namespaces import FUNCTIONS, NAMESPACES, READS
from .operators import index, piece
from .run import Code
from .scope import Definition, Scope
from .syntax import (
    Binary,
    Call,
    Expression,
    Field,
    Function,
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
    operands_of,
)
from .values import Value


class Compiler:
    """Compiles the expressions of one source. With `tracing`, every evaluation leaves a step in its run."""

    def __init__(self, *, tracing: bool = False) -> None:
        self._tracing = tracing
        self._functions: dict[int, list[Code]] = {}

    def compile(self, node: Expression, scope: Scope) -> Code:
        """The code of an expression in a scope."""
        code = self._compile(node, scope)
        return closures.traced(node, code) if self._tracing and not isinstance(node, Literal) else code

    def _compile(self, node: Expression, scope: Scope) -> Code:
        match node:
            case Literal(value=value):
                return lambda _run, _frame: value
            case Name(name=name):
                return closures.name(name, scope)
            case Field():
                return self._fields(node, scope)
            case Binary(operator="&&" | "||" as symbol):
                return compile_chain(symbol, [self.compile(operand, scope) for operand in operands_of(node)])
            case Binary(operator=symbol, left=left, right=right):
                return closures.binary(symbol, self.compile(left, scope), self.compile(right, scope))
            case Unary(operator=symbol, operand=operand):
                return (closures.negation if symbol == "!" else closures.minus)(self.compile(operand, scope))
            case IsType(operand=operand, type_name=name):
                return closures.is_type(self.compile(operand, scope), name)
            case Ternary(test=test, then=then, otherwise=otherwise):
                return compile_ternary(*(self.compile(part, scope) for part in (test, then, otherwise)))
            case ListOf(items=items):
                return self._container(items, scope, list)
            case MapOf(entries=entries):
                parts = tuple(part for entry in entries for part in entry)
                return self._container(parts, scope, lambda values: closures.map_of(values[::2], values[1::2]))
            case PathOf():
                return self._path(node, scope, frozenset())
            case Index(base=base, key=key):
                return closures.index(self.compile(base, scope), self.compile(key, scope))
            case Slice(base=base, start=start, end=end):
                return closures.gather(self._all((base, start, end), scope), lambda values: piece(*values))
            case Call(name=name, arguments=arguments):
                return self._call(name, self._all(arguments, scope), scope)
            case Method():
                return self._method(node, scope)

    def _all(self, nodes: tuple[Expression, ...], scope: Scope) -> list[Code]:
        return [self.compile(node, scope) for node in nodes]

    def _container(self, nodes: tuple[Expression, ...], scope: Scope, make: Callable[[list[Value]], Value]) -> Code:
        """The code of a list or map that is written out. One of constants is made once."""
        constants = _constants(nodes)
        if constants is not None:
            constant = make(constants)
            return lambda _run, _frame: constant
        return closures.gather(self._all(nodes, scope), make)

    def _fields(self, node: Field, scope: Scope) -> Code:
        """The code of `a.b.c`: one step where nobody wants to see those between."""
        names = [node.name]
        while isinstance(node.base, Field) and not self._tracing:
            node = node.base
            names.append(node.name)
        return closures.fields(self.compile(node.base, scope), tuple(reversed(names)))

    def _path(self, node: PathOf, scope: Scope, unbound: frozenset[str]) -> Code:
        """The code of a path. The names in `unbound` are taken from a map that is the last variable of the frame."""
        parts: list[str | Code] = []
        for part in node.segments:
            if isinstance(part, Name) and part.name in unbound:
                parts.append(lambda _run, frame, name=part.name: index(frame[-1], name))  # type: ignore[misc]
            else:
                parts.append(part if isinstance(part, str) else self.compile(part, scope))
        return closures.path(parts)

    def _call(self, name: str, arguments: list[Code], scope: Scope) -> Code:
        if name in scope.functions:
            return closures.invoke(self._body(scope.functions[name]), arguments)
        if name in READS:
            return closures.read(name, arguments[0])
        if name == "debug":
            return closures.debug(arguments[0])
        return closures.builtin(FUNCTIONS[name], arguments)

    def _method(self, node: Method, scope: Scope) -> Code:
        base, arguments = node.base, self._all(node.arguments, scope)
        if isinstance(base, Name) and not scope.knows(base.name):
            return closures.builtin(NAMESPACES[base.name][node.name], arguments)
        if isinstance(base, PathOf) and node.name == "bind":
            unbound = frozenset(part.name for part in base.segments if isinstance(part, Name))
            path = self._path(base, scope, frozenset(name for name in unbound if not scope.knows(name)))
            return lambda run, frame: path(run, [*frame, arguments[0](run, frame)])
        constants = None if self._tracing else _constants(node.arguments)
        if constants is not None:
            return closures.method_on_constants(self.compile(base, scope), node.name, constants)
        return closures.method(self.compile(base, scope), node.name, arguments)

    def _body(self, definition: Definition) -> list[Code]:
        """The code of a function's bindings, and of its result at the end."""
        function = definition.function
        if id(function) not in self._functions:
            self._functions[id(function)] = self._bodies(function, definition.scope)
        return self._functions[id(function)]

    def _bodies(self, function: Function, scope: Scope) -> list[Code]:
        known, codes = function.parameters, []
        for let in function.lets:
            codes.append(self.compile(let.value, scope.within(known)))
            known = (*known, let.name)
        return [*codes, self.compile(function.result, scope.within(known))]


def _constants(nodes: tuple[Expression, ...]) -> list[Value] | None:
    """The values of expressions that are all written out; None if one of them is not."""
    values: list[Value] = []
    for node in nodes:
        match node:
            case Literal(value=value):
                values.append(value)
            case ListOf(items=items) if (members := _constants(items)) is not None:
                values.append(members)
            case MapOf(entries=()):
                values.append({})
            case _:
                return None
    return values
