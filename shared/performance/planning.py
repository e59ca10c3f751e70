"""Planning: what an operation on assets will take, before it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from shared.assets import check_assets, input_assets
from shared.core.errors import FieldError
from shared.jobs import JobKind
from shared.media.machines import machine_of
from shared.media.operations import InvalidOperation
from shared.performance.errors import NothingLearnt
from shared.performance.expectation import Expectation, Range, expect


@dataclass(frozen=True)
class PlannedOperation:
    """An operation that can be done. Seconds are what the job takes from its start; its cost follows from them.

    `expectation` and `cost_usd` are None while nothing is known, and `unknown` says why."""

    operation: str
    container: str
    expectation: Expectation | None
    cost_usd: Range | None
    unknown: str | None


def plan_operation(
    user_id: str, name: str, asset_ids: Sequence[str], params: Mapping[str, Any], *, below: str = ""
) -> PlannedOperation:
    """What the operation on these assets of the user takes; nothing is queued. `below`: the JSON pointer of where inputs and
    parameters are in the request.

    Raises `UnknownOperation`, or `InvalidOperation` with a pointer for each asset and parameter that does not fit."""
    try:
        assets = input_assets(user_id, asset_ids)
        request = check_assets(name, assets, params)
    except InvalidOperation as error:
        errors = [FieldError(below + each.pointer, each.detail, each.code) for each in error.errors]
        raise InvalidOperation(error.detail, errors=errors) from error
    container = str(request.container)
    try:
        expected = expect(
            name,
            size=sum(asset.size or 0 for asset in assets),
            input_format=PurePath(assets[0].filename).suffix.removeprefix(".").lower() or None,
            output_format=container,
            parameters=request.params.model_dump(mode="json", exclude_none=True),
        )
    except NothingLearnt as error:
        return PlannedOperation(name, container, None, None, error.detail)
    price = machine_of(JobKind.OPERATION).cost
    seconds = expected.seconds
    cost = Range(price(seconds.usual), price(seconds.low), price(seconds.high))
    return PlannedOperation(name, container, expected, cost, None)
