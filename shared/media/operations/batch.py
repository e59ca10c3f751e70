"""Batch: a chain of operations. Each may read what those before it have made; what lies between is gone at the end."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.core.errors import FieldError, KompoError
from shared.media.operations.carrying_out import Outcome, probe_all, run_operation
from shared.media.operations.checking import check_count, container_for, read_params
from shared.media.operations.errors import InvalidOperation
from shared.media.operations.registry import find_operation
from shared.media.partials import scratch

PREVIOUS = "OUTPUT_PREVIOUS"
"""As an input: what the step before has made."""
NAMED = "OUTPUT:"
"""As the beginning of an input: what the step of this name has made. A file of such a name is written ./OUTPUT:name."""
MAX_STEPS = 100


FileName = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Part):
    """An operation on files, or on what steps before it have made.

    `name` lets later steps read its result; with `output` its result is kept there too."""

    operation: str
    inputs: Annotated[list[FileName], Field(min_length=1, max_length=100)]
    params: dict[str, Any] = {}
    name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    output: FileName | None = None


class Batch(_Part):
    """Steps, one after the other. The last one's result is kept: as its `output`, or as that of the batch."""

    steps: Annotated[list[Step], Field(min_length=1, max_length=MAX_STEPS)]
    output: FileName | None = None


def read_batch(text: str) -> Batch:
    """A batch as JSON. Raises `InvalidOperation` with everything that can be seen to be wrong before anything runs."""
    try:
        document = json.loads(text)
        if not isinstance(document, dict):
            raise InvalidOperation('A batch is an object with steps: {"steps": […], "output": "…"}.', pointer="")
        batch = Batch.model_validate(document)
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
    errors += _wrong_outputs(batch)
    if errors:
        raise _invalid(errors)
    return batch


def run_batch(batch: Batch, on_progress: Callable[[int, float], None] | None = None) -> list[Outcome]:
    """Carry all steps out; what each has made and cost. `on_progress` hears the number of a step and how far it is.

    Results appear under their names one by one, each whole; scratch files are gone at the end, however that comes.
    Raises what `run_operation` raises, its pointers below the step's (`/steps/1/params/start`); of files that are not there
    and of folders that results are to go into, before anything runs."""
    if misplaced := list(_misplaced(batch)):
        raise _invalid(misplaced)
    outcomes: list[Outcome] = []
    with scratch() as folder:
        for number, step in enumerate(batch.steps):
            files = [_file(batch, number, text, outcomes) for text in step.inputs]
            try:
                path = _output(batch, number, files, folder)
                told, kept = _of(number, on_progress), path.parent != folder
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


def _wrong_outputs(batch: Batch) -> Iterator[FieldError]:
    last = batch.steps[-1].output
    if batch.output is None and last is None:
        yield FieldError("/output", "Say where the result of the last step is to be kept.", "missing")
    if batch.output is not None and last is not None:
        yield FieldError("/output", "The last step has an output of its own. Leave one of the two out.", "two_outputs")
    taken: dict[Path, str] = {}
    for pointer, kept in _kept(batch):
        if (before := taken.setdefault(kept.resolve(), pointer)) != pointer:
            yield FieldError(pointer, f"{before} is kept there already. Name another file.", "same_output")


def _kept(batch: Batch) -> Iterator[tuple[str, Path]]:
    """Where results are kept, with the pointers that say so."""
    for number, step in enumerate(batch.steps):
        if step.output is not None:
            yield f"/steps/{number}/output", Path(step.output)
    if batch.output is not None:
        yield "/output", Path(batch.output)


def _misplaced(batch: Batch) -> Iterator[FieldError]:
    """Inputs that neither are there nor will have been made by a step before, and outputs that cannot go where they are to."""
    made: set[Path] = set()
    for number, step in enumerate(batch.steps):
        for place, text in enumerate(step.inputs):
            is_result = text == PREVIOUS or text.startswith(NAMED) or Path(text).resolve() in made
            if not is_result and not _is_there(Path(text)):
                detail = f"{Path(text).name} is not there. Check its name."
                yield FieldError(f"/steps/{number}/inputs/{place}", detail, "missing_file")
        if step.output is not None:
            made.add(Path(step.output).resolve())
    for pointer, kept in _kept(batch):
        if not _is_there(kept.parent):
            yield FieldError(pointer, "Its folder is not there. Make it, or name another.", "missing_folder")
        elif _is_there(kept) and kept.is_dir():
            yield FieldError(pointer, f"{kept.name} is a folder. Name a file.", "is_a_folder")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # Of a name that no file can have.
        return False


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
