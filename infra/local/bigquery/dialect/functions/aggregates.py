"""Aggregates and window functions."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, literal_text, raw, same, translates, unsupported

same(
    exp.AnyValue,
    exp.Avg,
    exp.BitwiseAndAgg,
    exp.BitwiseOrAgg,
    exp.BitwiseXorAgg,
    exp.Corr,
    exp.Count,
    exp.CovarPop,
    exp.CovarSamp,
    exp.CumeDist,
    exp.DenseRank,
    exp.FirstValue,
    exp.Lag,
    exp.LastValue,
    exp.Lead,
    exp.LogicalAnd,
    exp.LogicalOr,
    exp.Max,
    exp.Min,
    exp.NthValue,
    exp.Ntile,
    exp.PercentRank,
    exp.PercentileCont,
    exp.PercentileDisc,
    exp.Rank,
    exp.RowNumber,
    exp.Stddev,
    exp.StddevPop,
    exp.StddevSamp,
    exp.Sum,
    exp.Variance,
    exp.VariancePop,
)


@translates(exp.ArrayAgg)
def array_agg(node: exp.ArrayAgg) -> exp.Expr:
    """ARRAY_AGG([DISTINCT] x [IGNORE NULLS] [ORDER BY …] [LIMIT n])."""
    value, limit = _without_limit(node.this)
    ignoring = isinstance(node.parent, exp.IgnoreNulls)
    collected: exp.Expr = exp.ArrayAgg(this=value)
    if ignoring:
        collected = _not_null(collected, value)
    return _sliced(collected, limit)


@translates(exp.IgnoreNulls)
def ignore_nulls(node: exp.IgnoreNulls) -> exp.Expr:
    """ARRAY_AGG has taken it in; the window functions know it."""
    inner = node.this
    return inner if isinstance(inner, exp.Filter | exp.Anonymous) else node


@translates(exp.RespectNulls)
def respect_nulls(node: exp.RespectNulls) -> exp.Expr:
    """The default of every function that is allowed here."""
    return node.this if isinstance(node.this, exp.ArrayAgg) else node


@translates(exp.GroupConcat)
def string_agg(node: exp.GroupConcat) -> exp.Expr:
    """STRING_AGG([DISTINCT] x [, separator] [ORDER BY …] [LIMIT n])."""
    value, limit = _without_limit(node.this)
    separator = node.args.get("separator") or exp.Literal.string(",")
    if limit is None:
        return exp.GroupConcat(this=value, separator=separator)
    return call("array_to_string", _sliced(_not_null(exp.ArrayAgg(this=value), value), limit), separator)


@translates(exp.CountIf)
def countif(node: exp.CountIf) -> exp.Expr:
    """0 without a true condition, also without rows and OVER a window; DuckDB's count_if would give NULL."""
    distinct = isinstance(node.this, exp.Distinct)
    condition = node.this.expressions[0] if distinct else node.this
    counted: exp.Expr = exp.Case(ifs=[exp.If(this=condition, true=exp.Literal.number(1))])
    return exp.Count(this=exp.Distinct(expressions=[counted]) if distinct else counted)


@translates(exp.ApproxDistinct)
def approx_count_distinct(node: exp.ApproxDistinct) -> exp.Expr:
    """Exact here."""
    return exp.Count(this=exp.Distinct(expressions=[node.this]))


@translates(exp.ApproxQuantiles)
def approx_quantiles(node: exp.ApproxQuantiles) -> exp.Expr:
    """The minimum, the n - 1 cuts and the maximum: exact, and always values that occur."""
    count = int(literal_text(node.expression, "APPROX_QUANTILES"))
    cuts = ", ".join(repr(position / count) for position in range(count + 1))
    return call("quantile_disc", node.this, raw(f"[{cuts}]"))


@translates(exp.ApproxTopK)
def approx_top_count(node: exp.ApproxTopK) -> exp.Expr:
    """Exact here."""
    nulls = call("count_if", exp.Is(this=node.this.copy(), expression=exp.null()))
    return call("bq_top_count", call("histogram", node.this), nulls, node.expression)


@translates(exp.ArgMax, exp.ArgMin)
def value_by(node: exp.Expr) -> exp.Expr:
    """MAX_BY and MIN_BY; the value may be NULL."""
    return call("arg_max_null" if isinstance(node, exp.ArgMax) else "arg_min_null", node.this, node.expression)


@translates(exp.ArrayConcatAgg)
def array_concat_agg(node: exp.ArrayConcatAgg) -> exp.Expr:
    """NULL arrays are left out."""
    if isinstance(node.this, exp.Order | exp.Limit):
        raise unsupported("ARRAY_CONCAT_AGG with ORDER BY or LIMIT")
    return call("flatten", _not_null(exp.ArrayAgg(this=node.this), node.this))


def _without_limit(value: exp.Expr) -> tuple[exp.Expr, exp.Expr | None]:
    return (value.this, value.expression) if isinstance(value, exp.Limit) else (value, None)


def _sliced(collected: exp.Expr, limit: exp.Expr | None) -> exp.Expr:
    return collected if limit is None else call("list_slice", collected, 1, limit)


def _not_null(aggregate: exp.Expr, value: exp.Expr) -> exp.Filter:
    while isinstance(value, exp.Order | exp.Distinct):
        value = value.expressions[0] if isinstance(value, exp.Distinct) else value.this
    present = exp.Not(this=exp.Is(this=value.copy(), expression=exp.null()))
    return exp.Filter(this=aggregate, expression=exp.Where(this=present))
