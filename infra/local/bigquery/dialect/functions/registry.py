"""The allow-list: every function that has been shown to mean here what it means in BigQuery, and how it is written for DuckDB.

A function without an entry is refused by name. An entry is one of
- `same(...)`: sqlglot's own DuckDB text of it is right;
- `@translates(...)`: a function from the node, its arguments translated already, to the node that takes its place.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlglot import exp

from infra.local.bigquery.dialect.nodes import call, raw
from infra.local.bigquery.errors import BigQueryError, invalid_query
from infra.local.bigquery.parameters import has_slot

__all__ = [
    "BY_CLASS",
    "BY_NAME",
    "SAME",
    "ValueNeeded",
    "call",
    "cast",
    "literal_text",
    "raw",
    "same",
    "translates",
    "unsupported",
]


class ValueNeeded(Exception):
    """How a call is translated depends on what the value of a parameter is."""


Translation = Callable[..., exp.Expr]
_T = TypeVar("_T", bound=Translation)

SAME: set[type[exp.Expr]] = set()
BY_CLASS: dict[type[exp.Expr], Translation] = {}
BY_NAME: dict[str, Translation] = {}


def same(*classes: type[exp.Expr]) -> None:
    """Allow functions that need no change."""
    SAME.update(classes)


def translates(*keys: type[exp.Expr] | str) -> Callable[[_T], _T]:
    """Allow functions by sqlglot's class, or by name where sqlglot has no class, translated by the decorated function."""

    def register(translation: _T) -> _T:
        for key in keys:
            if isinstance(key, str):
                BY_NAME[key] = translation
            else:
                BY_CLASS[key] = translation
        return translation

    return register


def cast(node: exp.Expr, duckdb_type: str) -> exp.Cast:
    """A plain cast, which the translation of CAST leaves alone: it runs before this node exists."""
    return exp.Cast(this=node, to=exp.DataType.build(duckdb_type, dialect="duckdb"))


def literal_text(node: exp.Expr | None, function: str) -> str:
    """The text of a constant argument (a parameter is one). Raises invalidQuery for anything else, ValueNeeded for a slot."""
    while isinstance(node, exp.Cast | exp.Paren):
        node = node.this
    if isinstance(node, exp.RawString | exp.Literal):
        text = str(node.this)
        if has_slot(text):
            raise ValueNeeded
        return text
    raise unsupported(f"{function} with an argument that is not constant")


def unsupported(what: str) -> BigQueryError:
    """The refusal of a form of a function."""
    return invalid_query(f"{what} is not supported by the local server")
