"""Function calls: each is translated by its entry in the allow-list, or refused by name."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions import (
    aggregates,
    arrays,
    conversions,
    dates,
    formats,
    json,
    numbers,
    strings,
)
from infra.local.bigquery.dialect.functions.registry import BY_CLASS, BY_NAME, SAME
from infra.local.bigquery.dialect.nodes import call, is_native
from infra.local.bigquery.errors import BigQueryError, invalid_query
from infra.local.bigquery.failures import place

__all__ = ["FAMILIES", "translate_functions"]

# Importing a family fills the allow-list.
FAMILIES = (aggregates, arrays, conversions, dates, formats, json, numbers, strings)


def translate_functions(root: exp.Expr, sql: str) -> exp.Expr:
    """Translate every call under `root`, the innermost first. `sql` is the text, to tell where a refused call stands.

    Raises invalidQuery "Function not found: NAME at [line:column]"."""
    for node in reversed(list(root.walk())):
        if is_native(node):
            continue
        if isinstance(node, exp.SafeFunc):
            root = _put(root, node, call("try", node.this))
        elif isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func):
            raise _not_found(f"{node.this.name}.{_name(node.expression)}", sql)
        elif type(node) in BY_CLASS:
            root = _put(root, node, BY_CLASS[type(node)](node))
        elif isinstance(node, exp.Anonymous):
            translation = BY_NAME.get(node.name.upper())
            if translation is None or isinstance(node.parent, exp.Dot):
                raise _not_found(_name(node), sql)
            root = _put(root, node, translation(node))
        elif isinstance(node, exp.Func) and type(node) not in SAME:
            raise _not_found(_name(node), sql)
    return root


def _put(root: exp.Expr, node: exp.Expr, new: exp.Expr) -> exp.Expr:
    if new is node:
        return root
    if node is root:
        return new
    node.replace(new)
    return root


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return f"{node.parent.this.name}.{node.name}" if isinstance(node.parent, exp.Dot) else node.name
    return node.sql(dialect="bigquery").partition("(")[0].strip()


def _not_found(name: str, sql: str) -> BigQueryError:
    return invalid_query(f"Function not found: {name}{place(name, sql)}")
