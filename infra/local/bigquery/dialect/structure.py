"""The shape of a query: what BigQuery means by it where DuckDB would read the same words differently.

Each rewrite takes the tree of a statement and changes it in place.
"""

from collections.abc import Iterator

from sqlglot import exp

from infra.local.bigquery.dialect.nodes import call, raw
from infra.local.bigquery.errors import invalid_query

_BITWISE = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift, exp.BitwiseRightShift)


def name_output_columns(root: exp.Expr) -> None:
    """An output column without a name is `f0_`, `f1_`, … in BigQuery, counted among the unnamed."""
    query = root
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select):
        return
    unnamed = 0
    for item in query.expressions:
        if isinstance(item, exp.Alias | exp.Aliases | exp.Star) or item.is_star:
            continue
        if isinstance(item, exp.Column | exp.Dot) and item.name:
            item.replace(exp.alias_(item.copy(), item.name, quoted=True))
            continue
        item.replace(exp.alias_(item.copy(), f"f{unnamed}_", quoted=True))
        unnamed += 1


def group_by_alias(root: exp.Expr) -> None:
    """In GROUP BY and HAVING a SELECT alias hides a column of the same name; DuckDB would take the column."""
    for select in root.find_all(exp.Select):
        aliases = {
            item.alias.lower(): (n, item.this)
            for n, item in enumerate(select.expressions, 1)
            if isinstance(item, exp.Alias)
        }
        group, having = select.args.get("group"), select.args.get("having")
        for key in list(group.expressions) if group else []:
            if isinstance(key, exp.Column) and not key.table and key.name.lower() in aliases:
                key.replace(exp.Literal.number(aliases[key.name.lower()][0]))
        for column in list(having.find_all(exp.Column)) if having else []:
            if (
                column.table
                or column.name.lower() not in aliases
                or column.find_ancestor(exp.AggFunc, exp.Select) is not select
            ):
                continue
            column.replace(exp.paren(aliases[column.name.lower()][1].copy()))


def correlated_arrays(root: exp.Expr) -> None:
    """`FROM t, t.items` and `JOIN t.items` read an array of `t`: they become UNNEST."""
    for select in root.find_all(exp.Select):
        seen: set[str] = set()
        for source in _sources(select):
            if isinstance(source, exp.Table) and source.db and source.parts[0].name.lower() in seen:
                path = exp.column(source.parts[1].copy(), table=source.parts[0].name)
                array: exp.Expr = path
                for part in source.parts[2:]:
                    array = exp.Dot(this=array, expression=part.copy())
                alias = source.alias or source.parts[-1].name
                unnest = exp.Unnest(expressions=[array], alias=exp.TableAlias(columns=[exp.to_identifier(alias)]))
                source.replace(unnest)
                seen.add(alias.lower())
            elif source.alias_or_name:
                seen.add(source.alias_or_name.lower())


def unnest(root: exp.Expr) -> None:
    """UNNEST in FROM: elements that are structs spread into columns, and WITH OFFSET counts from 0."""
    for node in reversed(list(root.find_all(exp.Unnest))):
        if isinstance(node.parent, exp.In) or not isinstance(node.parent, exp.From | exp.Join):
            continue
        if len(node.expressions) != 1:
            raise invalid_query("UNNEST of several arrays is not supported by the local server")
        array = node.expressions[0]
        alias = node.args.get("alias")
        columns = alias.args.get("columns") if alias else None
        name = (columns[0].name if columns else node.alias) or "_unnested"
        element = call("unnest", array.copy(), raw("max_depth := 2"))
        items = [exp.alias_(element, name, quoted=True)]
        offset = node.args.get("offset")
        if offset:
            offset_name = offset.name if isinstance(offset, exp.Identifier) else "offset"
            positions = call("unnest", call("bq_positions", array.copy()))
            items.append(exp.alias_(positions, offset_name, quoted=True))
        lateral = exp.Subquery(
            this=exp.Select(expressions=items), alias=exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        )
        join = node.parent
        if isinstance(join, exp.Join) and join.side and not join.args.get("on"):
            join.set("on", exp.true())
        node.replace(lateral)


