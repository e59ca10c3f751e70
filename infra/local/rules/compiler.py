"""From expressions to Python closures. The source must have passed `check.py`: here every name is known."""

from collections.abc import Callable

from . import abstract
from .abstract import UNKNOWN, Abstract
from .builtin import Builtin
from .errors import EvaluationError
from .logic import compile_chain, compile_ternary
from .methods import method_of
from .namespaces import FUNCTIONS, NAMESPACES, READS
from .operators import BINARY, has_type, index, negative, piece, segment
from .run import Code, Run, Step
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
from .values import Lazy, Path, Value, property_of


class Compiler:
    """Compiles the expressions of one source. With `tracing`, every evaluation leaves a step in its run."""

    def __init__(self, *, tracing: bool = False) -> None:
        self._tracing = tracing
        self._functions: dict[int, list[Code]] = {}

    def compile(self, node: Expression, scope: Scope) -> Code:
        """The code of an expression in a scope."""
        code = self._compile(node, scope)
        return _traced(node, code) if self._tracing and not isinstance(node, Literal) else code

    def _compile(self, node: Expression, scope: Scope) -> Code:
        match node:
            case Literal(value=value):
                return lambda _run, _frame: value
            case Name(name=name):
                return _name(name, scope)
            case Field(base=base, name=name):
                return _field(self.compile(base, scope), name)
            case Binary(operator="&&" | "||" as symbol):
                return compile_chain(symbol, [self.compile(operand, scope) for operand in operands_of(node)])
            case Binary(operator=symbol, left=left, right=right):
                return _binary(symbol, self.compile(left, scope), self.compile(right, scope))
            case Unary(operator=symbol, operand=operand):
                return (_not if symbol == "!" else _minus)(self.compile(operand, scope))
            case IsType(operand=operand, type_name=name):
                return _is(self.compile(operand, scope), name)
            case Ternary(test=test, then=then, otherwise=otherwise):
                return compile_ternary(*(self.compile(part, scope) for part in (test, then, otherwise)))
            case ListOf(items=items):
                return self._container(items, scope, list)
            case MapOf(entries=entries):
                parts = tuple(part for entry in entries for part in entry)
                return self._container(parts, scope, lambda values: _map(values[::2], values[1::2]))
            case PathOf():
                return self._path(node, scope, frozenset())
            case Index(base=base, key=key):
                return _index(self.compile(base, scope), self.compile(key, scope))
            case Slice(base=base, start=start, end=end):
                return _gather(self._all((base, start, end), scope), lambda values: piece(*values))
            case Call(name=name, arguments=arguments):
                return self._call(name, self._all(arguments, scope), scope)
            case Method():
                return self._method(node, scope)

    def _all(self, nodes: tuple[Expression, ...], scope: Scope) -> list[Code]:
        return [self.compile(node, scope) for node in nodes]

    def _container(self, nodes: tuple[Expression, ...], scope: Scope, make: Callable[[list[Value]], Value]) -> Code:
        """The code of a list or map that is written out. One of constants is made once."""
        if all(isinstance(node, Literal) for node in nodes):
            constant = make([node.value for node in nodes if isinstance(node, Literal)])
            return lambda _run, _frame: constant
        return _gather(self._all(nodes, scope), make)

    def _path(self, node: PathOf, scope: Scope, unbound: frozenset[str]) -> Code:
        """The code of a path. The names in `unbound` are taken from a map that is the last variable of the frame."""
        parts: list[str | Code] = []
        for part in node.segments:
            if isinstance(part, Name) and part.name in unbound:
                parts.append(lambda _run, frame, name=part.name: index(frame[-1], name))  # type: ignore[misc]
            else:
                parts.append(part if isinstance(part, str) else self.compile(part, scope))
        return _joined(parts)

    def _call(self, name: str, arguments: list[Code], scope: Scope) -> Code:
        if name in scope.functions:
            return _invoke(self._body(scope.functions[name]), arguments)
        if name in READS:
            return _read(name, arguments[0])
        if name == "debug":
            return _debug(arguments[0])
        return _builtin(FUNCTIONS[name], arguments)

    def _method(self, node: Method, scope: Scope) -> Code:
        base, arguments = node.base, self._all(node.arguments, scope)
        if isinstance(base, Name) and not scope.knows(base.name):
            return _builtin(NAMESPACES[base.name][node.name], arguments)
        if isinstance(base, PathOf) and node.name == "bind":
            unbound = frozenset(part.name for part in base.segments if isinstance(part, Name))
            path = self._path(base, scope, frozenset(name for name in unbound if not scope.knows(name)))
            return lambda run, frame: path(run, [*frame, arguments[0](run, frame)])
        return _method(self.compile(base, scope), node.name, arguments)

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


def _traced(node: Expression, code: Code) -> Code:
    def traced(run: Run, frame: list[Value]) -> Value:
        step = Step(node, run.depth, UNKNOWN)
        run.steps.append(step)
        run.depth += 1
        try:
            step.outcome = code(run, frame)
        except EvaluationError as error:
            step.outcome = error
            raise
        finally:
            run.depth -= 1
        return step.outcome

    return traced


