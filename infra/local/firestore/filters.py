"""Filters: parsed, brought into disjunctive normal form, and evaluated on a document."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import product

from .encoding import NAN, NULL, encode, encode_reference
from .errors import InvalidArgument
from .field_paths import NAME, FieldPath, parse_field_path
from .messages import StructuredQuery, Value
from .records import Record

MAX_DISJUNCTIONS = 30
"""Conjunctions that a query may expand to."""
MAX_MEMBERS = 30
"""Values of `in` and `array-contains-any`."""
MAX_EXCLUDED = 10
"""Values of `not-in`."""


class Op(Enum):
    """Comparisons after parsing: `in` and `array-contains-any` have become disjunctions, null and NaN checks equalities."""

    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="
    NOT_IN = "not-in"
    CONTAINS = "array-contains"


RANGES = frozenset({Op.LT, Op.LE, Op.GT, Op.GE})
INEQUALITIES = RANGES | {Op.NE, Op.NOT_IN}

_ALL_OPS = StructuredQuery.FieldFilter
_SIMPLE = {
    _ALL_OPS.LESS_THAN: Op.LT,
    _ALL_OPS.LESS_THAN_OR_EQUAL: Op.LE,
    _ALL_OPS.GREATER_THAN: Op.GT,
    _ALL_OPS.GREATER_THAN_OR_EQUAL: Op.GE,
    _ALL_OPS.EQUAL: Op.EQ,
    _ALL_OPS.NOT_EQUAL: Op.NE,
    _ALL_OPS.ARRAY_CONTAINS: Op.CONTAINS,
}
_LISTS = {_ALL_OPS.IN: "IN", _ALL_OPS.NOT_IN: "NOT_IN", _ALL_OPS.ARRAY_CONTAINS_ANY: "ARRAY_CONTAINS_ANY"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition on one field. `operands` are encoded values: one, or several for NOT_IN."""

    path: FieldPath
    op: Op
    operands: tuple[bytes, ...]

    @property
    def operand(self) -> bytes:
        """The one operand."""
        return self.operands[0]

    def matches(self, record: Record) -> bool:
        """Whether the document meets the condition; a missing field meets none."""
        if self.op is Op.CONTAINS:
            return self.operand in record.elements(self.path)
        value = record.value(self.path)
        if value is None:
            return False
        match self.op:
            case Op.EQ:
                return value == self.operand
            case Op.NE:
                return value not in (self.operand, NULL)
            case Op.NOT_IN:
                return value != NULL and NULL not in self.operands and value not in self.operands
        if value[0] != self.operand[0]:
            return False
        match self.op:
            case Op.LT:
                return value < self.operand
            case Op.LE:
                return value <= self.operand
            case Op.GT:
                return value > self.operand
            case _:
                return value >= self.operand


Conjunction = tuple[Comparison, ...]
Disjunction = tuple[Conjunction, ...]
"""A filter in disjunctive normal form: met when one of its conjunctions is."""

EVERYTHING: Disjunction = ((),)


def parse_filter(where: StructuredQuery) -> Disjunction:
    """The disjunctive normal form of a filter. Raises InvalidArgument."""
    match where.WhichOneof("filter_type"):
        case None:
            return EVERYTHING
        case "unary_filter":
            return ((_unary(where.unary_filter),),)
        case "field_filter":
            return _field(where.field_filter)
        case _:
            disjunction = _composite(where.composite_filter)
    if len(disjunction) > MAX_DISJUNCTIONS:
        raise InvalidArgument(
            f"The query requires {len(disjunction)} disjunctions; at most {MAX_DISJUNCTIONS} are supported."
        )
    return disjunction


def comparisons(disjunction: Disjunction) -> Iterator[Comparison]:
    """Every comparison in a filter."""
    for conjunction in disjunction:
        yield from conjunction


def matches(disjunction: Disjunction, record: Record) -> bool:
    """Whether the document meets the filter."""
    return any(all(comparison.matches(record) for comparison in conjunction) for conjunction in disjunction)


def _composite(composite: StructuredQuery) -> Disjunction:
    parts = [parse_filter(part) for part in composite.filters]
    if not parts:
        raise InvalidArgument("A composite filter must have at least one filter.")
    if composite.op == StructuredQuery.CompositeFilter.OR:
        return tuple(dict.fromkeys(conjunction for part in parts for conjunction in part))
    if composite.op != StructuredQuery.CompositeFilter.AND:
        raise InvalidArgument("A composite filter must have an operator.")
    size = 1
    for part in parts:
        size *= len(part)
    if size > MAX_DISJUNCTIONS:
        raise InvalidArgument(f"The query requires {size} disjunctions; at most {MAX_DISJUNCTIONS} are supported.")
    return tuple(tuple(dict.fromkeys(sum(choice, ()))) for choice in product(*parts))


def _unary(unary: StructuredQuery) -> Comparison:
    kinds = StructuredQuery.UnaryFilter
    known = {
        kinds.IS_NULL: (Op.EQ, NULL),
        kinds.IS_NAN: (Op.EQ, NAN),
        kinds.IS_NOT_NULL: (Op.NE, NULL),
        kinds.IS_NOT_NAN: (Op.NE, NAN),
    }
    if unary.op not in known:
        raise InvalidArgument("A unary filter must have an operator.")
    op, operand = known[unary.op]
    return Comparison(parse_field_path(unary.field.field_path), op, (operand,))


def _field(field: StructuredQuery) -> Disjunction:
    path = parse_field_path(field.field.field_path)
    if field.op in _SIMPLE:
        return ((Comparison(path, _SIMPLE[field.op], (_operand(path, field.value),)),),)
    if field.op not in _LISTS:
        raise InvalidArgument("A field filter must have an operator.")
    members = [_operand(path, member) for member in _members(field)]
    if field.op == _ALL_OPS.NOT_IN:
        return ((Comparison(path, Op.NOT_IN, tuple(members)),),)
    op = Op.EQ if field.op == _ALL_OPS.IN else Op.CONTAINS
    return tuple((Comparison(path, op, (member,)),) for member in dict.fromkeys(members))


def _members(field: StructuredQuery) -> list[Value]:
    name = _LISTS[field.op]
    if field.value.WhichOneof("value_type") != "array_value":
        raise InvalidArgument(f"'{name}' requires an ArrayValue.")
    members = list(field.value.array_value.values)
    limit = MAX_EXCLUDED if field.op == _ALL_OPS.NOT_IN else MAX_MEMBERS
    if not members:
        raise InvalidArgument(f"'{name}' requires a non-empty ArrayValue.")
    if len(members) > limit:
        raise InvalidArgument(f"'{name}' supports up to {limit} comparison values.")
    return members


def _operand(path: FieldPath, value: Value) -> bytes:
    if path != NAME:
        return encode(value)
    if value.WhichOneof("value_type") != "reference_value":
        raise InvalidArgument("__key__ filter value must be a Key")
    return encode_reference(value.reference_value)