def select_as(root: exp.Expr) -> None:
    """SELECT AS STRUCT gives one struct column, SELECT AS VALUE the value itself."""
    for select in reversed(list(root.find_all(exp.Select))):
        kind = str(select.args.get("kind") or "").upper()
        if not kind:
            continue
        select.set("kind", None)
        if kind == "STRUCT":
            name_output_columns(select)
            with_ = select.args.get("with_")
            inner = select.copy()
            inner.set("with_", None)
            row = exp.to_identifier("_row", quoted=True)
            outer = exp.Select(expressions=[exp.Column(this=row.copy())]).from_(
                exp.Subquery(this=inner, alias=exp.TableAlias(this=row))
            )
            outer.set("with_", with_)
            select.replace(outer)


def in_unnest(root: exp.Expr) -> None:
    """`x IN UNNEST(array)`, with BigQuery's three-valued result; of constants, plain IN, which DuckDB can look up."""
    for node in reversed(list(root.find_all(exp.In))):
        source = node.args.get("unnest")
        if source:
            array = source.expressions[0] if isinstance(source, exp.Unnest) else source
            items = _constants(array)
            if items:
                node.replace(exp.In(this=node.this.copy(), expressions=[item.copy() for item in items]))
            else:
                node.replace(call("bq_in", node.this.copy(), array.copy()))


def _constants(array: exp.Expr) -> list[exp.Expr]:
    """The items of an array that was given as a parameter, none of which is NULL; empty for any other."""
    items = array.this.expressions if isinstance(array, exp.Cast) and isinstance(array.this, exp.Array) else []
    values = [item.this if isinstance(item, exp.Cast) else item for item in items]
    return items if all(isinstance(value, exp.Literal) for value in values) else []


def inline_plain_tables(root: exp.Expr) -> None:
    """What WITH names is put where it is read, as BigQuery does, if all it does is to choose rows and columns: a table is scanned
    faster than what was copied from it."""
    for named in root.find_all(exp.CTE):
        if not named.this.find(
            exp.AggFunc, exp.Window, exp.Group, exp.Distinct, exp.SetOperation, exp.Join, exp.Unnest
        ):
            named.set("materialized", False)


def float_literals(root: exp.Expr) -> None:
    """`1.5` is a FLOAT64 in BigQuery and a DECIMAL in DuckDB, where `1.5e0` is the double."""
    for literal in list(root.find_all(exp.Literal)):
        text = literal.this
        if not literal.is_string and "." in text and "e" not in text.lower():
            literal.replace(raw(f"{text.rstrip('.')}e0"))


def like_escape(root: exp.Expr) -> None:
    """A backslash escapes in a LIKE pattern."""
    for like in reversed(list(root.find_all(exp.Like))):
        if not isinstance(like.parent, exp.Escape):
            like.replace(exp.Escape(this=like.copy(), expression=exp.Literal.string("\\")))


def refuse_unsupported(root: exp.Expr) -> None:
    """Name what has no counterpart here instead of dropping it."""
    for node in root.walk():
        if isinstance(node, exp.TableSample):
            raise invalid_query("TABLESAMPLE is not supported by the local server")
        if isinstance(node, exp.Command):
            raise invalid_query(
                f"Statement not supported by the local server: {node.this} {node.expression or ''}".strip()
            )
        if isinstance(node, _BITWISE) and isinstance(node.this, _BITWISE) and type(node) is not type(node.this):
            # BigQuery has an order of these, sqlglot reads and DuckDB computes them from left to right.
            raise invalid_query(
                "Bitwise operators of two kinds without parentheses are not supported by the local server"
            )


def _sources(select: exp.Select) -> Iterator[exp.Expr]:
    source = select.args.get("from_")
    if source:
        yield source.this
        yield from (join.this for join in source.this.args.get("joins") or ())
    yield from (join.this for join in select.args.get("joins") or ())


SHAPE = (
    refuse_unsupported,
    correlated_arrays,
    group_by_alias,
    select_as,
    in_unnest,
    unnest,
    inline_plain_tables,
    like_escape,
    float_literals,
)
"""In the order in which they run."""
