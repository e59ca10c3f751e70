"""Carrying an operation out on files of this machine."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import Any

from shared.core.errors import FieldError
from shared.media.containers import Container
from shared.media.effects.kind import Params
from shared.media.errors import RenderCancelled, UnreadableMedia
from shared.media.ffmpeg import Ffmpeg
from shared.media.graph import SourceMedia
from shared.media.graph.source import refuse_garbled
from shared.media.info import MediaInfo
from shared.media.operations.checking import check_count, check_inputs, container_for, read_params
from shared.media.operations.errors import InvalidOperation
from shared.media.operations.kind import Operation
from shared.media.operations.registry import find_operation
from shared.media.operations.run import Run
from shared.media.partials import scratch
from shared.media.probe import probe

_LOOKING = 8
"""Threads that wait for files to be looked into; how many are at once, the prober says."""


@dataclass(frozen=True)
class Request:
    """An operation that can be done: with parameters that fit, on files that can give what it needs."""

    operation: Operation
    params: Params
    container: Container


@dataclass(frozen=True)
class Outcome:
    """What an operation has made, and what that cost: seconds by the clock and of processors, bytes at the peak.

    `notes` tell in what the result is not as it was asked for."""

    output: Path
    size: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    disk_operations: int
    notes: tuple[str, ...] = ()


def check_operation(
    name: str, infos: Sequence[MediaInfo], params: Mapping[str, Any], suffix: str | None = None
) -> Request:
    """What is asked for, if it can be done. `suffix`: of the file to write, without its dot; None: the usual one.

    Raises `UnknownOperation`, or `InvalidOperation` with everything that is wrong."""
    operation = find_operation(name)
    given = read_params(operation, params)
    check_inputs(operation, infos, given)
    return Request(operation, given, container_for(operation, infos, given, suffix))


def run_operation(
    name: str,
    files: Sequence[Path],
    params: Mapping[str, Any],
    output: Path,
    *,
    infos: Sequence[MediaInfo] | None = None,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
    lasting: bool = True,
) -> Outcome:
    """Do the operation on `files` and write `output`, whose suffix says what it becomes; it appears whole or not at all.

    `infos`: what `probe_all` says of the files, where it has been asked. `on_progress` hears how far it is, from 0 to 1. Not
    `lasting`, a power cut may take the result: of what is a step to something else. Raises `UnknownOperation`,
    `InvalidOperation`, and what `run_graph` raises."""
    operation = find_operation(name)
    refuse_garbled(output)
    read_params(operation, params)
    check_count(operation, len(files))
    found = probe_all(files) if infos is None else infos
    request = check_operation(name, found, params, output.suffix[1:])
    sources = [SourceMedia(path.absolute(), info) for path, info in zip(files, found, strict=True)]
    started = monotonic()
    with scratch() as folder:
        run = Run(
            sources,
            output.absolute(),
            request.container,
            folder,
            on_progress=on_progress,
            should_cancel=should_cancel,
            timeout=timeout,
            ffmpeg=ffmpeg,
            lasting=lasting,
        )
        if should_cancel is not None and should_cancel():
            raise RenderCancelled("The operation was cancelled.")
        request.operation.make(run, request.params)
    run.report(1.0)
    return Outcome(
        output=output,
        size=output.stat().st_size,
        wall_seconds=monotonic() - started,
        cpu_seconds=sum(result.cpu_seconds for result in run.results),
        peak_memory=max((result.peak_memory for result in run.results), default=0),
        disk_operations=sum(result.disk_operations for result in run.results),
        notes=tuple(run.notes),
    )


def probe_all(files: Sequence[Path]) -> list[MediaInfo]:
    """What is in each file; several are looked into at once. Raises one `InvalidOperation` that points at every one that cannot
    be used."""
    with ThreadPoolExecutor(max(1, min(len(files), _LOOKING))) as pool:
        found = list(pool.map(_looked_into, range(len(files)), files))
    errors = [each for each in found if isinstance(each, FieldError)]
    if errors:
        raise InvalidOperation(f"{errors[0].pointer}: {errors[0].detail}", errors=errors)
    return [each for each in found if isinstance(each, MediaInfo)]


def _looked_into(place: int, path: Path) -> MediaInfo | FieldError:
    try:
        info = probe(path, hashed=False)
    except UnreadableMedia as error:
        return FieldError(f"/inputs/{place}", f"{path.name}: {error.detail}", "unreadable_media")
    if info.exact_duration == Fraction(0) and not info.is_still:
        return FieldError(f"/inputs/{place}", f"{path.name} has no length.", "unreadable_media")
    return info
