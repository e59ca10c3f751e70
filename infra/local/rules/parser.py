"""From source to tree. Syntax errors say where they are and what was expected there."""

import ast
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from lark import (
    Lark,
    Token,
    Transformer,
    UnexpectedCharacters,
    UnexpectedEOF,
    UnexpectedInput,
    UnexpectedToken,
    v_args,
)
from lark.exceptions import VisitError
from lark.tree import Meta

from . import syntax
from .errors import InvalidRules, Position, Problem
from .limits import MAX_SOURCE

Node: TypeAlias = Any
"""A part of the tree, or what it will be made of; the transformer knows which by the rule that it stands in."""

_GRAMMAR = Path(__file__).with_name("grammar.lark")
_SIGNS = {
    "SLASH": "a path",
    "NAME": "a name",
    "PATH_WORD": "a path segment",
    "STRING": "a string",
    "_DOLLAR_LPAREN": "$(",
    "_STARS": "**",
    "_COLON": ":",
    "_SEMICOLON": ";",
    "_COMMA": ",",
    "_ASSIGN": "=",
    "_DOT": ".",
    "_LPAREN": "(",
    "_RPAREN": ")",
    "_LBRACKET": "[",
    "_RBRACKET": "]",
    "_LBRACE": "{",
    "_RBRACE": "}",
    "$END": "the end of the file",
}
_COMPARISONS = frozenset({"EQ", "NE", "LE", "GE", "LT", "GT", "IN", "_IS"})
_ARITHMETIC = frozenset({"PLUS", "MINUS", "TIMES", "SLASH", "PERCENT"})
_OPERATORS = _COMPARISONS | _ARITHMETIC | {"OR", "AND", "_QUESTION", "_DOT", "_LBRACKET"}
_OPERANDS = frozenset({"INTEGER", "FLOAT", "TRUE", "FALSE", "NULL", "BYTES"})


def parse(text: str) -> syntax.Source:
    """The tree of a file. Raises InvalidRules with the first syntax error."""
    size = len(text.encode())
    if size > MAX_SOURCE:
        raise _invalid(1, 1, f"The file has {size} bytes; at most {MAX_SOURCE} are allowed.")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _explain(error, text) from None
    try:
        source: syntax.Source = _Builder(text).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    return source


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR.read_text(), parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _invalid(line: int, column: int, sentence: str) -> InvalidRules:
    return InvalidRules([Problem(Position(line, column), sentence)])


def _explain(error: UnexpectedInput, text: str) -> InvalidRules:
    lines = text.splitlines() or [""]
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        return _invalid(len(lines), len(lines[-1]) + 1, f"The file ends too early: {_wanted(error)} is missing.")
    found = f'"{error.token}"' if isinstance(error, UnexpectedToken) else f'"{text[error.pos_in_stream or 0]}"'
    if isinstance(error, UnexpectedToken) and text.startswith("/*", error.pos_in_stream):
        return _invalid(error.line, error.column, "A comment begins here that does not end.")
    if isinstance(error, UnexpectedCharacters) and found in ('"\'"', '"""'):
        return _invalid(error.line, error.column, "A string begins here that does not end on its line.")
    hint = ' Write "==" to compare.' if found == '"="' else ""
    return _invalid(error.line, error.column, f"{found} cannot stand here: expected {_wanted(error)}.{hint}")


def _wanted(error: UnexpectedInput) -> str:
    """What would fit, in words; operators only if nothing else does."""
    names: set[str] = set()
    for attribute in ("accepts", "expected", "allowed"):
        names = names or set(getattr(error, attribute, None) or ())
    if names == {"SLASH"}:
        return _SIGNS["SLASH"]
    words = []
    if names & _OPERANDS:
        words.append("a value")
        names -= _OPERANDS | {"STRING", "NAME", "SLASH", "_LPAREN", "_LBRACKET", "_LBRACE", "NOT", "MINUS"}
    if len(names - _OPERATORS) > 0:
        names -= _OPERATORS
    elif names:
        words.append("an operator")
        names = set()
    words += sorted(_SIGNS.get(name) or f'"{name.strip("_").lower()}"' for name in names)
    quoted = [word if " " in word or word.startswith('"') else f'"{word}"' for word in words]
    return " or ".join(quoted) or "something else"


