"""The registry of operations: what there is, and whether one can be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from shared.media.operations import conversion, cutting, effects, framing, hiding, joining, reframing, sounds
from shared.media.operations.errors import UnknownOperation
from shared.media.operations.kind import Need, Operation

_FAMILIES = (cutting, conversion, framing, reframing, hiding, sounds, joining, effects)
OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation for family in _FAMILIES for operation in family.OPERATIONS
}


@dataclass(frozen=True)
class OperationDescription:
    """An operation for people and forms: `params` is the JSON Schema of its parameters, with units, ranges and defaults.

    It takes `least` to `most` inputs; `inputs` says what each must have, the last of all further ones."""

    name: str
    title: str
    description: str
    family: str
    inputs: tuple[Need, ...]
    least: int
    most: int
    params: Mapping[str, Any]


def find_operation(name: str) -> Operation:
    """The operation of this name. Raises `UnknownOperation`, which says what it may have been meant to be."""
    from difflib import get_close_matches

    operation = OPERATIONS.get(name)
    if operation is None:
        near = get_close_matches(name, OPERATIONS, 3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`list`, or GET /v1/operations, names all."
        raise UnknownOperation(f"There is no operation {name[:100]!r}. {hint}")
    return operation


@cache
def describe_operations() -> tuple[OperationDescription, ...]:
    """Every operation there is, by family and name."""
    ordered = sorted(OPERATIONS.values(), key=lambda operation: (operation.family, operation.name))
    return tuple(
        OperationDescription(
            operation.name,
            operation.title,
            operation.description,
            operation.family,
            operation.inputs,
            *operation.count,
            operation.params.model_json_schema(by_alias=True),
        )
        for operation in ordered
    )
