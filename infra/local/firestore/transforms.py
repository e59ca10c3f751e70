"""Field transforms: what a write computes on the server from the value that is there."""

from collections.abc import Callable

from .encoding import encode, encode_number, number
from .errors import InvalidArgument
from .field_paths import Fields, get_field, parse_field_path, set_field
from .messages import DocumentTransform, Value
from .timestamps import to_timestamp

_INT64_MAX = 2**63 - 1
_INT64_MIN = -(2**63)
_NUMERIC = ("integer_value", "double_value")


def apply_transform(fields: Fields, transform: DocumentTransform, commit_micros: int) -> Value:
    """Carry out one FieldTransform on `fields` and return its transform result. Raises InvalidArgument."""
    path = parse_field_path(transform.field_path)
    current = get_field(fields, path)
    kind = transform.WhichOneof("transform_type")
    result = Value()
    match kind:
        case "set_to_server_value":
            stored = Value(timestamp_value=to_timestamp(commit_micros))
            result = stored
        case "increment":
            stored = result = _increment(current, _checked(transform.increment, "increment"))
        case "maximum":
            stored = result = _extreme(current, _checked(transform.maximum, "maximum"), max)
        case "minimum":
            stored = result = _extreme(current, _checked(transform.minimum, "minimum"), min)
        case "append_missing_elements":
            stored = _union(current, list(transform.append_missing_elements.values))
            result.null_value = 0
        case "remove_all_from_array":
            stored = _difference(current, list(transform.remove_all_from_array.values))
            result.null_value = 0
        case _:
            raise InvalidArgument(f'The transform of "{transform.field_path}" has no type.')
    set_field(fields, path, stored)
    return result


def _checked(operand: Value, kind: str) -> Value:
    if operand.WhichOneof("value_type") not in _NUMERIC:
        raise InvalidArgument(f"The operand of the transform {kind} must be an integer or a double.")
    return operand


def _is_number(value: Value | None) -> bool:
    return value is not None and value.WhichOneof("value_type") in _NUMERIC


def _increment(current: Value | None, operand: Value) -> Value:
    if current is None or not _is_number(current):
        return operand
    kinds = {current.WhichOneof("value_type"), operand.WhichOneof("value_type")}
    if kinds == {"integer_value"}:
        total = current.integer_value + operand.integer_value
        return Value(integer_value=max(_INT64_MIN, min(_INT64_MAX, total)))
    return Value(double_value=number(current) + number(operand))


def _extreme(current: Value | None, operand: Value, choose: Callable[[bytes, bytes], bytes]) -> Value:
    """The greater or the lesser. Of two equal ones the stored stays, so that 0 and 0.0 keep their type; NaN wins."""
    if current is None or not _is_number(current):
        return operand
    nan = encode_number(float("nan"))
    mine, theirs = encode(current), encode(operand)
    if nan in (mine, theirs):
        return Value(double_value=float("nan"))
    return current if choose(mine, theirs) == mine else operand


def _elements(current: Value | None) -> list[Value]:
    if current is None or current.WhichOneof("value_type") != "array_value":
        return []
    return list(current.array_value.values)


def _union(current: Value | None, added: list[Value]) -> Value:
    elements = _elements(current)
    known = {encode(element) for element in elements}
    for element in added:
        encoded = encode(element)
        if encoded not in known:
            known.add(encoded)
            elements.append(element)
    return _array(elements)


def _difference(current: Value | None, removed: list[Value]) -> Value:
    unwanted = {encode(element) for element in removed}
    return _array([element for element in _elements(current) if encode(element) not in unwanted])


def _array(elements: list[Value]) -> Value:
    value = Value()
    value.array_value.SetInParent()
    value.array_value.values.extend(elements)
    return value
