"""A statement's tree to DuckDB's text: shape, then names of tables, then functions and types."""

from pathlib import Path

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from infra.local.bigquery.dialect import structure
from infra.local.bigquery.dialect.functions import translate_functions
from infra.local.bigquery.dialect.functions.conversions import exact_types
from infra.local.bigquery.dialect.parsing import parse
from infra.local.bigquery.dialect.sources import Sources
from infra.local.bigquery.errors import invalid_query
from infra.local.bigquery.parameters import Parameters


def macros() -> str:
    """SQL that makes the functions which the translations call."""
    return (Path(__file__).parent / "macros.sql").read_text()


def translated(tree: exp.Expr, sql: str, sources: Sources, parameters: Parameters) -> str:
    """DuckDB SQL of a query or of DML whose target `sources` has resolved; `sql` is the text, for places in errors.

    Raises invalidQuery, and notFound for a table."""
    return _translated(parameters.fill(tree), sql, sources)


def translated_with_slots(tree: exp.Expr, sql: str, sources: Sources, parameters: Parameters) -> str:
    """The same for `with_texts` to put the parameters' values in. Raises ValueNeeded, too, where they have to be known before."""
    return _translated(parameters.fill_slots(tree), sql, sources)


def _translated(tree: exp.Expr, sql: str, sources: Sources) -> str:
    for rewrite in structure.SHAPE:
        rewrite(tree)
    if isinstance(tree, exp.Query):
        structure.name_output_columns(tree)
    sources.replace_all(tree)
    exact_types(tree)
    tree = translate_functions(tree, sql)
    return _text(tree)


def translated_expression(tree: exp.Expr, sql: str, parameters: Parameters) -> str:
    """DuckDB SQL of a scalar expression without tables."""
    tree = parameters.fill(exp.Paren(this=tree))
    structure.float_literals(tree)
    exact_types(tree)
    return _text(translate_functions(tree, sql))


def translated_view(query: str, sources: Sources) -> str:
    """DuckDB SQL of a view's query; names in it are read as in the view's own project."""
    trees = parse(query)
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise invalid_query("A view is a single query")
    return translated(trees[0], query, sources, Parameters())


def _text(tree: exp.Expr) -> str:
    return DuckDB().generate(tree, copy=False, identify=True)