def _name(name: str, scope: Scope) -> Code:
    variable, capture = scope.variable(name), scope.capture(name)
    if variable is not None:
        return lambda _run, frame: frame[variable]
    if capture is not None:
        return lambda run, _frame: run.captures[capture]
    if name == "request":
        return lambda run, _frame: run.request
    return lambda run, _frame: run.resource


def _field(base: Code, name: str) -> Code:
    def field(run: Run, frame: list[Value]) -> Value:
        run.spend()
        container = base(run, frame)
        if type(container) is not dict:
            is_abstract = isinstance(container, Abstract)
            return abstract.property_of(container, name) if is_abstract else property_of(container, name)
        if name not in container:
            raise EvaluationError(f"Property {name} is undefined on object.")
        value = container[name]
        return value.value() if type(value) is Lazy else value

    return field


def _binary(symbol: str, left: Code, right: Code) -> Code:
    operate = BINARY[symbol]

    def binary(run: Run, frame: list[Value]) -> Value:
        run.spend()
        first, second = left(run, frame), right(run, frame)
        if isinstance(first, Abstract) or isinstance(second, Abstract):
            return abstract.binary(symbol, first, second)
        return operate(first, second)

    return binary


def _not(operand: Code) -> Code:
    def negated(run: Run, frame: list[Value]) -> Value:
        run.spend()
        value = operand(run, frame)
        if isinstance(value, bool | Abstract):
            return abstract.negation(value)
        raise EvaluationError("Type error. ! takes bool.")

    return negated


def _minus(operand: Code) -> Code:
    return _gather([operand], lambda values: negative(values[0]))


def _is(operand: Code, name: str) -> Code:
    def is_type(run: Run, frame: list[Value]) -> Value:
        run.spend()
        value = operand(run, frame)
        return abstract.has_type(value, name) if isinstance(value, Abstract) else has_type(value, name)

    return is_type


def _gather(parts: list[Code], make: Callable[[list[Value]], Value]) -> Code:
    """The code of what needs all of its parts; unknown if one of them is."""

    def gather(run: Run, frame: list[Value]) -> Value:
        run.spend()
        values = [part(run, frame) for part in parts]
        return UNKNOWN if _any_abstract(values) else make(values)

    return gather


def _any_abstract(values: list[Value]) -> bool:
    for value in values:  # noqa: SIM110 - three times as fast as any()
        if isinstance(value, Abstract):
            return True
    return False


def _joined(parts: list[str | Code]) -> Code:
    def path(run: Run, frame: list[Value]) -> Value:
        run.spend()
        words: list[str] = []
        for part in parts:
            if isinstance(part, str):
                words.append(part)
                continue
            value = part(run, frame)
            if isinstance(value, Abstract):
                return UNKNOWN
            words += segment(value)
        return Path(tuple(words))

    return path


def _map(keys: list[Value], values: list[Value]) -> dict[str, Value]:
    if not all(type(key) is str for key in keys):
        raise EvaluationError("Type error. The keys of a map are strings.")
    return dict(zip(keys, values, strict=True))


def _index(base: Code, key: Code) -> Code:
    def indexed(run: Run, frame: list[Value]) -> Value:
        run.spend()
        container, at = base(run, frame), key(run, frame)
        if isinstance(container, Abstract) and type(at) is str:
            return abstract.property_of(container, at)
        if isinstance(container, Abstract) or isinstance(at, Abstract):
            return UNKNOWN
        return index(container, at)

    return indexed


def _invoke(body: list[Code], arguments: list[Code]) -> Code:
    *lets, result = body

    def invoke(run: Run, frame: list[Value]) -> Value:
        run.spend()
        inner = [argument(run, frame) for argument in arguments]
        for let in lets:
            inner.append(let(run, inner))
        return result(run, inner)

    return invoke


def _builtin(function: Builtin, arguments: list[Code]) -> Code:
    def call(values: list[Value]) -> Value:
        function.check(values)
        return function.body(*values)

    return _gather(arguments, call)


def _method(base: Code, name: str, arguments: list[Code]) -> Code:
    def method(run: Run, frame: list[Value]) -> Value:
        run.spend()
        value = base(run, frame)
        values = [argument(run, frame) for argument in arguments]
        if isinstance(value, Abstract) or _any_abstract(values):
            return abstract.method(value, name, values)
        found = method_of(value, name)
        if len(values) != len(found.takes):
            raise EvaluationError(f"Type error. {name} takes {len(found.takes)} arguments, not {len(values)}.")
        found.check(values)
        return found.body(value, *values)

    return method


def _read(name: str, path: Code) -> Code:
    after, wants_existence = name.endswith("After"), name.startswith("exists")

    def read(run: Run, frame: list[Value]) -> Value:
        run.spend()
        target = path(run, frame)
        if isinstance(target, Abstract):
            return UNKNOWN
        if type(target) is not Path:
            raise EvaluationError(f"Type error. {name} takes path.")
        document = run.reads.get(target, after=after)
        return document is not None if wants_existence else document

    return read


def _debug(argument: Code) -> Code:
    def debug(run: Run, frame: list[Value]) -> Value:
        run.spend()
        value = argument(run, frame)
        run.debugged.append(value)
        return value

    return debug
