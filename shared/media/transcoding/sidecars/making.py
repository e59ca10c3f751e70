"""Making the sidecars of a film that a plan asks for."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from shared.media.ffmpeg import Ffmpeg
from shared.media.transcoding.plan import TranscodePlan
from shared.media.transcoding.sidecars.sprites import make_sprites
from shared.media.transcoding.sidecars.stills import make_poster, make_thumbnails
from shared.media.transcoding.sidecars.waveform import make_waveform
from shared.media.transcoding.sidecars.work import Sidecar, Work

Wanted = Literal["thumbnails", "poster", "sprites", "waveform"]
_ALL: tuple[Wanted, ...] = ("thumbnails", "poster", "sprites", "waveform")


def wanted_sidecars(plan: TranscodePlan) -> tuple[Wanted, ...]:
    """Those asked for; with a ladder all that are not refused. A film without sound has no waveform."""
    usual = plan.package == "cmaf"
    asked = ((name, getattr(plan.request, name)) for name in _ALL)
    wanted = (name for name, said in asked if (usual if said is None else said))
    return tuple(name for name in wanted if name != "waveform" or plan.sound is not None)


def make_sidecars(
    plan: TranscodePlan,
    source: Path,
    folder: Path,
    *,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> tuple[Sidecar, ...]:
    """Make what the plan asks for, into `folder`; no two have the same `kind`. Raises what `run_graph` raises."""
    wanted = wanted_sidecars(plan)
    work = Work(plan, source, folder, should_cancel, timeout, ffmpeg)

    def progress(name: Wanted) -> Callable[[float], None] | None:
        done = wanted.index(name)
        return on_progress and (lambda fraction: on_progress((done + fraction) / len(wanted)))

    made: list[Sidecar] = []
    if "thumbnails" in wanted:
        made += make_thumbnails(work, folder)
    if "poster" in wanted:
        made.append(make_poster(work, list(made)))
    if "sprites" in wanted:
        made += make_sprites(work, progress("sprites"))
    if "waveform" in wanted:
        made.append(make_waveform(work, progress("waveform")))
    return tuple(made)
