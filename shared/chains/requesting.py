"""Asking for a chain on assets: what can be seen to be wrong is found while the user is still there to hear of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, JsonValue

from shared.assets import Asset, check_assets, input_assets
from shared.chains.chain import INPUT, ChainStep, Wiring, check_steps, wire
from shared.chains.errors import InvalidChain
from shared.core.documents import StoredModel
from shared.core.errors import FieldError, KompoError
from shared.jobs import Job, JobKind, create_job, priority_of


class ChainOrigin(StoredModel):
    """The template that a chain is a run of; told by the run's workflow event."""

    template_id: str
    version: int = Field(ge=1)
    workflow_type: str | None = None


def request_chain(
    user_id: str,
    job_id: str,
    steps: Sequence[ChainStep],
    asset_ids: Sequence[str],
    *,
    changes: Sequence[Mapping[str, JsonValue]] = (),
    origin: ChainOrigin | None = None,
) -> Job:
    """Queue a chain on assets of the user, as a job of kind operation. The same job id again returns the same job.

    `changes`: of the parameters, step by step. Raises InvalidChain with a pointer to each input and parameter that is wrong."""
    if len(changes) > len(steps):
        raise InvalidChain(f"The chain has {len(steps)} steps: give parameters of no more.", pointer="/params")
    changed = [
        ChainStep(operation=step.operation, params={**step.params, **(changes[n] if n < len(changes) else {})})
        for n, step in enumerate(steps)
    ]
    check_steps(changed, _below_params)
    wiring = wire(changed, len(asset_ids))
    _check_count(wiring, len(asset_ids))
    assets = input_assets(user_id, asset_ids)
    _check_firsts(changed, wiring, assets)
    inputs: dict[str, Any] = {
        "steps": [
            {"operation": step.operation, "params": step.params, "inputs": list(taken)}
            for step, taken in zip(changed, wiring.inputs, strict=True)
        ],
        "inputs": [{"assetId": asset.id, "version": asset.version} for asset in assets],
        "origin": origin.model_dump(by_alias=True) if origin else None,
    }
    size = sum(asset.size or 0 for asset in assets)
    return create_job(user_id, JobKind.OPERATION, inputs, priority_of(size), job_id)


def _check_count(wiring: Wiring, given: int) -> None:
    least = len(wiring.needs)
    if not least <= given <= wiring.most:
        wanted = str(least) if least == wiring.most else f"{least} to {wiring.most}"
        needs = ", ".join(wiring.needs[:least])
        raise InvalidChain(f"This chain takes {wanted} input(s) ({needs}); {given} were given.", pointer="/inputs")


def _check_firsts(steps: Sequence[ChainStep], wiring: Wiring, assets: Sequence[Asset]) -> None:
    """The steps that read nothing but what is brought along can be checked against it; what the others will read is not there."""
    errors: list[FieldError] = []
    for number, (step, taken) in enumerate(zip(steps, wiring.inputs, strict=True)):
        places = [int(each.removeprefix(INPUT)) - 1 for each in taken if each.startswith(INPUT)]
        if len(places) < len(taken):
            continue
        try:
            check_assets(step.operation, [assets[place] for place in places], step.params)
        except KompoError as error:
            found = error.errors or (FieldError(f"/params/{number}", error.detail),)
            errors += [FieldError(_pointer(each.pointer, number, places), each.detail, each.code) for each in found]
    if errors:
        raise InvalidChain(f"{len(errors)} problem(s). {errors[0].detail}", errors=errors)


def _below_params(number: int, pointer: str) -> str:
    return f"/params/{number}/{pointer.removeprefix('/params/')}"


def _pointer(pointer: str, number: int, places: Sequence[int]) -> str:
    """Of a step's request, as one of the chain's: its inputs are among all, its parameters below its number."""
    family, _, rest = pointer[1:].partition("/")
    if family == "inputs" and rest.isdigit():
        return f"/inputs/{places[int(rest)]}"
    return _below_params(number, pointer) if family == "params" else pointer
