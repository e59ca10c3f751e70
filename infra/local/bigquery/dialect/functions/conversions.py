"""CAST and SAFE_CAST."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, raw, translates, unsupported

_REFUSED = {"BIGDECIMAL": "BIGNUMERIC", "GEOGRAPHY": "GEOGRAPHY", "RANGE": "RANGE"}
_STRINGS = {exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR}
_BYTES = {exp.DataType.Type.BINARY, exp.DataType.Type.VARBINARY}
_INTEGERS = {exp.DataType.Type.BIGINT, exp.DataType.Type.INT, exp.DataType.Type.SMALLINT, exp.DataType.Type.TINYINT}


def exact_types(root: exp.Expr) -> None:
    """NUMERIC is DECIMAL(38, 9) in DuckDB, DECIMAL alone would be DECIMAL(18, 3). Raises invalidQuery for types not held."""
    for data_type in list(root.find_all(exp.DataType)):
        kind = data_type.this
        name = str(getattr(kind, "name", kind))
        if name in _REFUSED:
            raise unsupported(f"The type {_REFUSED[name]}")
        if name == "DECIMAL" and not data_type.expressions:
            data_type.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(n)) for n in (38, 9)])


@translates(exp.Cast)
def cast_to(node: exp.Cast) -> exp.Expr:
    """Floats are rounded half away from zero to INT64, and written to STRING without a trailing `.0`."""
    return _converted(node) or node


@translates(exp.TryCast)
def safe_cast(node: exp.TryCast) -> exp.Expr:
    """NULL where CAST would fail."""
    if node.to.this in _STRINGS:
        return _converted(node) or node
    converted = _converted(node)
    return call("try", converted) if converted else node


def _converted(node: exp.Cast) -> exp.Expr | None:
    if node.args.get("format"):
        raise unsupported("CAST with FORMAT")
    value, kind = node.this, node.to.this
    is_text = isinstance(value, exp.Literal) and value.is_string
    if kind in _STRINGS and not is_text:
        return call("bq_to_string", value)
    if kind in _INTEGERS and not isinstance(value, exp.Null):
        return call("bq_to_int64", value)
    if kind in _BYTES and not isinstance(value, exp.Null):
        return call("encode", value)
    if kind == exp.DataType.Type.TIME and not is_text:
        return call("bq_to_time", value)
    if kind == exp.DataType.Type.INTERVAL:
        return call("bq_interval", value)
    return None


@translates(exp.String)
def string(node: exp.Expr) -> exp.Expr:
    """STRING of a timestamp, a date or JSON."""
    if node.args.get("zone"):
        raise unsupported("STRING with a time zone")
    return call("bq_string", node.this)


@translates("SESSION_USER")
def session_user(_node: exp.Expr) -> exp.Expr:
    """There is one user here."""
    return raw("'local@kompo.invalid'")
