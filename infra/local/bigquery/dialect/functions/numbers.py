"""Numbers, comparison and logic."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, same, translates

same(
    exp.Abs,
    exp.Acos,
    exp.And,
    exp.Asin,
    exp.Atan,
    exp.Atan2,
    exp.Acosh,
    exp.Asinh,
    exp.Atanh,
    exp.Case,
    exp.Ceil,
    exp.Coalesce,
    exp.Cos,
    exp.Cosh,
    exp.Exists,
    exp.Exp,
    exp.Floor,
    exp.Greatest,
    exp.If,
    exp.IsInf,
    exp.IsNan,
    exp.Least,
    exp.Ln,
    exp.Log,
    exp.Mod,
    exp.Nullif,
    exp.Or,
    exp.Pow,
    exp.Rand,
    exp.Round,
    exp.SafeDivide,
    exp.Sign,
    exp.Sin,
    exp.Sinh,
    exp.Sqrt,
    exp.Tan,
    exp.Tanh,
    exp.Trunc,
    exp.Xor,
)

_CHECKED: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.SafeAdd: exp.Add,
    exp.SafeSubtract: exp.Sub,
    exp.SafeMultiply: exp.Mul,
}


@translates(exp.SafeAdd, exp.SafeSubtract, exp.SafeMultiply)
def safe_arithmetic(node: exp.Expr) -> exp.Expr:
    """NULL on overflow."""
    operator = _CHECKED[type(node)]
    return call("try", operator(this=exp.paren(node.this), expression=exp.paren(node.expression)))


@translates(exp.IntDiv)
def whole_division(node: exp.Expr) -> exp.Expr:
    """An operator in DuckDB: what is divided stays together."""
    return exp.paren(exp.IntDiv(this=exp.paren(node.this), expression=exp.paren(node.expression)))


@translates(exp.SafeNegate)
def safe_negate(node: exp.Expr) -> exp.Expr:
    """NULL on overflow."""
    return call("try", exp.Neg(this=exp.paren(node.this)))


@translates("IEEE_DIVIDE")
def ieee_divide(node: exp.Anonymous) -> exp.Expr:
    """Infinity or NaN instead of an error."""
    return call("bq_ieee_divide", *node.expressions)


@translates(exp.RangeBucket)
def range_bucket(node: exp.Expr) -> exp.Expr:
    """How many of the ascending bounds are at or below the point."""
    return call("bq_range_bucket", node.this, node.expression)


@translates("ERROR")
def error(node: exp.Anonymous) -> exp.Expr:
    """Fails the query with its message."""
    return call("error", *node.expressions)
