"""The tree of a set of rules. Every node knows where it stands in the source."""

from dataclasses import dataclass
from typing import TypeAlias

from .errors import Position


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the source: where it begins, and its first and last offset in characters."""

    position: Position
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: bool, int, float, str, bytes or None."""

    span: Span
    value: bool | int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`"""

    span: Span
    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{k: v}`"""

    span: Span
    entries: tuple[tuple["Expression", "Expression"], ...]


@dataclass(frozen=True, slots=True)
class PathOf:
    """`/users/$(uid)`: words as they stand, expressions to put in."""

    span: Span
    segments: tuple["str | Expression", ...]


@dataclass(frozen=True, slots=True)
class Field:
    """`a.b`"""

    span: Span
    base: "Expression"
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`a[i]`"""

    span: Span
    base: "Expression"
    key: "Expression"


@dataclass(frozen=True, slots=True)
class Slice:
    """`a[i:j]`"""

    span: Span
    base: "Expression"
    start: "Expression"
    end: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """`f(x)`: a function of the rules, or one that is built in."""

    span: Span
    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Method:
    """`a.f(x)`: a method of a value, or a function of a namespace."""

    span: Span
    base: "Expression"
    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`!a` or `-a`"""

    span: Span
    operator: str
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """`a + b` and its like; also `&&`, `||` and `in`."""

    span: Span
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class IsType:
    """`a is string`"""

    span: Span
    operand: "Expression"
    type_name: str


@dataclass(frozen=True, slots=True)
class Ternary:
    """`a ? b : c`"""

    span: Span
    test: "Expression"
    then: "Expression"
    otherwise: "Expression"


Expression: TypeAlias = (
    Literal | Name | ListOf | MapOf | PathOf | Field | Index | Slice | Call | Method | Unary | Binary | IsType | Ternary
)


@dataclass(frozen=True, slots=True)
class Let:
    """`let name = value;`"""

    span: Span
    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Function:
    """A function with its bindings and its one result."""

    span: Span
    name: str
    parameters: tuple[str, ...]
    lets: tuple[Let, ...]
    result: Expression


@dataclass(frozen=True, slots=True)
class Capture:
    """`{name}`: one segment; `{name=**}`: any number of them, none too."""

    name: str
    recursive: bool


@dataclass(frozen=True, slots=True)
class Allow:
    """`allow methods: if condition`; without a condition always."""

    span: Span
    methods: tuple[str, ...]
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Match:
    """`match /pattern { … }`"""

    span: Span
    pattern: tuple[str | Capture, ...]
    functions: tuple[Function, ...]
    allows: tuple[Allow, ...]
    matches: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class Service:
    """`service name { … }`"""

    span: Span
    name: str
    functions: tuple[Function, ...]
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A whole file. `version` is None where the file does not say."""

    text: str
    version: str | None
    functions: tuple[Function, ...]
    services: tuple[Service, ...]

    def excerpt(self, span: Span) -> str:
        """The piece of source, on one line."""
        return " ".join(self.text[span.start : span.end].split())


def children(node: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside."""
    match node:
        case Literal() | Name():
            return ()
        case ListOf(items=items):
            return items
        case MapOf(entries=entries):
            return tuple(part for entry in entries for part in entry)
        case PathOf(segments=segments):
            return tuple(segment for segment in segments if not isinstance(segment, str))
        case Field(base=base):
            return (base,)
        case Index(base=base, key=key):
            return (base, key)
        case Slice(base=base, start=start, end=end):
            return (base, start, end)
        case Call(arguments=arguments):
            return arguments
        case Method(base=base, arguments=arguments):
            return (base, *arguments)
        case Unary(operand=operand) | IsType(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Ternary(test=test, then=then, otherwise=otherwise):
            return (test, then, otherwise)


def operands_of(chain: Binary) -> tuple[Expression, ...]:
    """`a`, `b` and `c` of `a && b && c`, or of `a || b || c`."""
    left = chain.left
    if isinstance(left, Binary) and left.operator == chain.operator:
        return (*operands_of(left), chain.right)
    return (left, chain.right)
