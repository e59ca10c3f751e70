"""Chain: operations one after the other, each with its parameters, on media that whoever runs it brings along."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, JsonValue, ValidationError

from shared.chains.errors import InvalidChain
from shared.core.documents import StoredModel
from shared.core.errors import FieldError, KompoError
from shared.media.operations import find_operation
from shared.media.operations.checking import read_params
from shared.media.operations.kind import SOUND_FILES, Need, Operation

MAX_STEPS = 20
PREVIOUS = "OUTPUT_PREVIOUS"
INPUT = "INPUT_"
"""Before the number, from 1, of a file that is brought along."""
_NAMED = "OUTPUT:"
_SOUND_MAKERS = frozenset({"extract_audio", "to_mp3"})
"""Operations that write sound alone, whatever they read."""


_BROUGHT: Mapping[Need, str] = {"video": "video", "image": "image", "sound": "media", "media": "media"}
"""What a file is that is brought along: one with sound may have pictures too."""


class ChainStep(StoredModel):
    """An operation of the chain, with those of its parameters that are not as usual."""

    operation: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    params: dict[str, JsonValue] = Field(default_factory=dict)


@dataclass(frozen=True)
class Wiring:
    """Where each step has its inputs from, in the words of a batch file: OUTPUT_PREVIOUS, OUTPUT:step-2, INPUT_1.

    `needs` says what each file that is brought along must have; `most` how many there can be."""

    inputs: tuple[tuple[str, ...], ...]
    needs: tuple[Need, ...]
    most: int


@dataclass
class _Result:
    """What a step makes and no step has taken yet."""

    step: int
    kind: str


def wire(steps: Sequence[ChainStep], brought: int | None = None) -> Wiring:
    """Connect the steps: each takes what those before it have made, as far as that serves it, and else a file that is brought.

    `brought`: how many files there are; more than are needed go to the first step that can take any number. Raises InvalidChain
    for an unknown operation."""
    operations = [_found(number, step) for number, step in enumerate(steps)]
    extra = 0 if brought is None else brought - len(_connect(steps, operations, 0)[1])
    inputs, needs = _connect(steps, operations, max(0, extra))
    open_ended = next((operation for operation in operations if operation.count[0] < operation.count[1]), None)
    more = open_ended.count[1] - open_ended.count[0] if open_ended else 0
    return Wiring(tuple(inputs), tuple(needs), len(_connect(steps, operations, 0)[1]) + more)


def name_of_step(number: int) -> str:
    """What a batch file calls a step, counted from 0."""
    return f"step-{number + 1}"


def fitting_params(operation: str, params: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Those of the parameters that our operation of this name takes; none if there is no such operation."""
    try:
        model = find_operation(operation).params
    except KompoError:
        return {}
    kept = {name: value for name, value in params.items() if name in model.model_fields}
    try:
        model.model_validate(kept)
    except ValidationError as error:
        wrong = {str(entry["loc"][0]) for entry in error.errors() if entry["loc"]} or set(kept)
        aliases = {name: field.alias or name for name, field in model.model_fields.items()}
        right = {name: value for name, value in kept.items() if name not in wrong and aliases[name] not in wrong}
        return fitting_params(operation, right)
    return kept


def _of_steps(number: int, pointer: str) -> str:
    return f"/steps/{number}{pointer}"


def batch_of(steps: Sequence[ChainStep]) -> dict[str, Any]:
    """The chain as `python -m shared.media batch` reads it, once INPUT_1 and its like are replaced by files."""
    wiring = wire(steps)
    return {
        "steps": [
            {
                "operation": step.operation,
                "name": name_of_step(number),
                "inputs": list(wiring.inputs[number]),
                "params": dict(step.params),
            }
            for number, step in enumerate(steps)
        ]
    }


def check_steps(steps: Sequence[ChainStep], pointer: Callable[[int, str], str] = _of_steps) -> None:
    """Raise InvalidChain with everything wrong with operations and parameters. `pointer` makes those of a step by its number,
    such as /params/start, those of what the caller was given."""
    if not 1 <= len(steps) <= MAX_STEPS:
        raise InvalidChain(f"A chain has 1 to {MAX_STEPS} steps.", pointer="/steps")
    errors: list[FieldError] = []
    for number, step in enumerate(steps):
        try:
            read_params(find_operation(step.operation), step.params)
        except KompoError as error:
            found = error.errors or (FieldError("/operation", error.detail, "unknown_operation"),)
            errors += [FieldError(pointer(number, each.pointer), each.detail, each.code) for each in found]
    if errors:
        raise InvalidChain(f"The chain has {len(errors)} problem(s). {errors[0].detail}", errors=errors)


def _connect(
    steps: Sequence[ChainStep], operations: Sequence[Operation], extra: int
) -> tuple[list[tuple[str, ...]], list[Need]]:
    inputs: list[tuple[str, ...]] = []
    needs: list[Need] = []
    left: list[_Result] = []
    for number, (step, operation) in enumerate(zip(steps, operations, strict=True)):
        least, most = operation.count
        taken: list[str] = []
        kind = ""
        for place in range(least):
            found = _take(left, operation.need(place), newest=least == 1)
            if found is None:
                needs.append(operation.need(place))
                taken.append(f"{INPUT}{len(needs)}")
            else:
                taken.append(_reference(found.step, number))
            kind = kind or (found.kind if found else _BROUGHT[operation.need(place)])
        while least > 1 and len(taken) < most and (found := _take(left, operation.need(len(taken)), newest=False)):
            taken.append(_reference(found.step, number))
        while least < most and extra and len(taken) < most:
            needs.append(operation.need(len(taken)))
            taken.append(f"{INPUT}{len(needs)}")
            extra -= 1
        inputs.append(tuple(taken))
        left.append(_Result(number, _made(step, operation, kind)))
    return inputs, needs


def _take(left: list[_Result], need: Need, *, newest: bool) -> _Result | None:
    """Take the result that can serve: the newest, or, of an operation that joins several, the oldest first."""
    for result in reversed(left) if newest else list(left):
        if _serves(result.kind, need):
            left.remove(result)
            return result
    return None


def _serves(kind: str, need: Need) -> bool:
    match need:
        case "image":
            return False
        case "video":
            return kind != "sound"
        case _:
            return True


def _made(step: ChainStep, operation: Operation, kind: str) -> str:
    """What the step makes of an input of `kind`: sound alone, or what may have pictures."""
    if operation.name in _SOUND_MAKERS or step.params.get("format") in SOUND_FILES:
        return "sound"
    return "video" if operation.need(0) in ("video", "image") else kind


def _reference(step: int, number: int) -> str:
    return PREVIOUS if step == number - 1 else f"{_NAMED}{name_of_step(step)}"


def _found(number: int, step: ChainStep) -> Operation:
    try:
        return find_operation(step.operation)
    except KompoError as error:
        raise InvalidChain(error.detail, pointer=f"/steps/{number}/operation") from error
