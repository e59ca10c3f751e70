"""FORMAT, and the formatting and parsing of dates and times.

sqlglot has turned BigQuery's format elements into those of strftime where they have another name; what is left must be
in the list of those that mean the same in DuckDB.
"""

import re

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, cast, literal_text, translates, unsupported
from infra.local.bigquery.errors import BigQueryError, invalid_query

_ELEMENT = re.compile(r"%(E\dS|E\*S|E4Y|Ez|.)", re.DOTALL)
_SAME = set("YmdHMSyjaAbBpIuwfUWVG%")
_REWRITTEN = {
    "E3S": "%S.%g",
    "E6S": "%S.%f",
    "E4Y": "%Y",
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "D": "%m/%d/%y",
}
_IN_UTC = {"Z": "UTC", "z": "+0000", "Ez": "+00:00"}
_PIECE = re.compile(r"%(?P<grouped>')?(?P<zero>0)?(?P<width>\d+)?(?:\.(?P<precision>\d+))?(?P<kind>[a-zA-Z%])")


@translates(exp.TimeToStr)
def format_time(node: exp.TimeToStr) -> exp.Expr:
    """FORMAT_DATE, FORMAT_DATETIME, FORMAT_TIMESTAMP [with a zone] and FORMAT_TIME."""
    value, zone = node.this, node.args.get("zone")
    if isinstance(value, exp.TsOrDsToTimestamp | exp.TsOrDsToDate):
        value = cast(value.this, "TIMESTAMPTZ" if isinstance(value, exp.TsOrDsToTimestamp) else "DATE")
        if zone:
            value = call("timezone", zone, value)
    form = _strftime(literal_text(node.args.get("format"), "FORMAT_TIMESTAMP"), in_utc=zone is None)
    if isinstance(value, exp.Cast) and value.to.this == exp.DataType.Type.TIME:
        value = exp.Add(this=exp.Var(this="DATE '1970-01-01'"), expression=value)
    return call("strftime", cast(value, "TIMESTAMP"), form)


@translates(exp.StrToTime)
def parse_timestamp(node: exp.StrToTime) -> exp.Expr:
    """PARSE_TIMESTAMP [with a zone]."""
    parsed, zone = _parsed(node), node.args.get("zone")
    return call("timezone", zone, parsed) if zone else cast(parsed, "TIMESTAMPTZ")


@translates(exp.ParseDatetime)
def parse_datetime(node: exp.Expr) -> exp.Expr:
    """PARSE_DATETIME."""
    return cast(_parsed(node), "TIMESTAMP")


@translates(exp.StrToDate)
def parse_date(node: exp.StrToDate) -> exp.Expr:
    """PARSE_DATE."""
    if not node.args.get("default_year"):
        raise unsupported("CAST with FORMAT")
    return cast(_parsed(node), "DATE")


@translates(exp.ParseTime)
def parse_time(node: exp.Expr) -> exp.Expr:
    """PARSE_TIME."""
    return cast(_parsed(node), "TIME")


@translates(exp.Format)
def format_text(node: exp.Format) -> exp.Expr:
    """FORMAT with a constant template and %s %d %i %f %t %%, widths, precisions and the grouping quote."""
    template = literal_text(node.this, "FORMAT")
    arguments = list(node.expressions)
    pieces: list[exp.Expr] = [exp.Literal.string("")]
    end = 0
    for match in _PIECE.finditer(template):
        pieces.append(exp.Literal.string(template[end : match.start()]))
        end = match.end()
        if match["kind"] == "%":
            pieces.append(exp.Literal.string("%"))
            continue
        if not arguments:
            raise _wrong_count()
        pieces.append(_formatted(match, arguments.pop(0)))
    if arguments:
        raise _wrong_count()
    rest = template[end:]
    if "%" in rest:
        raise unsupported(f"FORMAT with {rest}")
    pieces.append(exp.Literal.string(rest))
    result = pieces[0]
    for piece in pieces[1:]:
        result = exp.DPipe(this=result, expression=piece)
    return exp.paren(result)


def _formatted(match: re.Match[str], value: exp.Expr) -> exp.Expr:
    kind, width, precision = match["kind"], match["width"] or "", match["precision"]
    if kind in "st" and not match["grouped"] and precision is None:
        text = call("bq_to_string", value) if kind == "t" else cast(value, "VARCHAR")
        return call("format", f"{{:>{width}}}", text) if width else text
    if kind in "di" and precision is None:
        flags = ("0" if match["zero"] else "") + width + ("," if match["grouped"] else "")
        return call("format", f"{{:{flags}d}}", cast(value, "BIGINT"))
    if kind in "fF":
        flags = ("0" if match["zero"] else "") + width + ("," if match["grouped"] else "")
        return call("format", f"{{:{flags}.{precision or 6}f}}", cast(value, "DOUBLE"))
    raise unsupported(f"FORMAT with {match.group()}")


def _wrong_count() -> BigQueryError:
    return invalid_query("Invalid number of arguments to FORMAT")


def _parsed(node: exp.Expr) -> exp.Expr:
    """What the text lacks is taken from 1970-01-01."""
    form = literal_text(node.args.get("format"), "PARSE_TIMESTAMP")
    text = node.this
    pattern = _strftime(form, in_utc=False, zone_elements=True)
    if not re.search(r"%[YyG]", pattern):
        text, pattern = exp.paren(exp.DPipe(this=exp.Literal.string("1970 "), expression=text)), f"%Y {pattern}"
    return call("strptime", text, pattern)


def _strftime(form: str, *, in_utc: bool, zone_elements: bool = False) -> str:
    def element(match: re.Match[str]) -> str:
        name = match[1]
        if name in _REWRITTEN:
            return _REWRITTEN[name]
        if name in _IN_UTC and in_utc:
            return _IN_UTC[name]
        if name in ("z", "Ez") and zone_elements:
            return "%z"
        if name in _SAME:
            return f"%{name}"
        raise unsupported(f"The format element %{name}")

    return _ELEMENT.sub(element, form)
