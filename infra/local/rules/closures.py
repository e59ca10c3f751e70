"""The closures that expressions are compiled to, one builder a kind of expression.

They run hundreds of times for one request, so they count what they spend in place and leave to `invoke` to look at the sum."""

from collections.abc import Callable

from . import abstract, operators
from .abstract import UNKNOWN, Abstract
from .builtin import Builtin
from .errors import EvaluationError
from .methods import METHODS, method_of
from .run import Code, Run, Step
from .scope import Scope
from .syntax import Expression
from .values import PLAIN, Lazy, Path, Value, property_of, types_named


def traced(node: Expression, code: Code) -> Code:
    """The code of a node that leaves a step in its run."""

    def watched(run: Run, frame: list[Value]) -> Value:
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

    return watched


def name(word: str, scope: Scope) -> Code:
    """The code of a variable, a wildcard, `request` or `resource`."""
    variable, capture = scope.variable(word), scope.capture(word)
    if variable is not None:
        return lambda _run, frame: frame[variable]
    if capture is not None:
        return lambda run, _frame: run.captures[capture]
    if word == "request":
        return lambda run, _frame: run.request
    return lambda run, _frame: run.resource


def fields(base: Code, names: tuple[str, ...]) -> Code:
    """The code of `base.name.name…`"""
    count = len(names)

    def followed(run: Run, frame: list[Value]) -> Value:
        run.spent += count
        value = base(run, frame)
        for name in names:
            if type(value) is dict:
                if name not in value:
                    raise EvaluationError(f"Property {name} is undefined on object.")
                value = value[name]
                if type(value) is Lazy:
                    value = value.value()
            elif isinstance(value, Abstract):
                value = abstract.property_of(value, name)
            else:
                value = property_of(value, name)
        return value

    return followed


def binary(symbol: str, left: Code, right: Code) -> Code:
    """The code of an operator that always looks at both sides."""
    operate, compare = operators.BINARY[symbol], operators.COMPARISONS.get(symbol)

    def operated(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        first, second = left(run, frame), right(run, frame)
        kind = type(first)
        if compare is not None and kind is type(second) and kind in PLAIN:
            return compare(first, second)
        if isinstance(first, Abstract) or isinstance(second, Abstract):
            return abstract.binary(symbol, first, second)
        return operate(first, second)

    return operated


def negation(operand: Code) -> Code:
    """The code of `!x`"""

    def negated(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        value = operand(run, frame)
        if isinstance(value, bool | Abstract):
            return abstract.negation(value)
        raise EvaluationError("Type error. ! takes bool.")

    return negated


def minus(operand: Code) -> Code:
    """The code of `-x`"""
    return gather([operand], lambda values: operators.negative(values[0]))


def is_type(operand: Code, name: str) -> Code:
    """The code of `x is name`"""
    kinds = types_named(name)

    def tested(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        value = operand(run, frame)
        if type(value) in kinds:
            return True
        return abstract.has_type(value, name) if isinstance(value, Abstract) else False

    return tested


def gather(parts: list[Code], make: Callable[[list[Value]], Value]) -> Code:
    """The code of what needs all of its parts; unknown if one of them is."""

    def gathered(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        values = [part(run, frame) for part in parts]
        return UNKNOWN if _any_abstract(values) else make(values)

    return gathered


def _any_abstract(values: list[Value]) -> bool:
    for value in values:  # noqa: SIM110 - three times as fast as any()
        if isinstance(value, Abstract):
            return True
    return False


def path(parts: list[str | Code]) -> Code:
    """The code of a path: words, and the codes of what stands in between."""

    def joined(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        words: list[str] = []
        for part in parts:
            if isinstance(part, str):
                words.append(part)
                continue
            value = part(run, frame)
            if isinstance(value, Abstract):
                return UNKNOWN
            words += operators.segment(value)
        return Path(tuple(words))

    return joined


def map_of(keys: list[Value], values: list[Value]) -> dict[str, Value]:
    """A map that is written out. Raises EvaluationError for keys that are no strings."""
    if not all(type(key) is str for key in keys):
        raise EvaluationError("Type error. The keys of a map are strings.")
    return dict(zip(keys, values, strict=True))


def index(base: Code, key: Code) -> Code:
    """The code of `base[key]`"""

    def indexed(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        container, at = base(run, frame), key(run, frame)
        if isinstance(container, Abstract) and type(at) is str:
            return abstract.property_of(container, at)
        if isinstance(container, Abstract) or isinstance(at, Abstract):
            return UNKNOWN
        return operators.index(container, at)

    return indexed


def invoke(body: list[Code], arguments: list[Code]) -> Code:
    """The code of a call of a function of the source. All that can make an evaluation long goes through here."""
    *lets, result = body

    def invoked(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        run.check_spending()
        inner: list[Value] = []
        for argument in arguments:  # a comprehension would be one call more
            inner.append(argument(run, frame))
        for let in lets:
            inner.append(let(run, inner))
        return result(run, inner)

    return invoked


def builtin(function: Builtin, arguments: list[Code]) -> Code:
    """The code of a call of a function that is built in."""

    def call(values: list[Value]) -> Value:
        function.check(values)
        return function.body(*values)

    return gather(arguments, call)


def method(base: Code, name: str, arguments: list[Code]) -> Code:
    """The code of a call of a method."""

    def called(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        value = base(run, frame)
        return _call(value, name, [argument(run, frame) for argument in arguments])

    return called


def method_on_constants(base: Code, name: str, constants: list[Value]) -> Code:
    """The same where the arguments are written out: which types of values take them is found out once."""
    bodies = {kind: methods[name].body for kind, methods in METHODS.items() if _takes(methods.get(name), constants)}

    def called(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        value = base(run, frame)
        body = bodies.get(type(value))
        return body(value, *constants) if body is not None else _call(value, name, constants)

    return called


def _takes(found: Builtin | None, arguments: list[Value]) -> bool:
    try:
        if found is None or len(arguments) != len(found.takes):
            return False
        found.check(arguments)
    except EvaluationError:
        return False
    return True


def _call(value: Value, name: str, arguments: list[Value]) -> Value:
    if isinstance(value, Abstract) or _any_abstract(arguments):
        return abstract.method(value, name, arguments)
    found = method_of(value, name)
    if len(arguments) != len(found.takes):
        raise EvaluationError(f"Type error. {name} takes {len(found.takes)} arguments, not {len(arguments)}.")
    found.check(arguments)
    return found.body(value, *arguments)


def read(name: str, where: Code) -> Code:
    """The code of `get`, `getAfter`, `exists` or `existsAfter`."""
    after, wants_existence = name.endswith("After"), name.startswith("exists")

    def looked_up(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        target = where(run, frame)
        if isinstance(target, Abstract):
            return UNKNOWN
        if type(target) is not Path:
            raise EvaluationError(f"Type error. {name} takes path.")
        document = run.reads.get(target, after=after)
        return document is not None if wants_existence else document

    return looked_up


def debug(argument: Code) -> Code:
    """The code of `debug(x)`: x, noted."""

    def noted(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        value = argument(run, frame)
        run.debugged.append(value)
        return value

    return noted
