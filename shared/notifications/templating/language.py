"""The language of templates: Jinja2 with everything left out that is not reading what it is given and writing text.

No calls, no imports, no assignments, no attributes but keys of what is given; loops over lists only, and a bounded number of
steps and characters. So a template that an operator writes can neither reach anything nor keep a function busy."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import (
    ChainableUndefined,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    Undefined,
    nodes,
    pass_environment,
)
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

MAX_SOURCE = 20_000
"""Characters of a template."""
MAX_OUTPUT = 200_000
"""Characters of what it becomes."""
MAX_STEPS = 5_000
"""Turns of all its loops together."""

_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Filter,
    nodes.Keyword, nodes.Test, nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Neg, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.List, nodes.Tuple,
)  # fmt: skip
_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "last", "length", "lower", "round",
    "title", "trim", "truncate", "upper",
)  # fmt: skip
_LOOP = frozenset({"first", "index", "index0", "last", "length"})
_TURNS = "each turn counted"
"""Not a name that a template can write."""


class UnfitTemplate(Exception):
    """A template that cannot be read or rendered: the line, if it is known, and why."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why if line is None else f"line {line}: {why}")


def check(source: str) -> None:
    """Raise UnfitTemplate unless `source` is of the language."""
    _parse(_Language(html=False), source)


def fill(source: str, given: Mapping[str, Any], *, html: bool = False) -> str:
    """What `source` becomes with what is `given`. In HTML, all that is given is escaped, but Markup. A name that is not given
    is an error; a key that is not there is empty. Raises UnfitTemplate."""
    language = _Language(html=html)
    try:
        template = language.from_string(_parse(language, source))
        filled, size = [], 0
        for piece in template.generate(dict(given)):
            filled.append(piece)
            size += len(piece)
            if size > MAX_OUTPUT:
                raise SecurityError(f"it becomes more than {MAX_OUTPUT} characters")
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise UnfitTemplate(str(error) or type(error).__name__) from None
    return "".join(filled)


class _Language(SandboxedEnvironment):
    """The environment of one rendering: it counts the steps."""

    intercepted_binops = frozenset({"+", "-", "*", "/"})

    def __init__(self, *, html: bool) -> None:
        super().__init__(autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        own = {"join": _join, "when": _when, _TURNS: _turns}
        self.filters = {name: FILTERS[name] for name in _FILTERS} | own
        self.globals = {}
        self.steps = 0

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of what is given, or what a loop knows of itself."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same."""
        if isinstance(obj, LoopContext) and argument in _LOOP:
            return getattr(obj, argument)
        if isinstance(obj, Undefined) and not isinstance(obj, ChainableUndefined):
            return str(obj)  # Raises, naming it.
        if isinstance(obj, Mapping) or (isinstance(obj, list | tuple) and isinstance(argument, int)):
            try:
                return obj[argument]
            except LookupError:
                pass
        return ChainableUndefined(name=str(argument))

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002
        """Nothing is."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Sums are of numbers: texts that grow by themselves are no texts."""
        if not all(isinstance(operand, int | float) for operand in (left, right)):
            raise SecurityError(f"{operator} is for numbers only")
        return super().call_binop(context, operator, left, right)


def _parse(language: _Language, source: str) -> nodes.Template:
    if len(source) > MAX_SOURCE:
        raise UnfitTemplate(f"it has more than {MAX_SOURCE} characters")
    try:
        parsed = language.parse(source)
        _check_nodes(parsed)
    except TemplateSyntaxError as error:
        raise UnfitTemplate(error.message or "it cannot be read", error.lineno) from None
    except RecursionError:
        raise UnfitTemplate("it is nested too deeply") from None
    for loop in list(parsed.find_all(nodes.For)):
        loop.iter = nodes.Filter(loop.iter, _TURNS, [], [], None, None, lineno=loop.lineno)
    return parsed


def _check_nodes(node: nodes.Node) -> None:
    if not isinstance(node, _NODES):
        raise UnfitTemplate(f"{type(node).__name__} is not part of the language of templates", node.lineno)
    if isinstance(node, nodes.Filter) and node.name not in {*_FILTERS, "join", "when"}:
        raise UnfitTemplate(f"there is no filter {node.name}", node.lineno)
    if isinstance(node, nodes.Name) and node.name == "self":
        raise UnfitTemplate("a template cannot name itself", node.lineno)
    if isinstance(node, nodes.For) and node.recursive:
        raise UnfitTemplate("a loop cannot call itself", node.lineno)
    for child in node.iter_child_nodes():
        _check_nodes(child)


@pass_environment
def _turns(language: _Language, value: Any) -> Iterator[Any]:
    if isinstance(value, Undefined):
        str(value)  # Raises, unless it is a key that is not there.
        return
    if not isinstance(value, list | tuple):
        raise SecurityError("a loop goes over a list")
    for item in value:
        language.steps += 1
        if language.steps > MAX_STEPS:
            raise SecurityError(f"its loops take more than {MAX_STEPS} turns")
        yield item


@pass_environment
def _join(language: _Language, value: Any, between: str = ", ") -> str:
    """The items of a list with `between` between them."""
    items = [str(escape(item)) if language.autoescape else str(item) for item in _turns(language, value)]
    between = str(escape(between)) if language.autoescape else str(between)
    if sum(map(len, items)) + len(between) * len(items) > MAX_OUTPUT:
        raise SecurityError(f"it becomes more than {MAX_OUTPUT} characters")
    joined = between.join(items)
    return Markup(joined) if language.autoescape else joined  # noqa: S704  (its parts are escaped)


def _when(value: Any, zone: str = "UTC", form: str = "%Y-%m-%d %H:%M %Z") -> str:
    """A moment (ISO 8601) as people read it, in an IANA zone."""
    if isinstance(value, Undefined):
        return str(value)
    if len(form) > 100:
        raise SecurityError("the form of a moment has 100 characters at most")
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return moment.astimezone(ZoneInfo(zone)).strftime(form)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SecurityError(f"{value!r} is no moment, or {zone!r} no time zone") from error
