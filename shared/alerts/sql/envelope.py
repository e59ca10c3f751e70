"""Envelope: what a rule's query is put into when it is run. Its own lines stay as they are, further down."""

from functools import cache
from itertools import pairwise

from shared.events import with_views

PARAMETERS = ("start", "end")
VIEWS = ("deduplicated_events",)
"""What a query may read besides the tables: every event of [@start, @end), once."""
MOST_LABEL_SETS = 1000
"""A rule that gives more rows is not evaluated: that many alerts tell nobody anything."""
_OPENING = "SELECT * FROM (\n"


def enveloped(sql: str) -> str:
    """The query as BigQuery gets it: with the views that it names, and one row more at most than a rule may give."""
    return f"{_head(sql)}{_OPENING}{sql}\n)\nLIMIT {MOST_LABEL_SETS + 1}"


def lines_above(sql: str) -> int:
    """How many lines further down the query's own lines are in its envelope."""
    return f"{_head(sql)}{_OPENING}".count("\n")


def in_one(sql: str, periods: int) -> str:
    """One query for so many periods, whose parameters are @start_0, @end_0, @start_1 …; the rows tell which by `evaluation`."""
    each = (f"SELECT {number} AS evaluation, * FROM (\n{_of_period(sql, number)}\n)" for number in range(periods))  # noqa: S608
    return "\nUNION ALL\n".join(each)


def _head(sql: str) -> str:
    return _views() if VIEWS[0] in sql else ""


@cache
def _views() -> str:
    return with_views("WITH deduplicated_events AS ${deduplicated_events}\n", {})


def _of_period(sql: str, number: int) -> str:
    """The envelope with the parameters of one period. What looks like one in a text or a comment stays."""
    from sqlglot.dialects.bigquery import BigQuery
    from sqlglot.tokenizer_core import TokenType

    text = enveloped(sql)
    tokens = BigQuery.Tokenizer().tokenize(text)
    for sign, name in reversed([*pairwise(tokens)]):
        if sign.token_type is TokenType.PARAMETER and name.text.lower() in PARAMETERS:
            text = f"{text[: name.start]}{name.text.lower()}_{number}{text[name.end + 1 :]}"
    return text
