"""Batch: a chain of operations. Each may read what those before it have made; what lies between is gone at the end."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.core.errors import FieldError, KompoError
from shared.media.operations.carrying_out import Outcome, probe_all, run_operation
from shared.media.operations.checking import check_count, container_for, read_params
from shared.media.operations.errors import InvalidOperation
from shared.media.operations.registry import find_operation

PREVIOUS = "OUTPUT_PREVIOUS"
"""As an input: what the step before has made."""
NAMED = "OUTPUT:"
"""As the beginning of an input: what the step of this name has made. A file of such a name is written ./OUTPUT:name."""
MAX_STEPS = 100


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Part):
    """An operation on files, or on what steps before it have made.

    `name` lets later steps read its result; with `output` its result is kept there too."""

    operation: str
    inputs: Annotated[list[str], Field(min_length=1, max_length=100)]
    params: dict[str, Any] = {}
    name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    output: str | None = Field(default=None, min_length=1)


class Batch(_Part):
    """Steps, one after the other. The last one's result is kept: as its `output`, or as that of the batch."""

    steps: Annotated[list[Step], Field(min_length=1, max_length=MAX_STEPS)]
    output: str | None = Field(default=None, min_length=1)


def read_batch(text: str) -> Batch:
    """A batch as JSON. Raises `InvalidOperation` with everything that can be seen to be wrong before anything runs."""
    try:
        batch = Batch.model_validate(json.loads(text))
    except ValidationError as error:
        errors = [
            FieldError("".join(f"/{step}" for step in entry["loc"]), f"{entry['msg'].rstrip('.')}.", entry["type"])
            for entry in error.errors(include_url=False, include_context=False)
        ]
        raise _invalid(errors) from error
    except json.JSONDecodeError as error:
        raise InvalidOperation(f"The batch is no JSON: {error.msg} in line {error.lineno}.", pointer="") from error
    except (ValueError, RecursionError) as error:
        detail = "The batch has a number of too many digits, or too many brackets in each other. Write it plainer."
        raise InvalidOperation(detail, pointer="") from error
    errors = [problem for number, step in enumerate(batch.steps) for problem in _problems(batch, number, step)]
    if batch.output is None and batch.steps[-1].output is None:
        errors.append(FieldError("/output", "Say where the result of the last step is to be kept.", "missing"))
    if errors:
        raise _invalid(errors)
    return batch


def run_batch(batch: Batch, on_progress: Callable[[int, float], None] | None = None) -> list[Outcome]:
    """Carry all steps out; what each has made and cost. `on_progress` hears the number of a step and how far it is.

    Results appear under their names one by one, each whole; scratch files are gone at the end, however that comes.
    Raises what `run_operation` raises, its pointers below the step's (`/steps/1/params/start`)."""
    outcomes: list[Outcome] = []
    with TemporaryDirectory(prefix="batch-") as folder:
        for number, step in enumerate(batch.steps):
            files = [_file(batch, number, text, outcomes) for text in step.inputs]
            try:
                path = _output(batch, number, files, Path(folder))
                told, kept = _of(number, on_progress), path.parent != Path(folder)
                outcomes.append(run_operation(step.operation, files, step.params, path, on_progress=told, lasting=kept))
            except KompoError as error:
                raise _below(error, number) from error
    return outcomes


def _problems(batch: Batch, number: int, step: Step) -> list[FieldError]:
    found: list[FieldError] = []
    try:
        operation = find_operation(step.operation)
        check_count(operation, len(step.inputs))
        read_params(operation, step.params)
    except KompoError as error:
        found += _below(error, number, "/operation").errors
    for place, text in enumerate(step.inputs):
        pointer = f"/steps/{number}/inputs/{place}"
        if text == PREVIOUS and number == 0:
            found.append(FieldError(pointer, "There is no step before the first one. Name a file.", "no_previous"))
        if text.startswith(NAMED) and _named(batch, number, text) is None:
            detail = f"No step before this one is named {text.removeprefix(NAMED)!r}."
            found.append(FieldError(pointer, detail, "unknown_step"))
    return found


def _named(batch: Batch, number: int, text: str) -> int | None:
    """The step before `number` that an input names; the last one if several have the name."""
    wanted = text.removeprefix(NAMED)
    return next((place for place in reversed(range(number)) if batch.steps[place].name == wanted), None)


def _file(batch: Batch, number: int, text: str, outcomes: Sequence[Outcome]) -> Path:
    if text == PREVIOUS:
        return outcomes[number - 1].output
    place = _named(batch, number, text) if text.startswith(NAMED) else None
    return outcomes[place].output if place is not None else Path(text)


def _output(batch: Batch, number: int, files: Sequence[Path], folder: Path) -> Path:
    """Where a step's result goes: where it is to be kept, or into the scratch folder."""
    step = batch.steps[number]
    last = number == len(batch.steps) - 1
    kept = step.output or (batch.output if last else None)
    if kept is not None:
        return Path(kept)
    operation = find_operation(step.operation)
    params = read_params(operation, step.params)
    return folder / f"{number}.{container_for(operation, probe_all(files), params, None)}"


def _of(number: int, on_progress: Callable[[int, float], None] | None) -> Callable[[float], None] | None:
    return None if on_progress is None else lambda fraction: on_progress(number, fraction)


def _below(error: KompoError, number: int, usual: str = "") -> KompoError:
    """The same error of a step, told where it is in the batch."""
    errors = error.errors or (FieldError(usual, error.detail, "failed"),)
    moved = [FieldError(f"/steps/{number}{each.pointer}", each.detail, each.code) for each in errors]
    return type(error)(f"Step {number}: {error.detail}", errors=moved)


def _invalid(errors: Sequence[FieldError]) -> InvalidOperation:
    return InvalidOperation(f"{errors[0].pointer or 'The batch'}: {errors[0].detail}", errors=errors)
