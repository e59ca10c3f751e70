"""JSON."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, cast, same, translates

same(exp.ParseJSON)

_SCALARS: dict[type[exp.Expr], str] = {
    exp.Int64: "bq_json_int64",
    exp.Float64: "bq_json_float64",
    exp.JSONBool: "bq_json_bool",
}


@translates(exp.JSONExtract)
def json_query(node: exp.Expr) -> exp.Expr:
    """JSON_QUERY and JSON_EXTRACT: the value at a path, JSON of JSON and STRING of STRING."""
    return call("bq_json_query", node.this, node.expression)


@translates(exp.JSONExtractArray)
def json_query_array(node: exp.Expr) -> exp.Expr:
    """JSON_QUERY_ARRAY and JSON_EXTRACT_ARRAY: the elements at a path, NULL for what is not an array."""
    return call("bq_json_query_array", node.this, node.expression)


@translates(exp.JSONValueArray)
def json_value_array(node: exp.Expr) -> exp.Expr:
    """JSON_VALUE_ARRAY and JSON_EXTRACT_STRING_ARRAY: the scalars at a path as STRING, NULL for anything else."""
    return call("bq_json_value_array", node.this, node.expression)


@translates(exp.JSONType)
def json_type(node: exp.Expr) -> exp.Expr:
    """The name of JSON's type."""
    return call("bq_json_type", node.this)


@translates(exp.Int64, exp.Float64, exp.JSONBool)
def json_scalar(node: exp.Expr) -> exp.Expr:
    """INT64, FLOAT64 and BOOL of JSON; another type is an error."""
    return call(_SCALARS[type(node)], node.this)


@translates(exp.JSONExtractScalar)
def json_value(node: exp.Expr) -> exp.Expr:
    """JSON_VALUE and JSON_EXTRACT_SCALAR: the scalar at a path as STRING, else NULL."""
    return call("bq_json_value", node.this, node.expression)


@translates(exp.JSONFormat)
def to_json_string(node: exp.Expr) -> exp.Expr:
    """TO_JSON_STRING and TO_JSON of every scalar but FLOAT64, and of arrays and structs of strings, integers, dates, booleans."""
    text = call("bq_to_json_string", node.this)
    return cast(text, "JSON") if node.args.get("to_json") else text
