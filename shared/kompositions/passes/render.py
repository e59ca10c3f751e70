"""render: a komposition becomes its files, in one run of FFmpeg or in as few as it takes, encoding only what is new."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.kompositions.model import Komposition
from shared.kompositions.passes.cache import Cache
from shared.kompositions.passes.division import RenderOptions
from shared.kompositions.passes.execution import Execution
from shared.kompositions.passes.film import open_film
from shared.kompositions.passes.plan import RenderPlan, plan_steps
from shared.kompositions.passes.progress import RenderProgress, Steps
from shared.kompositions.passes.stored import fetch_division
from shared.media import Ffmpeg, find_ffmpeg
from shared.media.graph import SourceMedia


@dataclass(frozen=True)
class Rendered:
    """What a render made, by which plan, and what it cost. `size` is of all outputs together, in bytes.

    `notes` tell in what the outputs are not as they were asked for."""

    outputs: tuple[Path, ...]
    plan: RenderPlan
    size: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    disk_operations: int
    notes: tuple[str, ...] = ()


def render(
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    outputs: Sequence[Path],
    *,
    cache: Cache | None = None,
    options: RenderOptions | None = None,
    on_progress: Callable[[RenderProgress], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> Rendered:
    """Render `komposition` from the files in `media` (by source id) into `outputs`, one path for each of its outputs.

    Parts that `cache` knows are copied from earlier renders, packet by packet; what is made is kept there. The outputs appear
    together, once all of them are whole. `on_progress` is called from this thread; `should_cancel` is asked ten times a second.

    Raises `MissingMedia`, `UnusableMedia`, `RenderCancelled`, `RenderTimeout`, `OutOfSpace` and `RenderFailed`."""
    if len(outputs) != len(komposition.outputs):
        raise ValueError(f"{len(komposition.outputs)} outputs want as many paths, not {len(outputs)}")
    with open_film(komposition, media, ffmpeg or find_ffmpeg()) as film:
        wanted = options or RenderOptions()
        division, stored = fetch_division(film, cache, wanted)
        plan = plan_steps(film, division, cache)
        steps = Steps(plan, on_progress, should_cancel, timeout)
        execution = Execution(film, division, wanted, stored, cache, steps, tuple(outputs))
        execution.run()
        steps.end()
        return Rendered(
            outputs=execution.outputs,
            plan=plan,
            size=sum(path.stat().st_size for path in outputs),
            wall_seconds=steps.elapsed,
            cpu_seconds=sum(run.cpu_seconds for run in execution.runs),
            peak_memory=max((run.peak_memory for run in execution.runs), default=0),
            disk_operations=sum(run.disk_operations for run in execution.runs),
            notes=execution.notes,
        )
