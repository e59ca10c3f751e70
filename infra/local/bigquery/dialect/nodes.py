"""Nodes that are DuckDB's already, whatever BigQuery means by the same name."""

from sqlglot import exp

_NATIVE = "duckdb"


def call(name: str, *arguments: exp.Expr | str | int) -> exp.Anonymous:
    """A call of a DuckDB function or macro; text and numbers become literals."""
    node = exp.Anonymous(this=name, expressions=[_argument(argument) for argument in arguments])
    node.meta[_NATIVE] = True
    return node


def is_native(node: exp.Expr) -> bool:
    """Whether `call` made it."""
    return bool(node.meta.get(_NATIVE))


def raw(sql: str) -> exp.Var:
    """DuckDB SQL as it stands."""
    return exp.Var(this=sql)


def _argument(argument: exp.Expr | str | int) -> exp.Expr:
    if isinstance(argument, exp.Expr):
        return argument
    return exp.Literal.string(argument) if isinstance(argument, str) else exp.Literal.number(argument)
