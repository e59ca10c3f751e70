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
        raise _invalid([_told(entry) for entry in error.errors(include_url=False, include_context=False)]) from error


def check_count(operation: Operation, count: int) -> None:
    """Raise `InvalidOperation` unless it takes so many inputs."""
    least, most = operation.count
    if least <= count <= most:
        return
    wanted = str(least) if least == most else f"{least} to {most}"
    detail = f"{operation.name} takes {wanted} input(s), each {_NEEDS[operation.inputs[-1]]}; {count} were given."
    raise _invalid([FieldError("/inputs", detail, "input_count")])


def check_inputs(operation: Operation, infos: Sequence[MediaInfo], params: Params) -> None:
    """Raise `InvalidOperation` with everything that these files cannot give."""
    check_count(operation, len(infos))
    errors = list(_unfit(operation, infos)) or list(operation.check(infos, params))
    if errors:
        raise _invalid(errors)


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
    detail = f"{operation.name} cannot write a .{suffix} file here. Name the result with one of: {names}."
    raise _invalid([FieldError("/output", detail, "output_format")])


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


def _told(entry: Any) -> FieldError:
    """A finding of pydantic's."""
    pointer = "/params" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in entry["loc"])
    if entry["type"] == "extra_forbidden":
        return FieldError(pointer, "There is no such parameter. Remove it or check its spelling.", "unknown_parameter")
    return FieldError(pointer, f"{entry['msg'].removeprefix('Value error, ').rstrip('.')}.", entry["type"])


def _invalid(errors: Sequence[FieldError]) -> InvalidOperation:
    more = f" ({len(errors)} problems in all.)" if len(errors) > 1 else ""
    return InvalidOperation(f"{errors[0].pointer}: {errors[0].detail}{more}", errors=errors)
