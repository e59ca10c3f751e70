"""JSON."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, same, translates, unsupported

same(exp.ParseJSON)


@translates(exp.JSONExtractScalar)
def json_value(node: exp.Expr) -> exp.Expr:
    """JSON_VALUE and JSON_EXTRACT_SCALAR: the scalar at a path as STRING, else NULL."""
    return call("bq_json_value", node.this, node.expression)


@translates(exp.JSONFormat)
def to_json_string(node: exp.Expr) -> exp.Expr:
    """TO_JSON_STRING of strings, integers, booleans, JSON, and arrays and structs of them."""
    if node.args.get("to_json"):
        raise unsupported("TO_JSON")
    return call("bq_to_json_string", node.this)