@v_args(meta=True)
class _Builder(Transformer[Token, Any]):
    """Makes the tree's nodes, from the leaves up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def start(self, meta: Meta, parts: list[Node]) -> syntax.Source:  # noqa: ARG002
        version = next((part for part in parts if isinstance(part, str)), None)
        return syntax.Source(self._text, version, _of(syntax.Function, parts), _of(syntax.Service, parts))

    def version(self, meta: Meta, parts: list[Node]) -> str:
        return _string(parts[0], meta)

    def service(self, meta: Meta, parts: list[Node]) -> syntax.Service:
        return syntax.Service(_span(meta), parts[0], _of(syntax.Function, parts), _of(syntax.Match, parts))

    def service_name(self, meta: Meta, parts: list[Node]) -> str:  # noqa: ARG002
        return ".".join(parts)

    def match(self, meta: Meta, parts: list[Node]) -> syntax.Match:
        functions, allows, matches = (_of(kind, parts) for kind in (syntax.Function, syntax.Allow, syntax.Match))
        return syntax.Match(_span(meta), parts[0], functions, allows, matches)

    def pattern(self, meta: Meta, parts: list[Node]) -> tuple[str | syntax.Capture, ...]:  # noqa: ARG002
        return tuple(part if isinstance(part, syntax.Capture) else str(part) for part in parts if part != "/")

    def single(self, meta: Meta, parts: list[Node]) -> syntax.Capture:  # noqa: ARG002
        return syntax.Capture(str(parts[0]), recursive=False)

    def recursive(self, meta: Meta, parts: list[Node]) -> syntax.Capture:  # noqa: ARG002
        return syntax.Capture(str(parts[0]), recursive=True)

    def allow(self, meta: Meta, parts: list[Node]) -> syntax.Allow:
        methods = tuple(str(part) for part in parts if isinstance(part, Token))
        condition = next((part for part in parts if not isinstance(part, Token)), None)
        return syntax.Allow(_span(meta), methods, condition)

    def function(self, meta: Meta, parts: list[Node]) -> syntax.Function:
        name, parameters, *lets, result = parts
        return syntax.Function(_span(meta), str(name), parameters, tuple(lets), result)

    def parameters(self, meta: Meta, parts: list[Node]) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(map(str, parts))

    def let(self, meta: Meta, parts: list[Node]) -> syntax.Let:
        return syntax.Let(_span(meta), str(parts[0]), parts[1])

    def ternary(self, meta: Meta, parts: list[Node]) -> syntax.Ternary:
        return syntax.Ternary(_span(meta), *parts)

    def binary(self, meta: Meta, parts: list[Node]) -> syntax.Binary:
        left, operator, right = parts
        return syntax.Binary(_span(meta), str(operator), left, right)

    def is_type(self, meta: Meta, parts: list[Node]) -> syntax.IsType:
        return syntax.IsType(_span(meta), parts[0], str(parts[1]))

    def negation(self, meta: Meta, parts: list[Node]) -> syntax.Unary:
        return syntax.Unary(_span(meta), str(parts[0]), parts[1])

    def field(self, meta: Meta, parts: list[Node]) -> syntax.Field:
        return syntax.Field(_span(meta), parts[0], str(parts[1]))

    def method(self, meta: Meta, parts: list[Node]) -> syntax.Method:
        return syntax.Method(_span(meta), parts[0], str(parts[1]), parts[2])

    def index(self, meta: Meta, parts: list[Node]) -> syntax.Index:
        return syntax.Index(_span(meta), *parts)

    def slice(self, meta: Meta, parts: list[Node]) -> syntax.Slice:
        return syntax.Slice(_span(meta), *parts)

    def name(self, meta: Meta, parts: list[Node]) -> syntax.Name:
        return syntax.Name(_span(meta), str(parts[0]))

    def call(self, meta: Meta, parts: list[Node]) -> syntax.Call:
        return syntax.Call(_span(meta), str(parts[0]), parts[1])

    def list_of(self, meta: Meta, parts: list[Node]) -> syntax.ListOf:
        return syntax.ListOf(_span(meta), parts[0])

    def map_of(self, meta: Meta, parts: list[Node]) -> syntax.MapOf:
        return syntax.MapOf(_span(meta), parts[0])

    def arguments(self, meta: Meta, parts: list[Node]) -> tuple[syntax.Expression, ...]:  # noqa: ARG002
        return tuple(parts)

    entries = arguments
    entry = arguments

    def path(self, meta: Meta, parts: list[Node]) -> syntax.PathOf:
        segments = (str(part) if isinstance(part, Token) else part for part in parts if part != "/")
        return syntax.PathOf(_span(meta), tuple(segments))

    def interpolated(self, meta: Meta, parts: list[Node]) -> syntax.Expression:  # noqa: ARG002
        expression: syntax.Expression = parts[0]
        return expression

    def literal(self, meta: Meta, parts: list[Token]) -> syntax.Literal:
        return syntax.Literal(_span(meta), _constant(parts[0], meta))


def _span(meta: Meta) -> syntax.Span:
    return syntax.Span(Position(meta.line, meta.column), meta.start_pos, meta.end_pos)


def _of(kind: type[Any], parts: list[Node]) -> tuple[Any, ...]:
    return tuple(part for part in parts if isinstance(part, kind))


def _constant(token: Token, meta: Meta) -> bool | int | float | str | bytes | None:
    match token.type:
        case "TRUE" | "FALSE":
            return token.type == "TRUE"
        case "NULL":
            return None
        case "INTEGER":
            return _integer(token, meta)
        case "FLOAT":
            return float(token)
        case "BYTES":
            return _bytes(token, meta)
    return _string(token, meta)


def _integer(token: Token, meta: Meta) -> int:
    value = int(token)
    if value >= 1 << 63:
        raise _invalid(meta.line, meta.column, f"{token} does not fit into 64 bits.")
    return value


def _string(quoted: str, meta: Meta) -> str:
    """What a string literal stands for."""
    return str(_evaluated(quoted, quoted, meta))


def _bytes(quoted: str, meta: Meta) -> bytes:
    """What a literal of bytes stands for: characters are UTF-8, escapes are octets."""
    ascii_only = "".join(
        sign if sign.isascii() else "".join(f"\\x{octet:02x}" for octet in sign.encode()) for sign in quoted
    )
    return bytes(_evaluated(ascii_only, quoted, meta))


def _evaluated(python: str, quoted: str, meta: Meta) -> Any:
    """The value of a literal; its escapes are a subset of Python's."""
    try:
        return ast.literal_eval(python)
    except (SyntaxError, ValueError):
        raise _invalid(meta.line, meta.column, f"{quoted} has an escape sequence that does not exist.") from None
