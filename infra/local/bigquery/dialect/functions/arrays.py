"""Arrays and structs."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, literal_text, same, translates, unsupported
from infra.local.bigquery.dialect.nodes import is_native

same(
    exp.Array,
    exp.ArrayReverse,
    exp.ArraySize,
    exp.ArrayToString,
    exp.GenerateDateArray,
    exp.GenerateSeries,
    exp.GenerateTimestampArray,
    exp.Unnest,
)


@translates(exp.Struct)
def struct(node: exp.Struct) -> exp.Expr:
    """STRUCT without any names takes those of the column it goes to, or of the others in its array."""
    array = node.find_ancestor(exp.Array)
    if _has_names(node) or (array and any(_has_names(item) for item in array.expressions)):
        return node
    return call("row", *node.expressions)


def _has_names(node: exp.Expr) -> bool:
    return isinstance(node, exp.Struct) and any(
        isinstance(item, exp.PropertyEQ | exp.Column | exp.Alias) for item in node.expressions
    )


@translates(exp.ArrayFirst, exp.ArrayLast)
def array_end(node: exp.Expr) -> exp.Expr:
    """ARRAY_FIRST and ARRAY_LAST; of an empty array an error."""
    last = isinstance(node, exp.ArrayLast)
    array = node.this
    return call("bq_offset", array, call("bq_last", array.copy()) if last else exp.Literal.number(0))


@translates(exp.ArraySlice)
def array_slice(node: exp.ArraySlice) -> exp.Expr:
    """Both ends are included; negative ones count from the end."""
    return call("bq_array_slice", node.this, node.args["start"], node.args["end"])


@translates(exp.Bracket)
def subscript(node: exp.Bracket) -> exp.Expr:
    """`array[OFFSET(n)]` and its kin; out of bounds is an error unless SAFE_."""
    if len(node.expressions) != 1:
        raise unsupported("A subscript with several indexes")
    index = node.expressions[0]
    if isinstance(index, exp.Literal) and index.is_string:
        return call("json_extract", node.this, f'$."{index.name}"')
    if is_native(node.this) and node.this.name == "json_extract":
        return call("json_extract", node.this, f"$[{literal_text(index, 'A JSON subscript')}]")
    if node.args.get("offset") == 1:
        index = exp.Sub(this=exp.paren(index), expression=exp.Literal.number(1))
    return call("bq_safe_offset" if node.args.get("safe") else "bq_offset", node.this, index)


@translates(exp.ArrayConcat)
def array_concat(node: exp.ArrayConcat) -> exp.Expr:
    """NULL when any of the arrays is."""
    result = node.this
    for other in node.expressions:
        result = exp.DPipe(this=result, expression=other)
    return exp.paren(result)
