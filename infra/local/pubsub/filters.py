"""Subscription filters: the language in which a subscription says which messages it wants, by their attributes.

expression = term {"AND" term} | term {"OR" term}          AND and OR do not mix without parentheses
term       = ["NOT" | "-"] (comparison | "(" expression ")")
comparison = "attributes" ":" key
           | "attributes" "." key ("=" | "!=") string
           | "hasPrefix" "(" "attributes" "." key "," string ")"
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from infra.local.pubsub.errors import InvalidArgumentError

Attributes = Mapping[str, str]
Predicate = Callable[[Attributes], bool]

MAX_BYTES = 256

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<word>[A-Za-z_][A-Za-z0-9_-]*)|(?P<sign>!=|[=:.,()-])|(?P<end>\Z))"""
)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U000[0-9A-Fa-f]{5}|[0-3][0-7]{2}|.)", re.DOTALL)
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse_filter(text: str) -> Predicate:
    """Compile a filter; the empty one lets everything through.

    Raises InvalidArgumentError with the position, counted in characters from 1, at which it stops making sense."""
    if len(text.encode()) > MAX_BYTES:
        raise InvalidArgumentError(f"Invalid filter: longer than {MAX_BYTES} bytes.")
    if not text.strip():
        return lambda _attributes: True
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    def parse(self) -> Predicate:
        predicate = self._expression()
        if self._token.kind != "end":
            raise _wrong(self._token, "AND, OR (not both without parentheses) or the end")
        return predicate

    @property
    def _token(self) -> _Token:
        return self._tokens[self._at]

    def _accept(self, text: str) -> bool:
        if self._token.kind != "string" and self._token.text == text:
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise _wrong(self._token, text)

    def _expression(self) -> Predicate:
        terms = [self._term()]
        for operator, combine in (("AND", all), ("OR", any)):
            while self._accept(operator):
                terms.append(self._term())
            if len(terms) > 1:
                return _combined(terms, combine)
        return terms[0]

    def _term(self) -> Predicate:
        if self._accept("NOT") or self._accept("-"):
            inner = self._operand()
            return lambda attributes: not inner(attributes)
        return self._operand()

    def _operand(self) -> Predicate:
        if self._accept("("):
            inner = self._expression()
            self._expect(")")
            return inner
        if self._accept("hasPrefix"):
            return self._prefix()
        self._expect("attributes")
        if self._accept(":"):
            key = self._key()
            return lambda attributes: key in attributes
        return self._comparison()

    def _comparison(self) -> Predicate:
        self._expect(".")
        key = self._key()
        if self._accept("!="):
            other = self._string()
            return lambda attributes: attributes.get(key) != other
        self._expect("=")
        value = self._string()
        return lambda attributes: attributes.get(key) == value

    def _prefix(self) -> Predicate:
        self._expect("(")
        self._expect("attributes")
        self._expect(".")
        key = self._key()
        self._expect(",")
        prefix = self._string()
        self._expect(")")
        return lambda attributes: key in attributes and attributes[key].startswith(prefix)

    def _key(self) -> str:
        if self._token.kind == "word":
            self._at += 1
            return self._tokens[self._at - 1].text
        return self._string("an attribute's key")

    def _string(self, expected: str = "a string in double quotes") -> str:
        token = self._token
        if token.kind != "string":
            raise _wrong(token, expected)
        self._at += 1
        return _ESCAPE.sub(_unescape, token.text[1:-1])


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise _wrong(_Token("", text[start], start), "a word, a sign or a string")
        kind = match.lastgroup or "end"
        yield _Token(kind, match[kind], match.start(kind))
        if kind == "end":
            return
        position = match.end()


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "xuU":
        return chr(int(code[1:], 16))
    if code[0].isdigit():
        return chr(int(code, 8))
    return _ESCAPED.get(code, code)


def _combined(terms: list[Predicate], combine: Callable[[Iterator[bool]], bool]) -> Predicate:
    return lambda attributes: combine(term(attributes) for term in terms)


def _wrong(token: _Token, expected: str) -> InvalidArgumentError:
    found = f'"{token.text}"' if token.text else "the end"
    return InvalidArgumentError(f"Invalid filter: position {token.position + 1}: expected {expected}, found {found}.")
