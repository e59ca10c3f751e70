"""Text to trees: splits a script into statements, with BigQuery's complaint about a syntax error."""

import logging
from functools import lru_cache

from sqlglot import ErrorLevel, exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import ParseError, TokenError
from sqlglot.expressions.core import POSITION_META_KEYS
from sqlglot.tokenizer_core import TokenType

from infra.local.bigquery.errors import BigQueryError, invalid_query
from infra.local.bigquery.parameters import POSITIONAL

logging.getLogger("sqlglot").setLevel(logging.ERROR)
_DIALECT = BigQuery()
_REMEMBERED = 256


def parse(sql: str) -> list[exp.Expr]:
    """The statements of `sql`, the caller's to change; each `?` becomes a parameter. Raises invalidQuery with the place."""
    return [tree.copy() for tree in _parsed(sql)]


@lru_cache(maxsize=_REMEMBERED)
def _parsed(sql: str) -> tuple[exp.Expr, ...]:
    """Kept for the texts that come again and again, with other parameters."""
    try:
        named = _name_placeholders(sql)
        trees = _DIALECT.parser(error_level=ErrorLevel.IMMEDIATE).parse(_DIALECT.tokenize(named), named)
    except TokenError as error:
        raise invalid_query(f"Syntax error: {error}") from error
    except ParseError as error:
        raise _syntax_error(error) from error
    statements = tuple(tree for tree in trees if isinstance(tree, exp.Expr) and not isinstance(tree, exp.Semicolon))
    if not statements:
        raise invalid_query("Syntax error: Unexpected end of script")
    for statement in statements:
        _forget_places(statement)
    return statements


def _forget_places(tree: exp.Expr) -> None:
    """Where each node stood in the text: nobody asks, and to copy that takes several times as long as to copy the node."""
    for node in tree.walk():
        if node._meta is not None:
            node._meta = {key: value for key, value in node._meta.items() if key not in POSITION_META_KEYS} or None


def _name_placeholders(sql: str) -> str:
    """Number `?` in the order of the text: the tree's own order differs from it."""
    if "?" not in sql:
        return sql
    pieces: list[str] = []
    end = 0
    placeholders = [token for token in _DIALECT.tokenize(sql) if token.token_type is TokenType.PLACEHOLDER]
    for number, token in enumerate(placeholders):
        pieces += [sql[end : token.start], f"@{POSITIONAL}{number}"]
        end = token.end + 1
    return "".join([*pieces, sql[end:]])


def _syntax_error(error: ParseError) -> BigQueryError:
    detail = error.errors[0] if error.errors else {}
    line, column = detail.get("line") or 1, detail.get("col") or 1
    found = detail.get("highlight") or "end of script"
    # sqlglot gives the column of the token's last character.
    start = max(1, column - len(found) + 1)
    return invalid_query(f'Syntax error: Unexpected "{found}" at [{line}:{start}]')
