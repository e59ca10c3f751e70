"""Checking: all that is wrong with asking for an operation, found before anything runs, each thing at its place."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from shared.core.errors import FieldError
from shared.media.containers import Container
from shared.media.effects.kind import Params
from shared.media.info import MediaInfo
from shared.media.operations.errors import InvalidOperation
from shared.media.operations.kind import Need, Operation
from shared.media.refusals import parameter_errors, refusal

_NEEDS: Mapping[Need, str] = {
    "video": "a video with moving pictures",
    "image": "a picture",
    "sound": "a file with sound",
    "media": "a video or a sound",
}


def read_params(operation: Operation, params: Mapping[str, Any]) -> Params:
    """The parameters as the operation wants them. Raises `InvalidOperation`."""
    try:
        return operation.params.model_validate(params)
    except ValidationError as error:
        raise refusal(InvalidOperation, parameter_errors(error)) from error


def check_count(operation: Operation, count: int) -> None:
    """Raise `InvalidOperation` unless it takes so many inputs."""
    least, most = operation.count
    if least <= count <= most:
        return
    wanted = str(least) if least == most else f"{least} to {most}"
    detail = f"{operation.name} takes {wanted} input(s), each {_NEEDS[operation.inputs[-1]]}; {count} were given."
    raise refusal(InvalidOperation, [FieldError("/inputs", detail, "input_count")])


def check_inputs(operation: Operation, infos: Sequence[MediaInfo], params: Params) -> None:
    """Raise `InvalidOperation` with everything that these files cannot give."""
    check_count(operation, len(infos))
    errors = list(_unfit(operation, infos)) or list(operation.check(infos, params))
    if errors:
        raise refusal(InvalidOperation, errors)


def container_for(operation: Operation, infos: Sequence[MediaInfo], params: Params, suffix: str | None) -> Container:
    """What is written: the usual container, or the one that a file's suffix (without its dot) asks for.

    Raises `InvalidOperation` when it cannot be that one."""
    possible = operation.writes(infos, params)
    if suffix is None:
        return possible[0]
    for container in possible:
        if container == suffix.lower():
            return container
    names = ", ".join(f".{container}" for container in possible)
    what = f"a .{suffix} file" if suffix else "a file without a suffix"
    detail = f"{operation.name} cannot write {what} here. Name the result with one of: {names}."
    raise refusal(InvalidOperation, [FieldError("/output", detail, "output_format")])


def _unfit(operation: Operation, infos: Sequence[MediaInfo]) -> Iterator[FieldError]:
    for place, info in enumerate(infos):
        need = operation.need(place)
        if not _has(info, need):
            detail = f"{operation.name} needs {_NEEDS[need]} here; this file is {_described(info)}. Choose another one."
            yield FieldError(f"/inputs/{place}", detail, f"no_{need}")


def _has(info: MediaInfo, need: Need) -> bool:
    match need:
        case "video" | "image":
            return info.kind == need
        case "sound":
            return info.audio is not None
        case "media":
            return info.kind != "image"


def _described(info: MediaInfo) -> str:
    if info.kind == "audio":
        return "sound without a picture"
    return "a still picture" if info.kind == "image" else "a video" + ("" if info.audio else " without sound")
