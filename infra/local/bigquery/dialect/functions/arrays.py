"""Arrays and structs."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, same, translates, unsupported

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
    """STRUCT without any names takes those of the column it goes to."""
    named = any(isinstance(item, exp.PropertyEQ | exp.Column | exp.Alias) for item in node.expressions)
    if named or node.find_ancestor(exp.Array):
        return node
    return call("row", *node.expressions)


@translates(exp.Bracket)
def subscript(node: exp.Bracket) -> exp.Expr:
    """`array[OFFSET(n)]` and its kin; out of bounds is an error unless SAFE_."""
    if len(node.expressions) != 1:
        raise unsupported("A subscript with several indexes")
    index = node.expressions[0]
    if isinstance(index, exp.Literal) and index.is_string:
        raise unsupported("A JSON subscript")
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
