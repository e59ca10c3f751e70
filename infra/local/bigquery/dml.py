"""INSERT, UPDATE, DELETE, MERGE and TRUNCATE: what has to be settled before the statement is translated."""

from dataclasses import dataclass

from sqlglot import exp

from infra.local.bigquery.dialect import Sources
from infra.local.bigquery.dialect.nodes import call
from infra.local.bigquery.errors import invalid_query
from infra.local.bigquery.tables import PARTITION_TIME, Table

STATEMENTS = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.TruncateTable)
_KINDS: dict[type[exp.Expr], tuple[str, str | None]] = {
    exp.Insert: ("INSERT", "insertedRowCount"),
    exp.Update: ("UPDATE", "updatedRowCount"),
    exp.Delete: ("DELETE", "deletedRowCount"),
    exp.Merge: ("MERGE", None),
    exp.TruncateTable: ("TRUNCATE_TABLE", "deletedRowCount"),
}


@dataclass(frozen=True)
class Statement:
    """A DML statement: its name, the table it changes, and the counter of DmlStats that its rows go to, if it is one."""

    kind: str
    table: Table
    counter: str | None


def prepare(tree: exp.Expr, sources: Sources) -> Statement:
    """Settle the target of `tree`, in place. Raises BigQueryError."""
    kind, counter = _KINDS[type(tree)]
    table = sources.target(_target(tree))
    if isinstance(tree, exp.Insert):
        _insert(tree, table)
    elif isinstance(tree, exp.Update | exp.Delete):
        if not tree.args.get("where"):
            raise invalid_query(f"{kind} must have a WHERE clause")
        if isinstance(tree, exp.Update):
            tree.set("expressions", _update(tree.expressions, _names(tree, table)))
    elif isinstance(tree, exp.Merge):
        _merge(tree, table)
    return Statement(kind, table, counter)


def _target(tree: exp.Expr) -> exp.Table:
    target = tree.expressions[0] if isinstance(tree, exp.TruncateTable) else tree.this
    if isinstance(target, exp.Schema):
        target = target.this
    if not isinstance(target, exp.Table):
        raise invalid_query("Syntax error: Expected a table")
    return target


def _names(tree: exp.Expr, table: Table) -> set[str]:
    return {tree.this.alias_or_name.lower(), table.name.table.lower()}


def _insert(tree: exp.Insert, table: Table) -> None:
    """Name the columns: an ingestion-time table has one more than the statement knows of."""
    if isinstance(tree.this, exp.Table):
        names = [exp.to_identifier(field.name) for field in table.schema]
        tree.set("this", exp.Schema(this=tree.this.copy(), expressions=names))
    tree.this.this.set("alias", None)
    if table.by_ingestion_time:
        raise invalid_query(
            f"INSERT into an ingestion-time partitioned table is not supported: {PARTITION_TIME} is set by insertAll"
        )


def _update(assignments: list[exp.Expr], names: set[str]) -> list[exp.Expr]:
    """The assigned column is named without its table (one of `names`); a field of a struct is set by making the struct anew."""
    values: dict[str, exp.Expr] = {}
    for assignment in assignments:
        if not isinstance(assignment, exp.EQ) or not isinstance(assignment.this, exp.Column | exp.Dot):
            raise invalid_query("This form of UPDATE … SET is not supported by the local server")
        path = [part.name for part in assignment.this.parts]
        if len(path) > 1 and path[0].lower() in names:
            path = path[1:]
        column, *fields = path
        before = values.get(column, exp.column(column, quoted=True))
        values[column] = _with_field(before, fields, assignment.expression)
    return [exp.EQ(this=exp.column(name, quoted=True), expression=value) for name, value in values.items()]


def _with_field(struct: exp.Expr, path: list[str], value: exp.Expr) -> exp.Expr:
    if not path:
        return value.copy()
    name, *rest = path
    inner = _with_field(
        exp.Dot(this=exp.paren(struct.copy()), expression=exp.to_identifier(name, quoted=True)), rest, value
    )
    field = exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=inner)
    return call("struct_update", struct.copy(), field)


def _merge(tree: exp.Merge, table: Table) -> None:
    source = tree.args["using"].alias_or_name
    for when in tree.args["whens"].expressions:
        then = when.args.get("then")
        if isinstance(then, exp.Insert) and isinstance(then.this, exp.Var) and then.this.name.upper() == "ROW":
            names = [exp.to_identifier(field.name, quoted=True) for field in table.schema]
            values: list[exp.Expr] = [exp.column(name.copy(), table=source, quoted=True) for name in names]
            then.set("this", exp.Tuple(expressions=list(names)))
            then.set("expression", exp.Tuple(expressions=values))
        elif isinstance(then, exp.Update):
            then.set("expressions", _update(then.expressions, _names(tree, table)))
