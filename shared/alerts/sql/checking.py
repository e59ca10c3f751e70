"""Checking: whether a query can be a rule, as far as its text tells: one SELECT over the dataset, from @start to @end."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from shared.alerts.sql.envelope import PARAMETERS, VIEWS
from shared.core.errors import FieldError

if TYPE_CHECKING:
    from sqlglot import exp

POINTER = "/sql"
_DIALECT = "bigquery"
_OF_THE_MOMENT = frozenset({"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_DATETIME", "CURRENT_TIME", "UNIX_NOW", "NOW"})
_OF_CHANCE = frozenset({"RAND", "GENERATE_UUID", "UUID"})
_OF_THE_CALLER = frozenset({"SESSION_USER"})


def check_sql(sql: str, tables: Collection[str]) -> list[FieldError]:
    """What is wrong with the text of a query over `tables`, each with its line and column where it has one; empty if nothing."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        parsed = [tree for tree in sqlglot.parse(sql, read=_DIALECT) if tree is not None]
    except SqlglotError as error:
        return [_unreadable(error)]
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        return [_wrong("Write one SELECT, and nothing else: a rule only reads.", "not_one_select")]
    tree = parsed[0]
    return [*_parameters(tree), *_tables(tree, tables), *_functions(tree)]


def _unreadable(error: Any) -> FieldError:
    """A syntax error, with the place that the parser names."""
    found: dict[str, Any] = next(iter(getattr(error, "errors", ())), {})
    said = re.sub(
        r"<Token token_type: [^>]*? text: (.*?), line:[^>]*>", r"`\1`", found.get("description") or str(error)
    )
    where = f"line {found['line']}, column {found['col']}: " if found.get("line") else ""
    return FieldError(POINTER, f"This is no BigQuery SQL: {where}{said}.", "syntax")


def _parameters(tree: "exp.Query") -> Iterator[FieldError]:
    from sqlglot import exp

    named = {parameter.name.lower() for parameter in tree.find_all(exp.Parameter)}
    for name in PARAMETERS:
        if name not in named:
            detail = f"The query does not name @{name}. Read only what is between @start and @end: the window."
            yield _wrong(detail, "no_period")
    for name in sorted(named - set(PARAMETERS)):
        yield _wrong(f"There is no parameter @{name}; there are @start and @end.", "unknown_parameter")


def _tables(tree: "exp.Query", tables: Collection[str]) -> Iterator[FieldError]:
    from sqlglot import exp

    known = {*tables, *VIEWS}
    within = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    aliases = {table.alias.lower() for table in tree.find_all(exp.Table) if table.alias}
    for table in tree.find_all(exp.Table):
        where = _where(table.this)
        if not isinstance(table.this, exp.Identifier):
            yield _wrong(f"{where}A rule reads tables, and calls no function in their place.", "table_function")
        elif table.catalog or (table.db and table.db.lower() not in aliases | within | known):
            yield _wrong(
                f"{where}{_full(table)} is outside the dataset. Name its tables without anything in front.", "outside"
            )
        elif not table.db and table.name not in known and table.name.lower() not in within | aliases:
            yield _wrong(f"{where}There is no table {table.name}. {_nearest(table.name, known)}", "unknown_table")


def _functions(tree: "exp.Query") -> Iterator[FieldError]:
    from sqlglot import exp

    for call in tree.find_all(exp.Func):
        name = call.name.upper() if isinstance(call, exp.Anonymous) else call.sql_name().upper()
        if isinstance(call.parent, exp.Dot):
            yield _wrong(f"{_where(call)}{name} is a function of somebody's. Use BigQuery's own.", "foreign_function")
        elif name in _OF_THE_MOMENT:
            yield _wrong(f"{_where(call)}{name} reads the clock, which a look at the past cannot. Use @end.", "clock")
        elif name in _OF_CHANCE | _OF_THE_CALLER:
            yield _wrong(f"{_where(call)}{name} does not give the same twice. A rule must.", "not_repeatable")


def _nearest(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"There are {', '.join(sorted(known))}."


def _where(node: "exp.Expr | Any") -> str:
    """The place of a node, if the parser has kept it."""
    line, column = node.meta.get("line"), node.meta.get("col")
    return f"line {line}, column {column}: " if line else ""


def _full(table: "exp.Table") -> str:
    return ".".join(part for part in (table.catalog, table.db, table.name) if part)


def _wrong(detail: str, code: str) -> FieldError:
    return FieldError(POINTER, detail[:1].upper() + detail[1:], code)
