"""Making the sidecars of a film that a plan asks for, all of them or piece by piece, as several machines would."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Literal, get_args

from shared.media.ffmpeg import Ffmpeg
from shared.media.transcoding.plan import TranscodePlan
from shared.media.transcoding.sidecars.sprites import make_sprites
from shared.media.transcoding.sidecars.stills import make_poster, make_thumbnails
from shared.media.transcoding.sidecars.waveform import make_waveform
from shared.media.transcoding.sidecars.work import Sidecar, Work

Wanted = Literal["thumbnails", "poster", "sprites", "waveform"]
SidecarPiece = Literal["stills", "sprites", "waveform"]
"""What is made by itself: the poster is chosen among the thumbnails."""
_PIECES: dict[Wanted, SidecarPiece] = {
    "thumbnails": "stills",
    "poster": "stills",
    "sprites": "sprites",
    "waveform": "waveform",
}


def wanted_sidecars(plan: TranscodePlan) -> tuple[Wanted, ...]:
    """Those asked for; with a ladder all that are not refused. A film without sound has no waveform."""
    usual = plan.package == "cmaf"
    asked = ((name, getattr(plan.request, name)) for name in _PIECES)
    wanted = (name for name, said in asked if (usual if said is None else said))
    return tuple(name for name in wanted if name != "waveform" or plan.sound is not None)


def sidecar_pieces(plan: TranscodePlan) -> tuple[SidecarPiece, ...]:
    """The pieces that what is wanted of `plan` is made in."""
    return tuple(dict.fromkeys(_PIECES[name] for name in wanted_sidecars(plan)))


def make_sidecars(
    plan: TranscodePlan,
    source: Path,
    folder: Path,
    *,
    pieces: Collection[SidecarPiece] = get_args(SidecarPiece),
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> tuple[Sidecar, ...]:
    """Make what the plan asks for of these pieces, into `folder`; no two have the same `kind`. Raises what `run_graph` raises."""
    wanted = [name for name in wanted_sidecars(plan) if _PIECES[name] in pieces]
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
